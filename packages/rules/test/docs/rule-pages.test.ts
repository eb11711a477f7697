import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RuleTest } from '@backproof/core/testing'
import { describe, expect, it } from 'vitest'
import { HEADINGS, rulePage, rulesPage } from './rule-page.js'

const folder = join(import.meta.dirname, '../../../../docs/rules')
const cases = join(import.meta.dirname, '../rules')
const ids = readdirSync(cases)
  .flatMap((name) => (name.endsWith('.cases.ts') ? [name.slice(0, -'.cases.ts'.length)] : []))
  .sort()
const testOf = async (id: string): Promise<RuleTest> =>
  ((await import(join(cases, `${id}.cases.ts`))) as { readonly default: RuleTest }).default

const write = process.env['WRITE_DOCS'] !== undefined
const checkPage = (name: string, page: string): void => {
  const path = join(folder, name)
  if (write) {
    mkdirSync(folder, { recursive: true })
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
