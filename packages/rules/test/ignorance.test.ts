import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { askRule, type CaseHistory, type RuleTest } from '@backproof/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addNoise, type Change, type Dice, forget, vary } from './ignorance/changes.js'
import { EXCEPTIONS } from './ignorance/exceptions.js'
import { type Asked, answer, askedOf, type Better, type Item, improved } from './ignorance/question.js'

/*
 * Knowing less makes nothing better, over the cases of all rules, and over others that come of them by chance: nothing passes that did
 * not, and no failure becomes something that does not apply.
 */

const folder = join(import.meta.dirname, 'rules')
const tests = await Promise.all(
  readdirSync(folder).map(
    async (name) => ((await import(join(folder, name))) as { readonly default: RuleTest }).default,
  ),
)

const dice: fc.Arbitrary<Dice> = fc.record({
  way: fc.nat(999),
  history: fc.nat(1),
  item: fc.nat(999),
  member: fc.nat(999),
  value: fc.nat(99_999),
})

const isExcepted = ({ rule }: Asked, { what, member }: Change, { was }: Better): boolean =>
  EXCEPTIONS.some(
    (one) =>
      (one.rules === undefined || one.rules.includes(rule.meta.id)) &&
      (one.what === what || one.what === member) &&
      (one.was === undefined || one.was.includes(was)) &&
      (one.option === undefined || rule.options[one.option[0]] === one.option[1]),
  )

/** By these runs are told apart: without them they move to another part of the target. */
const PARTS: readonly (string | undefined)[] = ['plan', 'job', 'kind']

/** What another source makes of bad news, at the same time. */
const flattered = (item: Item): Item => ({
  ...item,
  ...(['failed', 'cancelled', 'partial'].includes(String(item['status'])) && { status: 'success' }),
  ...(['failed', 'cancelled'].includes(String(item['outcome'])) && { outcome: 'succeeded' }),
  ...(['failed', 'timed-out'].includes(String(item['validation'])) && { validation: 'successful' }),
  ...(item['complete'] === false && { complete: true }),
  ...(item['keyUsable'] === false && { keyUsable: true }),
  ...(item['isolated'] === false && { isolated: true }),
  ...(typeof item['usedBytes'] === 'number' && { usedBytes: item['usedBytes'] / 2 }),
})

const itemsOf = (told: CaseHistory | undefined): readonly unknown[] =>
  told === undefined ? [] : 'items' in told ? told.items : told

const checkNoBetter = (
  cases: readonly Asked[],
  change: (question: Asked, by: Dice) => Change | undefined,
  numRuns: number,
): void => {
  fc.assert(
    fc.property(fc.nat(cases.length - 1), fc.array(dice, { maxLength: 3 }), dice, (at, variations, by) => {
      const before = variations.reduce(vary, cases[at]!)
      const changed = change(before, by)
      if (changed === undefined) return
      const better = improved(answer(before), answer(changed.asked), PARTS.includes(changed.member))
      if (better === undefined || isExcepted(before, changed, better)) return
      expect.unreachable(`"${before.name}", with ${changed.what}: ${better.was} became ${better.now}`)
    }),
    { numRuns, seed: 7 },
  )
}

describe('knowing less makes nothing better', () => {
  for (const test of tests) {
    const cases = test.cases.map((one) => askedOf(test, one))
    it(test.rule.meta.id, () => checkNoBetter(cases, forget, 300))
  }
})

describe('items of the future, or about something else, make nothing better', () => {
  for (const test of tests) {
    const cases = test.cases.map((one) => askedOf(test, one)).filter(({ histories }) => histories.length > 0)
    if (cases.length > 0) it(test.rule.meta.id, () => checkNoBetter(cases, addNoise, 100))
  }
})

describe('what is told twice, once as good news, is no better', () => {
  for (const test of tests) {
    const cases = test.cases.filter(({ histories = {} }) => Object.keys(histories).length > 0)
    if (cases.length === 0) continue
    it(test.rule.meta.id, async () => {
      for (const one of cases) {
        const histories = Object.entries(one.histories ?? {}).map(([name, told]) => {
          const { items, ...traits } = 'items' in told ? told : { items: told }
          // A telling of nothing new costs time only.
          const better = (items as readonly Item[])
            .map(flattered)
            .filter((item, i) => !isDeepStrictEqual(item, items[i]))
          return [name, { ...traits, items: [...better, ...items] }] as const
        })
        if (histories.every(([name, { items }]) => items.length === itemsOf(one.histories?.[name]).length)) continue
        const once = await askRule(test.rule, one)
        const twice = await askRule(test.rule, { ...one, histories: Object.fromEntries(histories) })
        expect(twice, one.name).toEqual(once)
      }
    })
  }
})
