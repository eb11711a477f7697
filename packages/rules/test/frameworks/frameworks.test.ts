import { FRAMEWORKS, type RuleFactory } from '@backproof/core/audit'
import * as rules from '@backproof/rules'
import {
  FRAMEWORK_DEMANDS,
  FRAMEWORK_PRESETS,
  frameworkNumbers,
  frameworkPreset,
  QUANTITIES,
  tightenings,
} from '@backproof/rules/frameworks'
import { describe, expect, it } from 'vitest'

const catalogue = Object.values(rules) as unknown as readonly RuleFactory[]
const ids = FRAMEWORKS.map(({ id }) => id)

describe('numbers of frameworks', () => {
  it('are there, or are said to be left open, for every framework', () => {
    expect(FRAMEWORK_DEMANDS.map(({ framework }) => framework)).toEqual(ids)
    for (const { leaves } of FRAMEWORK_DEMANDS) expect(leaves).toMatch(/^[A-Z].{20,}\.$/)
  })

  it('name clauses that are known, and say what these ask for', () => {
    for (const { framework, clause, source } of frameworkNumbers) {
      expect(FRAMEWORKS.find(({ id }) => id === framework)?.clauses[clause], `${framework} ${clause}`).toBeDefined()
      expect(source).toMatch(/^[a-z].{10,}[^.]$/)
    }
  })

  it('are those of the texts', () => {
    const told = frameworkNumbers.flatMap(({ framework, clause, quantity, days, dataClasses = [] }) =>
      days === undefined ? [] : [[`${framework} ${clause}`, quantity, days, ...dataClasses].join(' ')],
    )
    expect(told).toEqual([
      'cis-v8.1 11.2 rpo 7',
      'cis-v8.1 11.5 restoreEvery 92',
      'cis-v8.1 11.1 policyReview 366',
      'cis-v8.1 6.8 accessReview 366',
      'cis-v8.1 8.11 accessLogReview 7',
      'cis-v8.1 8.10 minRetention 90 audit-log',
      'hipaa 316(b)(2)(i) minRetention 2192 documentation',
      'pci-dss 10.4.1 accessLogReview 1',
      'pci-dss 7.2.4 accessReview 184',
      'pci-dss 12.10.2 restoreEvery 366',
      'pci-dss 10.5.1 minRetention 365 audit-log',
      'dora 11(6) restoreEvery 366',
    ])
  })

  it('are the options of rules that are there', () => {
    for (const { option } of Object.values(QUANTITIES)) {
      if (option === undefined) continue
      const descriptor = catalogue.find(({ meta }) => meta.id === option.rule)?.meta.options[option.name]
      expect(descriptor, `${option.rule} ${option.name}`).toMatchObject({ stricter: 'lower' })
      if (descriptor?.kind === 'number') expect(descriptor.unit).toBe('days')
    }
  })
})

describe.each(ids)('the preset %s', (id) => {
  const preset = frameworkPreset(id)
  const chosen = new Map(preset.rules.map((rule) => [rule.meta.id, rule]))
  const hasNumbers = frameworkNumbers.some(({ framework }) => framework === id)

  it('has the rules that speak to its clauses, and the one that judges the policy where it has numbers', () => {
    const speaking = catalogue
      .filter(({ meta }) => meta.clauses.some(({ framework }) => framework === id))
      .map(({ meta }) => meta.id)
    expect(speaking.length).toBeGreaterThan(0)
    expect([...chosen.keys()]).toEqual([...speaking, ...(hasNumbers ? ['policy-meets-framework'] : [])].sort())
    if (hasNumbers) expect(chosen.get('policy-meets-framework')?.options).toEqual({ frameworks: [id] })
  })

  it('says that it is a proposal', () => {
    expect(preset.id).toBe(id)
    expect(preset.description).toMatch(/A working proposal, which an auditor has to review\.$/)
  })

  it('makes rules stricter and never laxer, and nothing else', () => {
    const set = new Map(preset.numbers.map((one) => [`${one.rule} ${one.option}`, one]))
    for (const { meta, options, severity, name } of chosen.values()) {
      expect([name, severity]).toEqual([meta.id, meta.severity])
      for (const [option, descriptor] of Object.entries(meta.options)) {
        if (meta.id === 'policy-meets-framework') continue
        const number = set.get(`${meta.id} ${option}`)
        if (number === undefined) expect(options[option]).toEqual(descriptor.default)
        else {
          if (descriptor.kind !== 'number' && descriptor.kind !== 'duration') throw new Error(`${option} is no number`)
          const own = descriptor.default ?? Number.NaN
          expect(options[option]).toBe(number.value)
          expect(descriptor.stricter === 'lower' ? number.value < own : number.value > own).toBe(true)
          expect(number.source).toMatch(new RegExp(`^${id.replaceAll('.', '\\.')} \\S+: `))
        }
      }
    }
    expect([...set.values()].every(({ rule }) => chosen.has(rule))).toBe(true)
  })
})

describe('numbers of a preset', () => {
  it('are set where they are stricter, and otherwise it is said why not', () => {
    const told = ids.flatMap((id) =>
      tightenings(id, catalogue).map(
        ({ clause, rule, option, value, why }) => `${id} ${clause} ${rule}.${option} ${value}: ${why ?? 'set'}`,
      ),
    )
    const weaker = 'the rule itself is at least as strict'
    const ofPolicy =
      'the policy gives this number, asset by asset; `policy-meets-framework` holds it against the framework'
    expect(told).toEqual([
      `cis-v8.1 11.2 plan-min-frequency.maxInterval 604800000: ${weaker}`,
      `cis-v8.1 11.5 restore-test-recent.maxDays 92: ${ofPolicy}`,
      `cis-v8.1 11.1 backup-policy-documented.reviewMaxDays 366: ${weaker}`,
      `cis-v8.1 6.8 access-review-current.maxDays 366: ${weaker}`,
      'cis-v8.1 8.11 access-log-reviewed.maxDays 7: set',
      'pci-dss 10.4.1 access-log-reviewed.maxDays 1: set',
      `pci-dss 7.2.4 access-review-current.maxDays 184: ${weaker}`,
      `pci-dss 12.10.2 restore-test-recent.maxDays 366: ${ofPolicy}`,
      `dora 11(6) restore-test-recent.maxDays 366: ${ofPolicy}`,
    ])
  })

  it('none is made up for what is not there', () => {
    expect(Object.keys(FRAMEWORK_PRESETS)).toEqual(ids)
    for (const id of ['pci', 'toString', ''])
      expect(() => frameworkPreset(id)).toThrow(/There is no preset of a framework .*Known: nist-800-53, /)
  })
})
