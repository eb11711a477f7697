import { describe, expect, it } from 'vitest'
import { isBackupError } from '../../src/errors.js'
import { parsePolicy, policyProblems } from '../../src/policy/index.js'

const HEAD = 'schema: backproof.policy/v1\n'
/** `line:column: message` of each. */
const said = (text: string): string[] =>
  policyProblems(text, { file: 'shop.yaml' }).map(({ line, column, message }) => `${line}:${column}: ${message}`)
const saidOf = (body: string): string[] => said(HEAD + body)

const WAIVER = 'waivers:\n  - {id: w, select: {rule: r}, reason: x, approver: y'
const PEOPLE = 'contacts:\n  - {id: ann, name: Ann, channels: ["mailto:ann@example.org"]}\n'

describe('what is no file', () => {
  it.each([
    ['', '1:1: the file is empty; expected a policy'],
    ['# nothing yet\n', '1:1: the file is empty'],
    ['\uFEFF', '1:1: the file is empty'],
    [`${HEAD}plans:\n\t- id: x\n`, '3:1: this is no YAML: a tab cannot indent; use spaces'],
    [`${HEAD}assets: [1, 2`, 'this is no YAML: Flow sequence'],
    [
      `${HEAD}name: shop: prod\n`,
      '2:7: this is no YAML: Nested mappings are not allowed in compact mappings; put texts that hold ": " in quotes',
    ],
    [`${HEAD}name: !!js/function "x"\n`, 'tags are not read here: take it out'],
    [`${HEAD}name: !secret x\n`, 'tags are not read here'],
    [`${HEAD}name: !!binary aGFsbG8=\n`, '2:16: this is neither text, number'],
    [`${HEAD}---\n${HEAD}`, '2:1: a second document begins here (---)'],
    [`${HEAD}assets: &all [*all]\n`, '2:15: the alias *all lies in what it stands for'],
    [`${HEAD}name: *nobody\n`, '2:7: there is no anchor &nobody before this alias'],
    [`${HEAD}name: a\nowner: b\nname: c\n`, '4:1: "name" stands here twice, first in line 2; keep one of them'],
    [`${HEAD}x-a: {<<: 3}\n`, '2:11: a merge key (<<) takes a map'],
    [`${HEAD}? [a]\n: 1\n`, 'a name has to be a text'],
    [`${HEAD}x-deep: ${'['.repeat(80)}${']'.repeat(80)}\n`, 'more than 50 deep'],
    ['- a list\n', '1:1: the policy is a list; expected the policy, a map'],
    ['just words\n', '1:1: the policy is "just words"; expected the policy, a map'],
  ])('%j: %s', (text, message) => {
    expect(said(text).join('\n')).toContain(message)
  })

  it('is refused when it is very large', () => {
    expect(said(`${HEAD}#${'x'.repeat(50_000_000)}`)).toEqual([expect.stringContaining('1:1: the file has 500000')])
  })

  it('and a bomb of aliases does not go off', () => {
    const levels = Array.from(
      { length: 30 },
      (_, i) => `x-${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`,
    )
    expect(saidOf(`x-0: &l0 [a]\n${levels.join('\n')}\nassets: *l30\n`).join('\n')).toContain(
      'expected an asset, a map',
    )
  })
})

