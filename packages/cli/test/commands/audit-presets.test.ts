import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AuditReport, ClauseView } from '@backproof/core/audit'
import { all, type Preset, recommended } from '@backproof/rules/presets'
import { expect, it } from 'vitest'
import { backproof, runProcess } from '../support/cli.js'
import { temporaryDirectory, writeTree } from '../support/tree.js'

const MODULES = fileURLToPath(new URL('../../../../node_modules', import.meta.url))
const AT = ['--at', '2026-11-22T12:00Z']
const utf8 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8')

/** Names one rule, and vouches for one clause of PCI DSS that no rule here speaks to. */
const project = (): string =>
  writeTree(temporaryDirectory(), {
    'policy.yaml': `schema: backproof.policy/v1
assets:
  - id: shop
    rpo: 1d
    dataClasses: [card]
reviews:
  - { kind: access-log, at: 2026-11-16, by: ciso@example.org }
attestations:
  - id: keys
    subject: keys of backups
    statement: they are protected against disclosure
    by: auditor@example.org
    at: 2026-01-01
    expires: 2026-12-31
    evidence: report-2026-17.pdf
    clauses: [pci-dss 3.6.1]
rules:
  job-success-rate:
`,
  })

type Document = AuditReport & { readonly clauses?: readonly ClauseView[] }
const rulesOf = ({ result }: Document): readonly string[] => result.rules.map(({ rule }) => rule)

it('a preset asks its rules instead of those of the policy, and --rule alone beats both', async () => {
  const cwd = project()
  const json = async (...args: readonly string[]): Promise<Document> => {
    const { stdout, stderr } = await backproof(['audit', 'policy.yaml', ...AT, '--json', ...args], { cwd })
    expect(stderr).toBe('')
    return JSON.parse(stdout) as Document
  }
  const [policy, preset, rule, both] = await Promise.all([
    json(),
    json('--preset', 'strict'),
    json('--preset', 'strict', '--framework', 'gdpr', '--rule', 'job-not-missed'),
    json('--preset', 'recommended', '--framework', 'pci-dss', '--framework', 'cis-v8.1'),
  ])
  expect(rulesOf(policy)).toEqual(['job-success-rate'])
  expect(policy.clauses).toBeUndefined()
  expect(rulesOf(preset)).toEqual(expect.arrayContaining(['job-no-production-impact', 'job-success-rate']))
  expect(preset.result.rules.find(({ id }) => id === 'capacity-utilization')?.options['failPercent']).toBe(80)
  expect(rulesOf(rule)).toEqual(['job-not-missed'])
  expect(rule.clauses?.map(({ framework }) => framework.id)).toEqual(['gdpr'])
  expect(both.clauses?.map(({ framework }) => framework.id)).toEqual(['cis-v8.1', 'pci-dss'])
  expect(both.result.rules.find(({ id }) => id === 'access-log-reviewed')?.options['maxDays']).toBe(1)
  const attested = both.clauses?.[1]?.clauses.find(({ clause }) => clause === '3.6.1')
  expect(attested).toMatchObject({ status: 'attested', reason: 'attested by auditor@example.org until 2026-12-31' })
})

it('the report goes clause by clause, and says that it is a proposal; --code prints the same', async () => {
  const cwd = project()
  const args = ['audit', 'policy.yaml', ...AT, '--framework', 'pci-dss']
  const [text, code] = await Promise.all([backproof(args, { cwd }), backproof([...args, '--code'], { cwd })])
  const shown = utf8(text.stdout)
  expect(shown).toMatch(
    /\nPCI DSS, .* \(4\.0\.1\)\nWhich rule speaks to which clause is a working proposal, which an auditor/,
  )
  expect(shown).toMatch(/\n\d+ automated · 1 attested · 0 accepted risk · \d+ gap, of \d+ clauses\n/)
  expect(shown).toMatch(/\nattested {7}3\.6\.1 +keys .*: attested by auditor@example\.org until 2026-12-31\n/)
  expect(shown).toMatch(/\ngap {12}12\.8\.4 +compliance of service providers is monitored: /)
  expect(shown).toMatch(
    /accessLogReview\n +the last review of access logs is 5\.6 days old; pci-dss 10\.4\.1 asks for at most 1 day\n/,
  )
  const program = code.stdout
  expect(program).toContain(`rules: frameworkPreset('pci-dss').rules,`)
  symlinkSync(MODULES, join(cwd, 'node_modules'))
  writeFileSync(join(cwd, 'program.mjs'), program)
  const ran = await runProcess(process.execPath, [join(cwd, 'program.mjs')])
  expect([ran.stderr, ran.code]).toEqual(['', text.code])
  expect(ran.stdout).toContain('\npci-dss 3.6.1 attested attested by auditor@example.org until 2026-12-31\n')
  expect(ran.stdout.trimEnd().split('\n').at(-1)).toBe(text.stdout.trimEnd().split('\n').at(-1))
})

it('where nobody names rules, asks those of recommended and says so; all on request', async () => {
  const cwd = project()
  const path = join(cwd, 'policy.yaml')
  writeFileSync(path, readFileSync(path, 'utf8').replace('rules:\n  job-success-rate:\n', ''))
  const args = ['audit', 'policy.yaml', ...AT]
  const [text, data, every, quiet, code, named] = await Promise.all([
    backproof(args, { cwd }),
    backproof([...args, '--json'], { cwd }),
    backproof([...args, '--json', '--preset', 'all'], { cwd }),
    backproof([...args, '--quiet'], { cwd }),
    backproof([...args, '--code'], { cwd }),
    backproof([...args, '--framework', 'gdpr'], { cwd }),
  ])
  const ids = ({ rules }: Pick<Preset, 'rules'>): readonly string[] => rules.map(({ meta }) => meta.id)
  expect(rulesOf(JSON.parse(data.stdout) as Document)).toEqual(ids(recommended()))
  expect(rulesOf(JSON.parse(every.stdout) as Document)).toEqual(ids(all()))
  const note =
    /\n\nNobody named rules, so those of the preset recommended were asked\. .*--rule ID.*\n\nNOT proven: .*\n$/
  expect(text.stdout).toMatch(note)
  expect(quiet.stderr).toMatch(/^backproof: NOT proven: .*\n$/)
  expect(code.stdout).toContain('  rules: recommended().rules,\n')
  expect(named.stdout).toMatch(/^NOT proven: .*\n$/m)
  expect(named.stdout).not.toContain('Nobody named rules')
})

it('refuses names that nobody knows: 2', async () => {
  const { code, stdout, stderr } = await backproof(['audit', 'policy.yaml', '--preset', 'stric'], { cwd: project() })
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^backproof: --preset does not know "stric"\nDid you mean strict\?/)
})
