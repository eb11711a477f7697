import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parsePolicy, policyProblems, policySchema } from '../../src/policy/index.js'
import { repository } from '../import-graph.js'
import { compiled, type Json, problems } from '../report/schema-check.js'
import { membersOf } from './page.js'
import { manifestOf, policies } from './policies.js'

const SCHEMA = join(repository, 'docs/schema/policy-v1.schema.json')
const PAGE = join(repository, 'docs/policy-format.md')
const write = process.env['WRITE_DOCS'] !== undefined

const schema = JSON.parse(JSON.stringify(policySchema())) as Json
const validate = compiled(schema)
const page = readFileSync(PAGE, 'utf8')
const example = /```yaml\n([\s\S]*?)```/.exec(page)![1]!

describe('the published JSON Schema', () => {
  it('is that of the loader (WRITE_DOCS=1 writes it)', () => {
    if (write) writeFileSync(SCHEMA, `${JSON.stringify(schema, null, 2)}\n`)
    expect(JSON.parse(readFileSync(SCHEMA, 'utf8'))).toEqual(schema)
  })

  it('takes what the loader takes', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        expect(problems(validate, manifestOf(policy))).toEqual([])
      }),
      { numRuns: 30 },
    )
    expect(problems(validate, parse(example, { merge: true }))).toEqual([])
  })

  it.each([
    'nmae: x',
    'assets: [{id: a, restorelevel: boot}]',
    'assets: [{name: x}]',
    'assets: [{id: 7}]',
    'assets: [{id: a, rpo: 4}]',
    'assets: [{id: a, rpo: 4 hours}]',
    'assets: [{id: a, since: 31.01.2026}]',
    'assets: [{id: a, criticality: huge}]',
    'assets: [{id: a, copies: [/srv/backup]}]',
    'plans: [{id: p, schedules: [{corn: "0 3 * * *"}]}]',
    'plans: [{id: p, window: {from: "22:00"}}]',
    'plans: [{id: p, toleranceMinutes: -1}]',
    'contacts: [{id: a, name: A, channels: []}]',
    'waivers: [{id: w, select: {rule: r}, reason: x, approver: y}]',
    'histories: {jobs: [{path: x}]}',
    'histories: {recoveryPoints: [{source: x}]}',
    'rules: {a: {severity: bad}}',
    'rules: {a: {options: {x: {y: 1}}}}',
  ])('refuses %s, as the loader does', (body) => {
    const text = `schema: backproof.policy/v1\n${body}\n`
    expect(policyProblems(text)).not.toEqual([])
    expect(problems(validate, parse(text))).not.toEqual([])
  })

  it('tells editors what every member is', () => {
    const silent: string[] = []
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return
      const { properties = {} } = node as { readonly properties?: Readonly<Record<string, Json>> }
      for (const [name, member] of Object.entries(properties))
        if (typeof member['description'] !== 'string') silent.push(`${path}/${name}`)
      for (const [name, child] of Object.entries(node)) visit(child, `${path}/${name}`)
    }
    visit(schema, '')
    expect(silent).toEqual([])
  })
})

describe('the page', () => {
  it('has a table of all members (WRITE_DOCS=1 writes it)', () => {
    const tables = `<!-- members -->\n${membersOf(schema)}<!-- /members -->`
    const written = page.replace(/<!-- members -->[\s\S]*<!-- \/members -->/, () => tables)
    if (write) writeFileSync(PAGE, written)
    else expect(page).toBe(written)
  })

  it('has an example that loads, and that uses every list and section', () => {
    const { policy, histories, rules } = parsePolicy(example, { file: 'policy.yaml' })
    expect(policy.assets.map(({ id, owner }) => [id, owner])).toEqual([
      ['shop-database', 'ann'],
      ['wiki', undefined],
      ['mail', undefined],
    ])
    expect(policy.assets[0]).toMatchObject({
      rpo: 86_400_000,
      retention: { id: 'a-month' },
      plans: [{ id: 'nightly' }, { id: 'weekly' }],
    })
    const empty = Object.entries({ ...policy, ...histories, rules }).filter(
      ([, value]) => Array.isArray(value) && value.length === 0,
    )
    expect(empty.map(([name]) => name)).toEqual([])
  })
})
