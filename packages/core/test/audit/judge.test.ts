import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collected, type Fact, judge } from '../../src/audit/index.js'
import { asset, count, counting, doing, enough, known, NOW, run, steady, tick, ticking, ticks } from './engine/parts.js'

const now = new Date(NOW)

describe('judge', () => {
  it('says what an audit says', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Fact<number> | undefined>(
          known(1),
          known(9),
          known(1, { partial: true }),
          known(9, { partial: true }),
          { state: 'absent', source: 'a test', observedAt: NOW },
          { state: 'unknown', reason: 'denied', missingPermission: 'count:Get' },
          undefined,
        ),
        fc.array(fc.record({ at: fc.nat(9), ok: fc.boolean(), mine: fc.boolean() }), { maxLength: 12 }),
        fc.boolean(),
        async (fact, told, partial) => {
          const items = told.map(({ at, ok, mine }, i) => tick(mine ? 'a' : 'b', at, ok, `t${i}`))
          const options = { target: asset('a'), facts: fact === undefined ? [] : [collected(count, fact)], now }
          const histories = [{ history: ticks, items, partial }]
          const judged = [...judge(enough(), options), ...judge(steady(), { ...options, histories })]
          const { rows } = await run([enough(), steady()], [counting(() => fact), ticking([items], { partial })], {
            targets: [asset('a')],
          })
          expect(judged).toEqual(rows.map(({ facts: _, fingerprint: __, ...row }) => row))
        },
      ),
      { numRuns: 80 },
    ))

  it('is unknown without the history, and asks about the kind of the rule where no target is given', () => {
    expect(judge(steady(), { now })).toMatchObject([
      { rule: 'steady', target: { kind: 'asset', id: 'asset' }, status: 'unknown', message: 'fact-unknown' },
    ])
  })

  it('throws what a rule throws, and where it gives no verdict', () => {
    expect(() =>
      judge(
        doing(() => {
          throw new Error('broken')
        }),
      ),
    ).toThrow('broken')
    expect(() => judge(doing(() => []))).toThrow('The rule doing gave no verdict.')
    expect(() => judge(doing(() => undefined))).toThrow('The rule doing gave a verdict without one of its messages.')
    expect(() => judge(doing(() => ({ message: 'toString' })))).toThrow('without one of its messages')
  })

  it.each<[string, unknown]>([
    ['time', { asset: 'a', id: 't2', ok: false }],
    ['a time that is a number', { asset: 'a', at: '2026-11-01', id: 't2', ok: false }],
    ['target', { at: 1, id: 't2', ok: false }],
    ['id', { asset: 'a', at: 1, ok: false }],
    ['anything', null],
  ])('refuses an item without %s, as an audit does, and does not pass from the others', (_, item) => {
    const items = [tick('a', 1, true, 't1'), item]
    expect(() => judge(steady(), { target: asset('a'), histories: [{ history: ticks, items }], now })).toThrow(
      'An item of test.ticks has no target, time or id.',
    )
  })
})