describe('what a policy does not have', () => {
  it.each([
    ['nmae: Shop', '2:1: the policy has no member "nmae"; did you mean "name"?'],
    ['zzzzzzzz: 1', '2:1: the policy has no member "zzzzzzzz"; expected one of $schema, schema, name'],
    ['assets: [{id: a, RPO: 1d, restorelevel: boot}]', '2:18: an asset has no member "RPO"; did you mean "rpo"?'],
    [
      'assets: [{id: a, RPO: 1d, restorelevel: boot}]',
      '2:27: an asset has no member "restorelevel"; did you mean "restoreLevel"?',
    ],
    [
      'assets: [{name: x}]',
      '2:10: an asset needs "id": a text without spaces at its ends, such as shop-database; add it',
    ],
    ['assets: {id: a}', '2:9: assets is a map; expected a list, each an asset'],
    ['assets: [shop]', '2:10: assets[0] is "shop"; expected an asset, a map'],
    [
      'assets: [{id: 7}]',
      '2:15: id is 7; expected a text without spaces at its ends, such as shop-database; put it in quotes',
    ],
    ['assets: [{id: a, name: }]', '2:24: name is empty; expected a text'],
    [
      'assets: [{id: a, criticality: huge}]',
      '2:31: criticality is "huge"; expected one of critical, high, medium, low',
    ],
    ['assets: [{id: a, active: yes}]', '2:26: active is "yes"; expected true or false'],
    ['assets: [{id: a, rpo: 4}]', '2:23: rpo is 4; expected a time span above zero such as 4h'],
    ['assets: [{id: a, rpo: -4h}]', '2:23: rpo is "-4h"; expected a time span above zero'],
    ['assets: [{id: a, rpo: 0h}]', '2:23: rpo is "0h"; expected a time span above zero'],
    ['assets: [{id: a, rto: .inf}]', '2:23: rto is Infinity; expected a time span above zero'],
    ['assets: [{id: a, since: 2026-02-30}]', '2:25: since is "2026-02-30"; expected a date such as 2026-01-31'],
    ['assets: [{id: a, since: 31.01.2026}]', '2:25: since is "31.01.2026"; expected a date'],
    [
      'assets: [{id: a, copies: [/srv/backup]}]',
      '2:27: copies[0] is "/srv/backup"; expected a URI such as s3://bucket/prefix',
    ],
    ['assets: [{id: a, tags: {a: [b]}}]', '2:28: a is a list; expected a text'],
    ['stores: [{id: a, quotaBytes: 10G}]', '2:30: quotaBytes is "10G"; expected a size such as 500GB'],
    ['stores: [{id: a, quotaObjects: .inf}]', '2:32: quotaObjects is Infinity; expected a whole number from 0'],
    ['plans: [{id: p, maxConcurrent: 0}]', '2:32: maxConcurrent is 0; expected a whole number from 1'],
    ['plans: [{id: p, toleranceMinutes: 1.5}]', '2:35: toleranceMinutes is 1.5; expected a whole number'],
    [`${WAIVER}}`, '3:5: a waiver needs "expires"'],
    [`${WAIVER}, expires: soon}`, 'expires is "soon"; expected a date such as 2026-12-31'],
    [`${WAIVER}, expires: 2026-13-01}`, 'expires is "2026-13-01"; expected a date'],
    ['contacts: [{id: a, name: A, channels: []}]', '2:39: channels has too few elements; expected at least 1'],
    ['histories: {jobs: [{path: x}]}', '2:21: a file has no member "path"; expected one of file'],
    ['histories: {recoveryPoints: [{source: x}]}', '2:30: a place with recovery points needs "pattern"'],
    ['rules: {a: {severity: bad}}', '2:23: severity is "bad"; expected one of critical'],
    ['rules: [job-success-rate]', '2:8: rules is a list; expected a map'],
  ])('%s: %s', (body, message) => {
    expect(saidOf(body).join('\n')).toContain(message)
  })

  it('is said of the version of the format', () => {
    expect(said('name: Shop\n')).toEqual(['1:1: the policy needs "schema": backproof.policy/v1; add it'])
    expect(said('schema: backproof.policy/v2\n')).toEqual([
      '1:9: schema is "backproof.policy/v2"; expected backproof.policy/v1',
    ])
  })
})

