import { join } from 'node:path'
import { expect, it } from 'vitest'
import { backproof, lastLine } from '../support/cli.js'
import { loneCommand } from '../support/lone-command.js'
import { temporaryDirectory, twoTrees, writeTree } from '../support/tree.js'

// A third party's provider, with nothing but the contract: it opens `words://one/two/three` as objects named so.
const WORDS = `
const source = (uri) => {
  const words = new URL(uri.replace(/^words:/, 'http:')).pathname.split('/').filter(Boolean).sort()
  const entry = (word) => ({ key: word, ref: word, kind: 'object', size: word.length })
  return {
    specVersion: 'v1',
    uri,
    describe: async () => ({
      keyOrder: 'utf8', access: 'random', pinning: 'none', listingDigests: [], statDigests: [],
      rangeReads: false, versions: false, readCost: 'free',
    }),
    async *list() { yield words.map(entry) },
    stat: async (ref) => entry(ref),
    read: async (ref) => ({ info: entry(ref), body: (async function* () { yield Buffer.from(ref) })() }),
  }
}
export const provider = { specVersion: 'v1', name: 'words', schemes: ['words'], fromUri: source }
`

const MANIFEST = JSON.stringify({
  name: '@me/words',
  version: '1.0.0',
  type: 'module',
  exports: { '.': { import: './index.js' } },
})

it.each([
  ['s3://bucket/prefix', '@backproof/provider-aws'],
  ['azblob://account/container', '@backproof/provider-azure'],
  ['gs://bucket/prefix', '@backproof/provider-gcp'],
])('a provider that is not installed is named with the command that installs it: %s', async (uri, name) => {
  const { code, stdout, stderr } = await loneCommand()(['compare', uri, '.'], { cwd: temporaryDirectory() })
  expect(stderr).toBe(`backproof: the provider ${name} is not installed\nInstall it: npm install ${name}\n`)
  expect([code, stdout]).toEqual([2, ''])
})

it('a third-party provider is found in the project, by package name', async () => {
  const { root, a } = twoTrees({ one: 'one', two: 'two' })
  writeTree(join(root, 'node_modules/@me/words'), { 'package.json': MANIFEST, 'index.js': WORDS })
  const { code, stdout } = await backproof(['compare', a, 'words://x/one/two', '--provider', '@me/words'], {
    cwd: root,
  })
  expect(lastLine(stdout)).toMatch(/^Proven/)
  expect(code).toBe(0)
  const missing = await backproof(['compare', a, 'words://x/one', '--provider', '@me/words'], { cwd: root })
  expect(missing.stdout).toMatch(/^missing +two +not in B$/m)
  expect(missing.code).toBe(1)
})

it("a third-party provider may be a module of one's own, by path", async () => {
  const { root, a } = twoTrees({ one: 'one' })
  writeTree(root, { 'words.mjs': WORDS })
  const { code } = await backproof(['compare', 'words://x/one', a, '--provider', './words.mjs'], { cwd: root })
  expect(code).toBe(0)
})

it('a known provider is found in the project as well', async () => {
  const { root, a } = twoTrees({ one: 'one' })
  const gcp = WORDS.replaceAll("'words'", "'gs'").replace('/^words:/', '/^gs:/')
  writeTree(join(root, 'node_modules/@backproof/provider-gcp'), { 'package.json': MANIFEST, 'index.js': gcp })
  expect((await loneCommand()(['compare', 'gs://x/one', a], { cwd: root })).code).toBe(0)
})

it.each([
  ['nothing there', '', /no module at \.\/p\.mjs/],
  ['no provider', 'export const other = 1', /does not export `provider`/],
  [
    'another contract',
    "export const provider = { specVersion: 'v2', schemes: ['x'], fromUri() {} }",
    /specVersion is "v2"/,
  ],
  ['no schemes', "export const provider = { specVersion: 'v1', schemes: [], fromUri() {} }", /no URI schemes/],
  ['no fromUri', "export const provider = { specVersion: 'v1', schemes: ['x'] }", /no `fromUri`/],
  ['a mistake', 'throw new Error("no luck")', /could not be loaded: no luck/],
  [
    'a missing dependency',
    "import '@no-such/sdk'",
    /needs @no-such\/sdk, which is not installed\nInstall it: npm install @no-such\/sdk/,
  ],
])('what is no provider is refused: %s', async (_, code, said) => {
  const root = writeTree(temporaryDirectory(), code === '' ? {} : { 'p.mjs': code })
  const run = await backproof(['compare', 'x://y', '.', '--provider', './p.mjs'], { cwd: root })
  expect(run.stderr).toMatch(said)
  expect([run.code, run.stdout]).toEqual([2, ''])
})
