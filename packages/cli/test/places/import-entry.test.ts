import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { findImportEntry } from '../../src/places/import-entry.js'
import { temporaryDirectory, writeTree } from '../support/tree.js'

const entryOf = (manifest: object): string | undefined => {
  const root = temporaryDirectory()
  writeTree(root, { 'node_modules/@me/provider/package.json': JSON.stringify(manifest) })
  const project = join(root, 'deep', 'project')
  mkdirSync(project, { recursive: true })
  const found = findImportEntry('@me/provider', project)
  return found?.replace(`${pathToFileURL(join(root, 'node_modules/@me/provider')).href}/`, '')
}

it.each([
  [{ exports: './a.js' }, 'a.js'],
  [{ exports: { '.': { types: './a.d.ts', import: './a.js' }, './sub': './sub.js' } }, 'a.js'],
  [{ exports: { require: './a.cjs', node: { import: './a.mjs' } } }, 'a.mjs'],
  [{ exports: { './sub': './sub.js' } }, undefined],
  [{ main: 'lib/a.js' }, 'lib/a.js'],
  [{}, 'index.js'],
])('%j', (manifest, entry) => {
  expect(entryOf(manifest)).toBe(entry)
})

it('is undefined when no directory on the way up has the package', () => {
  expect(findImportEntry('@me/nowhere', temporaryDirectory())).toBeUndefined()
})
