import {
  type AuditOptions,
  type AuditTarget,
  audit,
  defineRule,
  factToken,
  givenFacts,
  type Severity,
} from '@backproof/core/audit'
import { expect, it } from 'vitest'
import { auditText } from '../../src/terminal/audit-text.js'
import { keepRows } from '../../src/terminal/shown-rows.js'

const lock = factToken<string>('store.lock', { description: 'its lock' })
const NOW = new Date('2026-11-22T20:00:00Z')

/** A rule that fails of every asset, with four pieces of evidence. */
const failing = (id: string, severity: Severity) =>
  defineRule({
    id,
    title: 'Fails',
    description: ['It fails.'],
    rationale: 'To be seen.',
    category: 'jobs',
    severity,
    scope: 'asset',
    since: '1.0.0',
    clauses: [],
    remediation: { action: `Repair ${id}` },
    messages: { bad: { status: 'fail', text: '{name} is bad' } },
    evaluate: ({ target }) => ({
      message: 'bad',
      data: { name: target.id },
      evidence: [1, 2, 3, 4].map((run) => ({ kind: 'job-run', id: `r${run}`, data: { status: 'failed' } })),
    }),
  })()

const locked = defineRule({
  ...failing('locked', 'low').meta,
  facts: [],
  id: 'locked',
  messages: { good: { status: 'pass', text: 'locked' }, some: { status: 'review', text: 'somebody looks' } },
  needs: { lock },
  evaluate: () => [{ message: 'good' }, { message: 'some' }],
} as never)()

const asset = (id: string): AuditTarget => ({ kind: 'asset', id, declaredAt: { file: 'p.yaml', line: 3 } })

const reportOf = async (options: Partial<AuditOptions>, shown = 50): Promise<string> => {
  const run = audit({ rules: [], targets: [asset('shop')], now: () => NOW, ...options })
  const keeper = keepRows(shown)
  for await (const findings of run) keeper.add(findings)
  return auditText(await run.report(), keeper.shown(), { more: 'look there' }).replace(/^Took .*\n/m, '')
}

