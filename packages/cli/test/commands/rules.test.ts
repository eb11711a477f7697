import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { RuleMeta } from '@backproof/core/audit'
import { expect, it } from 'vitest'
import { backproof } from '../support/cli.js'

const folder = join(import.meta.dirname, '../../../rules/src/rules')
const ids = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''))

it('lists every rule, with severity, preset, target and title; and the presets', async () => {
  const [text, json] = await Promise.all([backproof(['rules']), backproof(['rules', '--json'])])
  expect([text.code, text.stderr, json.code, json.stderr]).toEqual([0, '', 0, ''])
  const { rules } = JSON.parse(json.stdout) as { rules: readonly (RuleMeta & { readonly preset: string })[] }
  expect(rules.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
  for (const { id, severity, preset, scope, title } of rules)
    expect(text.stdout.replace(/ +/g, ' ')).toContain(`\n ${id} ${severity} ${preset} ${scope} ${title}\n`)
  const recommended = rules.filter(({ preset }) => preset === 'recommended').length
  expect(text.stdout).toContain(`\naudit --preset recommended: ${recommended} rules. `)
  expect(text.stdout).toMatch(/^ {2}capacity-utilization:failPercent=80 {2}\(seed: /m)
  expect(text.stdout).toMatch(new RegExp(`^${ids.length} rules\\. One in full: backproof rules ID\\n$`, 'm'))
})

it('shows one with its facts, options, messages and clauses, as text and as data', async () => {
  const [text, json] = await Promise.all([
    backproof(['rules', 'job-success-rate']),
    backproof(['rules', 'job-success-rate', '--json']),
  ])
  const meta = JSON.parse(json.stdout) as RuleMeta
  expect(meta.id).toBe('job-success-rate')
  expect(text.stdout).toMatch(/^ {2}job\.runs +runs of backup jobs$/m)
  expect(text.stdout).toMatch(
    /^ {2}minPercent=98 +Lowest share of finished runs that have to succeed\. A number of percent/m,
  )
  expect(text.stdout).toContain('backproof audit POLICY --rule job-success-rate:minPercent=98\n')
  const words = text.stdout.replace(/\s+/g, ' ')
  for (const [name, { status, text: said }] of Object.entries(meta.messages))
    expect(words).toContain(`${status} ${name} ${said}`)
  for (const { framework, clause, strength } of meta.clauses)
    expect(words).toContain(`${framework} ${clause} ${strength}`)
  for (const line of text.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(130)
})

it('lists the rules of a framework, with what it tightens', async () => {
  const [text, json] = await Promise.all([
    backproof(['rules', '--framework', 'pci-dss']),
    backproof(['rules', '--framework', 'pci-dss', '--json']),
  ])
  expect([text.code, text.stderr, json.code, json.stderr]).toEqual([0, '', 0, ''])
  const { rules } = JSON.parse(json.stdout) as { rules: readonly RuleMeta[] }
  for (const { id, clauses } of rules)
    expect(id === 'policy-meets-framework' || clauses.some(({ framework }) => framework === 'pci-dss')).toBe(true)
  expect(rules.length).toBeLessThan(ids.length)
  expect(text.stdout).toMatch(new RegExp(`^${rules.length} rules\\.`, 'm'))
  expect(text.stdout).toMatch(
    /^ {2}access-log-reviewed:maxDays=1 {2}\(pci-dss 10\.4\.1: audit logs of systems with card data, and of critical ones, are reviewed daily\)$/m,
  )
  expect(text.stdout).toContain('A working proposal, which an auditor has to review.')
})

it.each([
  [['rules', 'job-sucess-rate'], /^backproof: there is no rule "job-sucess-rate"\nDid you mean job-success-rate\?/],
  [['rules', 'a', 'b'], /2 were named/],
  [['rules', '--framework', 'pci'], /^backproof: --framework does not know "pci"\n.*Known: nist-800-53, /],
  [['rules', 'job-success-rate', '--framework', 'gdpr'], /^backproof: a rule and a framework were named\n/],
])('refuses %j: 2', async (args, said) => {
  const { code, stdout, stderr } = await backproof(args)
  expect(stderr).toMatch(said)
  expect([code, stdout]).toEqual([2, ''])
})
