import * as rules from '@backproof/rules'
import { FRAMEWORK_PRESETS, frameworkPreset } from '@backproof/rules/frameworks'
import { all, combinePresets, membershipOf, PRESETS, type Preset, recommended, strict } from '@backproof/rules/presets'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MEMBERSHIP } from '../../src/presets/membership.js'

const ids = Object.values(rules)
  .map(({ meta }) => meta.id)
  .sort()
const idsOf = ({ rules: chosen }: Preset): readonly string[] => chosen.map(({ meta }) => meta.id)
const of = (...kinds: readonly string[]): readonly string[] =>
  ids.filter((id) => kinds.includes(membershipOf(id) ?? 'nowhere'))

describe('where rules belong', () => {
  it('is said of every rule, and of nothing else', () => {
    expect(Object.keys(MEMBERSHIP).sort()).toEqual(ids)
  })

  it('is not said of what somebody else wrote, whatever it is called', () => {
    expect([membershipOf('acme/tape-rotation'), membershipOf('toString')]).toEqual([undefined, undefined])
  })
})

describe('presets', () => {
  it('have the rules that belong to them, in order', () => {
    expect(idsOf(recommended())).toEqual(of('recommended'))
    expect(idsOf(strict())).toEqual(of('recommended', 'strict'))
    expect(idsOf(all())).toEqual(ids)
    expect(ids.length).toBeGreaterThan(idsOf(strict()).length)
    expect(idsOf(strict()).length).toBeGreaterThan(idsOf(recommended()).length)
  })

  it('are found by their ids', () => {
    for (const [id, make] of Object.entries(PRESETS)) expect(make().id).toBe(id)
  })

  it('recommended and all keep the defaults; strict has its numbers, each stricter, with a source', () => {
    expect([...recommended().numbers, ...all().numbers]).toEqual([])
    for (const { meta, options } of [...recommended().rules, ...all().rules])
      for (const [name, descriptor] of Object.entries(meta.options)) expect(options[name]).toEqual(descriptor.default)
    const { rules: chosen, numbers } = strict()
    expect(numbers.map(({ rule }) => rule)).toEqual(['audit-cadence', 'capacity-utilization'])
    for (const { rule, option, value, source } of numbers) {
      const found = chosen.find(({ meta }) => meta.id === rule)
      expect(found?.options[option]).toBe(value)
      expect(isStricter(rule, option, value)).toBe(true)
      expect(source).toMatch(/^seed: /)
    }
  })
})

const isStricter = (rule: string, option: string, value: number): boolean => {
  const descriptor = Object.values(rules).find(({ meta }) => meta.id === rule)?.meta.options
  const found = (descriptor as Record<string, unknown> | undefined)?.[option] as {
    readonly default: number
    readonly stricter: 'higher' | 'lower'
  }
  return found.stricter === 'lower' ? value < found.default : value > found.default
}

const MAKERS = [...Object.values(PRESETS), ...Object.values(FRAMEWORK_PRESETS)]
const some = fc.array(fc.nat(MAKERS.length - 1), { minLength: 1, maxLength: 4 })
const made = (all: readonly number[]): readonly Preset[] => all.map((i) => MAKERS[i]!())
/** All that an audit makes of a preset. */
const plain = ({ id, rules: chosen, numbers }: Preset): unknown => ({
  id: id.split('+').sort(),
  rules: chosen.map(({ name, severity, options }) => ({ name, severity, options })),
  numbers,
})

describe('several presets at once', () => {
  it('are the rules of all, each as strict as the strictest', () => {
    const both = combinePresets([strict(), frameworkPreset('cis-v8.1'), frameworkPreset('pci-dss')])
    expect(both.id).toBe('cis-v8.1+pci-dss+strict')
    expect(idsOf(both)).toEqual(
      [
        ...new Set([...idsOf(strict()), ...idsOf(frameworkPreset('cis-v8.1')), ...idsOf(frameworkPreset('pci-dss'))]),
      ].sort(),
    )
    const option = (rule: string, name: string): unknown =>
      both.rules.find(({ meta }) => meta.id === rule)?.options[name]
    expect(option('access-log-reviewed', 'maxDays')).toBe(1)
    expect(option('capacity-utilization', 'failPercent')).toBe(80)
    expect(option('policy-meets-framework', 'frameworks')).toEqual(['cis-v8.1', 'pci-dss'])
    expect(both.numbers.map(({ rule, value }) => `${rule} ${value}`)).toEqual([
      'access-log-reviewed 1',
      'audit-cadence 31',
      'capacity-utilization 80',
    ])
  })

  it('the order does not matter, nor who is combined first, nor one twice; nothing is lost or laxer', () => {
    fc.assert(
      fc.property(some, some, (one, other) => {
        const [left, right] = [made(one), made(other)]
        const all = combinePresets([...left, ...right])
        expect(plain(combinePresets([...right, ...left]))).toEqual(plain(all))
        expect(plain(combinePresets([combinePresets(left), combinePresets(right)]))).toMatchObject({
          rules: (plain(all) as { rules: unknown }).rules,
          numbers: all.numbers,
        })
        expect((plain(combinePresets([...left, ...left])) as { rules: unknown }).rules).toEqual(
          (plain(combinePresets(left)) as { rules: unknown }).rules,
        )
        for (const preset of [...left, ...right]) {
          expect(idsOf(all)).toEqual(expect.arrayContaining(idsOf(preset) as string[]))
          for (const { rule, option, value } of preset.numbers) {
            const now = all.rules.find(({ meta }) => meta.id === rule)?.options[option] as number
            expect(now === value || isStricter(rule, option, now)).toBe(true)
          }
        }
      }),
      { numRuns: 25 },
    )
  })
})