it('sentences of the host stand above the last, on a line each', async () => {
  const run = audit({ rules: [failing('a-rule', 'low')], targets: [asset('shop')], now: () => NOW })
  const keeper = keepRows(1)
  for await (const findings of run) keeper.add(findings)
  const shown = auditText(await run.report(), keeper.shown(), { notes: ['ask\u001b[2J less', 'or more'] })
  expect(shown).toMatch(/\nTook .*\n\nask\\x1b\[2J less\nor more\n\nNOT proven: .*\n$/)
})

const waiver = { id: 'w7', reason: 'known', approver: 'cto', ticket: 'T-1', expires: '2026-12-01' } as const

it('shows what fails, the most severe first; what nobody could read; waived rows; and one sentence last', async () => {
  const rules = [failing('a-mild-rule', 'low'), failing('b-hard-rule', 'critical'), failing('c-rule', 'high'), locked]
  const waivers = [{ ...waiver, select: { rule: 'c-rule' } }]
  expect(await reportOf({ rules, waivers })).toBe(`fail     critical  b-hard-rule  asset shop (p.yaml:3)
         shop is bad
         job-run r1  status=failed
         job-run r2  status=failed
         job-run r3  status=failed
         … and 1 more
         do: Repair b-hard-rule
fail     low       a-mild-rule  asset shop (p.yaml:3)
         shop is bad
         job-run r1  status=failed
         job-run r2  status=failed
         job-run r3  status=failed
         … and 1 more
         do: Repair a-mild-rule

unknown  no collector gives store.lock
         1 finding of locked
         do: no source of a policy gives this fact: leave the rules out, or call the audit from a program with a collector

waived   high      c-rule  asset shop (p.yaml:3)
         shop is bad
         job-run r1  status=failed
         job-run r2  status=failed
         job-run r3  status=failed
         … and 1 more
         accepted until 2026-12-01T23:59:59.999Z by cto: known (waiver w7, T-1)
         do: Repair c-rule

3 fail (1 waived) · 1 unknown · 0 pass
4 rules asked about 1 asset and the estate, as of 2026-11-22T20:00:00.000Z

NOT proven: 2 of 4 checks fail (1 critical, 1 low); 1 fails and is waived; 1 cannot be decided (no collector gives store.lock); score 0 %.
`)
})

it('keeps the most severe of many, and says how many there are', async () => {
  const targets = Array.from({ length: 5 }, (_, i) => asset(`asset-${i}`))
  const shown = await reportOf({ rules: [failing('a-rule', 'low'), failing('b-rule', 'critical')], targets }, 6)
  expect(shown.match(/^fail +critical/gm)).toHaveLength(5)
  expect(shown.match(/^fail +low/gm)).toHaveLength(1)
  expect(shown).toContain('… and 4 more failing: look there')
  expect(shown.match(/do: Repair b-rule/g)).toHaveLength(1)
})

it('rows of a rule stand together; what several targets share is said once, under a line for each', async () => {
  const shared = defineRule({
    ...failing('shared', 'low').meta,
    messages: { bad: { status: 'fail', text: 'no {what}' } },
    evaluate: ({ target: { id } }: { readonly target: { readonly id: string } }) => ({
      message: 'bad',
      data: { what: id === 'mail' ? 'door' : 'lock' },
      evidence: [1, 2].map((n) => ({ kind: 'part', id: `${id === 'crm' || id === 'shop' ? 'gate' : id}-${n}` })),
    }),
  } as never)()
  const targets = ['attic', 'crm', 'mail', 'shop'].map(asset)
  const waivers = [{ ...waiver, select: { rule: 'shared', target: 'wiki' } }]
  expect(
    await reportOf({ rules: [failing('other', 'low'), shared], targets: [...targets, asset('wiki')], waivers }),
  ).toContain(`
         do: Repair other
fail     low       shared  asset attic (p.yaml:3)
         no lock
         part attic-1
         part attic-2
fail     low       shared  asset crm (p.yaml:3)
fail     low       shared  asset shop (p.yaml:3)
         no lock
         part gate-1
         part gate-2
fail     low       shared  asset mail (p.yaml:3)
         no door
         part mail-1
         part mail-2
         do: Repair shared

waived   low       shared  asset wiki (p.yaml:3)
         no lock
         part wiki-1
         part wiki-2
         accepted until 2026-12-01T23:59:59.999Z by cto: known (waiver w7, T-1)
         do: Repair shared

`)
})

it('shows the most severe of what cannot be decided first, and says how much more there is', async () => {
  const undecided = (id: string, severity: Severity) =>
    defineRule({
      ...failing(id, severity).meta,
      messages: { open: { status: 'unknown', text: 'nobody knows' } },
      evaluate: () => ({ message: 'open' }),
    } as never)()
  const targets = Array.from({ length: 5 }, (_, i) => asset(`asset-${i}`))
  const shown = await reportOf({ rules: [undecided('a-rule', 'low'), undecided('b-rule', 'high')], targets }, 6)
  expect(shown.match(/^unknown .*/gm)).toEqual([
    ...targets.map(({ id }) => `unknown  high      b-rule  asset ${id} (p.yaml:3)`),
    'unknown  low       a-rule  asset asset-0 (p.yaml:3)',
  ])
  expect(shown).toContain('\n… and 4 more that cannot be decided: look there\n')
})

it('says why no rule has anything to say, where none has', async () => {
  const text = 'there is no target of the kind asset to ask about'
  expect(await reportOf({ rules: [failing('a-rule', 'low')], targets: [] })).toContain(
    `not-applicable  low       a-rule  estate\n         ${text}\n\n0 pass · 1 not-applicable\n`,
  )
  const unasked = { ...failing('b-rule', 'low'), select: { ids: ['nobody'] } }
  const some = await reportOf({ rules: [failing('a-rule', 'low'), unasked] })
  expect(some).toContain('1 not-applicable')
  expect(some).not.toContain('is selected')
})

it('names evidence that is called by its time once', async () => {
  const at = '2026-11-20T01:00:00.000Z'
  const late = defineRule({
    ...failing('late', 'low').meta,
    messages: { late: { status: 'fail', text: 'late' } },
    evaluate: () => ({ message: 'late', evidence: [{ kind: 'expected-start', id: at, at }] }),
  } as never)()
  expect(await reportOf({ rules: [late] })).toContain(`\n         expected-start ${at}\n`)
})

it('says which permission is missing, and what came back', async () => {
  const fact = { state: 'unknown', reason: 'denied', detail: 'HTTP 403', missingPermission: 'x:GetLock' } as const
  const collectors = [givenFacts([{ target: asset('shop'), token: lock, fact }])]
  expect(
    await reportOf({ rules: [locked], collectors }),
  ).toContain(`unknown  store.lock may not be read (x:GetLock is missing)
         1 finding of locked
         HTTP 403
         do: grant x:GetLock
`)
})

it('shows a row that a person has to judge', async () => {
  const fact = { state: 'known', value: 'x', source: 'test', observedAt: NOW.getTime() } as const
  const shown = await reportOf({
    rules: [locked],
    collectors: [givenFacts([{ target: asset('shop'), token: lock, fact }])],
  })
  expect(shown).toMatch(/^review +low +locked {2}asset shop \(p\.yaml:3\)\n +somebody looks\n/)
  expect(shown).toContain('1 of 2 checks needs the judgement of a person')
})

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800]/

it('escapes hostile names wherever they come from', async () => {
  const hostile = 'x\u001b[31m\u202e\u200b\u2028\ufeff\r\n\u009b\ud800'
  const shown = await reportOf({
    rules: [failing('a-rule', 'low'), failing('b-rule', 'low'), locked],
    targets: [{ ...asset(hostile), declaredAt: { file: hostile, line: 1 } }, asset(`c:\\${hostile}`)],
    waivers: [{ ...waiver, reason: hostile, approver: hostile, select: { rule: 'b-rule' } }],
  })
  expect(shown).toContain('asset x\\x1b[31m\\u202e')
  expect(shown).not.toMatch(RAW)
  expect(shown.split('\n').filter((line) => !/^(?:fail|waived|unknown| {9}|\d|NOT|…|$)/.test(line))).toEqual([])
})
