import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createTable, inWords, placeNamed, REQUIRED } from './cells.js'
import * as engine from './deciders.js'
import { EXPECTED } from './expected.js'
import { brokenBy, INVARIANTS } from './invariants.js'
import { pageOf } from './page.js'

const table = await createTable(engine)

describe('what proves a pair', () => {
  for (const require of REQUIRED) {
    it.each(EXPECTED[require])(`at ${require}: %s against %s: %s`, (source, replica, how) => {
      const cell = table.at(placeNamed(table.places, source), placeNamed(table.places, replica), require)
      expect(inWords(cell)).toBe(how)
    })
  }
})

describe('in every cell', () => {
  it('two of the places meet', () => {
    expect(table.places.length).toBeGreaterThan(30)
    expect(new Set(table.places.map(({ name }) => name)).size).toBe(table.places.length)
  })

  it.each(INVARIANTS)('$name', (invariant) => {
    expect(brokenBy(invariant, table)).toEqual([])
  })
})

describe('docs/which-proof.md', () => {
  it('is what the code gives', () => {
    const path = fileURLToPath(new URL('../../../../../docs/which-proof.md', import.meta.url))
    const page = pageOf(table)
    if (process.env['WRITE_DOCS'] !== undefined) writeFileSync(path, page)
    expect(page, 'write it anew: npm run docs:proofs').toBe(readFileSync(path, 'utf8'))
  })
})
