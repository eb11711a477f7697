import { describe, expect, it } from 'vitest'
import { choiceOption, defineRule, durationOption, numberOption, textsOption } from '../../src/audit/index.js'
import { parsePolicy, policyProblems } from '../../src/policy/index.js'

const ruleOf = (id: string) =>
  defineRule({
    id,
    title: 'A rule',
    description: ['It checks something.'],
    rationale: 'It matters.',
    category: 'jobs',
    severity: 'low',
    scope: 'asset',
    since: '0.1.0',
    clauses: [],
    remediation: { action: 'Do it.' },
    messages: { fine: { status: 'pass', text: 'fine' } },
    options: {
      minPercent: numberOption({
        default: 98,
        max: 100,
        unit: 'percent',
        stricter: 'higher',
        source: 'test',
        description: 'x',
      }),
      maxAge: durationOption({ default: 86_400_000, stricter: 'lower', source: 'test', description: 'x' }),
      mode: choiceOption({ default: 'a', choices: ['a', 'b'], source: 'test', description: 'x' }),
      systems: textsOption({ default: [], source: 'test', description: 'x' }),
    },
    evaluate: () => ({ message: 'fine' }),
  })
const rules = [ruleOf('job-success-rate'), ruleOf('job-not-missed')]

const HEAD = 'schema: backproof.policy/v1\nrules:\n'
const said = (body: string): string[] =>
  policyProblems(HEAD + body, { file: 'p.yaml', rules }).map(
    ({ line, column, message }) => `${line}:${column}: ${message}`,
  )

describe('rules of a policy', () => {
  it('are configured, in order, some twice', () => {
    const body = [
      '  job-not-missed:',
      '  strict:',
      '    rule: job-success-rate',
      '    options: { minPercent: 99, maxAge: 36h, mode: b, systems: [veeam] }',
      '    severity: critical',
      '    select: { ids: ["db-*"], attributes: { criticality: [critical, high], active: true } }',
    ].join('\n')
    const loaded = parsePolicy(HEAD + body, { file: 'p.yaml', rules })
    expect(loaded.rules.map(({ rule, name, declared }) => [rule, name, declared.line])).toEqual([
      ['job-not-missed', 'job-not-missed', 3],
      ['job-success-rate', 'strict', 4],
    ])
    const [first, second] = loaded.rules.map(({ configured }) => configured)
    expect(first).toMatchObject({
      name: 'job-not-missed',
      severity: 'low',
      options: { minPercent: 98, maxAge: 86_400_000 },
    })
    expect(second).toMatchObject({
      name: 'strict',
      severity: 'critical',
      options: { minPercent: 99, maxAge: 129_600_000, mode: 'b', systems: ['veeam'] },
      select: { ids: ['db-*'], attributes: { criticality: ['critical', 'high'], active: [true] } },
    })
  })

  it('are what waivers may be about, by id or by name', () => {
    const waiver = (id: string, rule: string): string =>
      `  - {id: ${id}, select: {rule: ${rule}}, reason: r, approver: a, expires: 2026-12-01}\n`
    const waivers = `  strict: {rule: job-success-rate}\nwaivers:\n${waiver('a', 'strict')}${waiver('b', 'job-not-missed')}`
    expect(said(waivers)).toEqual([])
    expect(said(`${waivers}${waiver('c', 'job-sucess-rate')}`)).toEqual([
      '7:28: the rule "job-sucess-rate", which the waiver is about, is not known; did you mean "job-success-rate"?',
    ])
  })

  it.each([
    ['  job-sucess-rate:', '3:3: the rule "job-sucess-rate" is not known; did you mean "job-success-rate"?'],
    [
      '  strict: {rule: job-not-missd}',
      '3:18: the rule "job-not-missd", which "strict" uses, is not known; did you mean "job-not-missed"?',
    ],
    [
      '  zzzzzzzzzzzz:',
      'is not known; take one that `backproof rules` lists, or say under `rule` which one has this name',
    ],
    [
      '  job-not-missed: {options: {minPercnt: 1}}',
      '3:30: the rule job-not-missed has no option "minPercnt"; did you mean "minPercent"?',
    ],
    [
      '  job-not-missed: {options: {constructor: 1}}',
      'has no option "constructor"; it has minPercent, maxAge, mode, systems',
    ],
    [
      '  job-not-missed: {options: {minPercent: 101}}',
      '3:42: minPercent is 101; expected a whole number of percent from 0 to 100',
    ],
    ['  job-not-missed: {options: {minPercent: "99"}}', '3:42: minPercent is "99"; expected a whole number of percent'],
    ['  job-not-missed: {options: {maxAge: soon}}', '3:38: maxAge is "soon"; expected a time span such as 36h'],
    ['  job-not-missed: {options: {mode: [a]}}', '3:36: mode is a list; expected one of a, b'],
    ['  Not Kebab: {rule: job-not-missed}', '3:3: job-not-missed: `as` is "Not Kebab"; it must be kebab-case'],
    ['  job-not-missed: {option: {}}', '3:20: the use of a rule has no member "option"; did you mean "options"?'],
  ])('%s: %s', (body, message) => {
    expect(said(body).join('\n')).toContain(message)
  })

  it('are not looked at where nobody says which there are', () => {
    const { rules: uses } = parsePolicy(`${HEAD}  acme/tape: {options: {x: 1}}\n`)
    expect(uses).toEqual([
      { rule: 'acme/tape', name: 'acme/tape', options: { x: 1 }, config: {}, declared: { file: 'policy', line: 3 } },
    ])
  })
})
