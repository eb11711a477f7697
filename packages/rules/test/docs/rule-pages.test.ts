import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FRAMEWORKS, type RuleFactory } from '@backproof/core/audit'
import type { RuleTest } from '@backproof/core/testing'
import { WITHOUT_CLAUSES } from '@backproof/rules/frameworks'
import { describe, expect, it } from 'vitest'
import { frameworkPage, frameworksPage } from './framework-page.js'
import { SPECIAL_RULES } from './platforms.js'
import { HEADINGS, rulePage } from './rule-page.js'
import { rulesPage } from './rules-page.js'

const docs = join(import.meta.dirname, '../../../../docs')
const folder = join(docs, 'rules')
const frameworks = join(docs, 'frameworks')
const cases = join(import.meta.dirname, '../rules')
const ids = readdirSync(cases)
  .flatMap((name) => (name.endsWith('.cases.ts') ? [name.slice(0, -'.cases.ts'.length)] : []))
  .sort()
const testOf = async (id: string): Promise<RuleTest> =>
  ((await import(join(cases, `${id}.cases.ts`))) as { readonly default: RuleTest }).default

const write = process.env['WRITE_DOCS'] !== undefined
const checkPage = (name: string, page: string, place = folder): void => {
  const path = join(place, name)
  if (write) {
    mkdirSync(place, { recursive: true })
    writeFileSync(path, page)
  }
  expect(page, 'write it anew: npm run docs:rules').toBe(readFileSync(path, 'utf8'))
}

describe('docs/rules', () => {
  it.each(ids)('%s is what the rule says of itself, and what its cases come to', async (id) => {
    const page = await rulePage(await testOf(id))
    expect(page.match(/^## .*$/gm)).toEqual(HEADINGS.map((heading) => `## ${heading}`))
    checkPage(`${id}.md`, page)
  })

  it('lists the rules', async () => {
    const tests = await Promise.all(ids.map(testOf))
    checkPage('README.md', rulesPage(tests.map(({ rule }) => rule.meta)))
  })

  it('has no page of a rule that is not there', () => {
    expect(readdirSync(folder).sort()).toEqual(['README.md', ...ids.map((id) => `${id}.md`)].sort())
  })
})

const allRules = async (): Promise<readonly RuleFactory[]> =>
  (await Promise.all(ids.map(testOf))).map(({ rule }) => rule as unknown as RuleFactory)

describe('docs/frameworks', () => {
  it.each(FRAMEWORKS.map((framework) => [framework.id, framework] as const))('%s', async (id, framework) => {
    const page = frameworkPage(framework, await allRules())
    expect(page.split('\n')[2]).toMatch(/is a working proposal, and an auditor has to review it/)
    checkPage(`${id}.md`, page, frameworks)
  })

  it('lists them', () => {
    checkPage('README.md', frameworksPage(), frameworks)
  })

  it('has no page of a framework that is not there', () => {
    expect(readdirSync(frameworks).sort()).toEqual(['README.md', ...FRAMEWORKS.map(({ id }) => `${id}.md`)].sort())
  })
})

describe('what tables say of rules', () => {
  it('every rule is in at least one framework, or says why not', async () => {
    const none = (await allRules()).filter(({ meta }) => meta.clauses.length === 0).map(({ meta }) => meta.id)
    expect(Object.keys(WITHOUT_CLAUSES)).toEqual(none)
    for (const why of Object.values(WITHOUT_CLAUSES)) expect(why).toMatch(/^[a-z].{20,}[^.]$/)
  })

  it('platforms are said of rules that are there', () => {
    expect(SPECIAL_RULES.filter((id) => !ids.includes(id))).toEqual([])
  })
})