describe('what contradicts itself', () => {
  const PLAN = 'timezone: UTC\nplans:\n  - id: nightly\n    schedules: ["0 3 * * *"]\n'
  it.each([
    [`${PLAN}assets: [{id: a, plans: [nihgtly]}]`, '6:26: no plan has the id "nihgtly"; did you mean "nightly"?'],
    [`${PLAN}assets: [{id: a, plans: [nightly, nightly]}]`, '6:35: the plan "nightly" stands twice here'],
    ['assets: [{id: a, plans: [x]}]', '2:26: no plan has the id "x"; there is none at all: declare it'],
    ['assets: [{id: a, retention: x}]', '2:29: no retention class has the id "x"'],
    ['assets: [{id: a, escalation: x}]', '2:30: no escalation path has the id "x"'],
    ['assets: [{id: a, copies: [{uri: "s3://b", store: x}]}]', '2:50: no store has the id "x"'],
    ['assets: [{id: a, copies: ["s3://b", "s3://b"]}]', '2:37: this copy stands twice here'],
    [
      'assets: [{id: a, copies: [{uri: "s3://b", primary: true}, {uri: "s3://c", primary: true}]}]',
      'a second copy is primary',
    ],
    [
      'assets: [{id: a}, {id: b}, {id: a}]',
      '2:33: the asset "a" stands twice, first in shop.yaml:2; give one of them another id',
    ],
    ['plans: [{id: p, retention: x}]', '2:28: no retention class has the id "x"'],
    [
      `${PEOPLE}escalation: [{id: e, levels: [{contacts: [anne]}]}]`,
      '4:43: no contact has the id "anne"; did you mean "ann"?',
    ],
    [
      `${PEOPLE}escalation:\n  - {id: a, levels: [{contacts: [ann]}], then: b}\n  - {id: b, levels: [{contacts: [ann]}], then: a}\n`,
      '5:48: escalation goes in a circle: a -> b -> a; take one `then` out',
    ],
    [`${PEOPLE}alerts: [{id: x, on: [failed], to: [bob]}]`, '4:37: no contact has the id "bob"'],
    [
      'alerts: [{id: x, on: [failed], assets: [db, "web-*"], to: ["mailto:a@example.org"]}]',
      '2:41: no asset has the id "db"',
    ],
    [
      'timezone: UTC\nplans: [{id: p, schedules: ["0 0 30 2 *"]}]',
      '3:29: the cron expression "0 0 30 2 *" never starts anything',
    ],
    [
      'timezone: UTC\nplans: [{id: p, schedules: [{rrule: "FREQ=DALY", start: "2026-01-01T00:00"}]}]',
      '3:29: the rule "FREQ=DALY" cannot be read',
    ],
    ['plans: [{id: p, schedules: ["0 3 * * *"]}]', '2:29: there is no time zone; give it one'],
    [
      'timezone: Europe/Berlim\nplans: [{id: p, schedules: ["0 3 * * *"]}]',
      '2:11: the time zone "Europe/Berlim" is not known; expected an IANA name; did you mean Europe/Berlin?',
    ],
    ['timezone: Europe/Berlim', '2:11: the time zone "Europe/Berlim" is not known'],
    ['timezone: "+01:00"\nassets: [{id: a}]', '2:11: the time zone "+01:00" is not known'],
    [
      'plans: [{id: p, schedules: [{cron: "0 3 * * *", timezone: Berlin}]}]',
      '2:29: the time zone "Berlin" is not known',
    ],
    ['timezone: UTC\nplans: [{id: p, window: {from: "25:00", to: "06:00"}}]', '3:25: the time "25:00" is none'],
    [
      'timezone: UTC\nplans: [{id: p, blackouts: [{from: "08:00", to: "18:00", days: []}]}]',
      '3:29: the window has no days and never is',
    ],
    ['retention: [{id: r, minDays: 30, maxDays: 7}]', '2:43: maxDays is 7, less than minDays; expected at least 30'],
    [
      'reviews: [{kind: k, at: 2026-01-31, by: b, from: 2026-01-31, to: 2026-01-30}]',
      'the review ends before it begins',
    ],
    [
      'attestations: [{id: x, subject: s, statement: s, by: b, at: 2026-01-31, expires: 2026-01-30}]',
      'the attestation expires before it is made',
    ],
    [
      'correctiveActions: [{id: x, severity: low, owner: o, opened: 2026-01-31, due: 2026-01-30}]',
      'it is due before it was opened',
    ],
    [`${WAIVER}, approved: 2026-02-01, expires: 2026-01-31}`, 'the waiver expires before it was approved'],
    ['waivers: [{id: w, select: {}, reason: x, approver: y, expires: 2026-01-31}]', 'the select names nothing'],
    ['histories: {capacity: [{path: /srv, store: attic}]}', '2:44: no store has the id "attic"'],
    ['extends: [other.yaml]', '2:10: extends needs files, and this is a text'],
  ])('%s: %s', (body, message) => {
    expect(saidOf(body).join('\n')).toContain(message)
  })
})

describe('the error', () => {
  it('lists all problems in the order of the file, and can be read by programs', () => {
    const text = `${HEAD}nmae: Shop\nassets:\n  - id: db\n    rpo: 4\n    plans: [nightly]\n`
    let error: unknown
    try {
      parsePolicy(text, { file: 'shop.yaml' })
    } catch (thrown) {
      error = thrown
    }
    expect(isBackupError(error) && error.code).toBe('invalid-config')
    expect((error as Error).message.split('\n')).toEqual([
      'The policy has 3 problems.',
      'shop.yaml:2:1: the policy has no member "nmae"; did you mean "name"?',
      expect.stringContaining('shop.yaml:5:10: rpo is 4; expected a time span'),
      'shop.yaml:6:13: no plan has the id "nightly"; there is none at all: declare it',
    ])
    expect(policyProblems(text, { file: 'shop.yaml' }).map(({ pointer }) => pointer)).toEqual([
      '/nmae',
      '/assets/0/rpo',
      '/assets/0/plans/0',
    ])
  })

  it('shows no more than can be read, and no secret', () => {
    const many = `${HEAD}assets:\n${'  - {id: 1}\n'.repeat(80)}`
    expect(() => parsePolicy(many)).toThrow(/has 80 problems[\s\S]*and 30 more/)
    const secret = saidOf('assets: [{id: a, owner: [x], since: "https://u:hunter2@example.org/?sig=abc"}]').join('\n')
    expect(secret).not.toMatch(/hunter2|abc/)
  })
})
