import { createCipheriv, randomBytes } from 'node:crypto'
import { createWriteStream, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { verify } from '@backproof/core/verify'
import { expect, it } from 'vitest'
import { localDirectory, manifestFile, writeManifest } from '../../src/index.js'
import { tempDirectory, writeTree } from '../support/tree.js'

const text = 'It was the best of times, it was the worst of times, it was the age of wisdom. '.repeat(60)

/** A tree of 60 texts and the manifest of it. */
const recordedTree = async (): Promise<{ tree: string; manifest: string }> => {
  const root = tempDirectory()
  const tree = join(root, 'tree')
  writeTree(root, Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`tree/file-${i}.txt`, `${i} ${text}`])))
  // A whole second, which can be put back after a change.
  utimesSync(join(tree, 'file-1.txt'), 1_700_000_000, 1_700_000_000)
  const manifest = join(root, 'tree.manifest')
  const sink = createWriteStream(manifest)
  const { entries } = await writeManifest(localDirectory({ path: tree }), sink)
  sink.end()
  await finished(sink)
  expect(entries).toBe(60)
  return { tree, manifest }
}

const drift = async ({ tree, manifest }: { tree: string; manifest: string }) => {
  const run = verify({
    source: localDirectory({ path: tree }),
    against: manifestFile({ path: manifest }),
    require: 'read',
  })
  const { result } = await run.report()
  return {
    drift: result.drift!,
    alerts: result.alerts,
    kinds: Object.fromEntries(result.findings.map((f) => [f.key, f.drift])),
  }
}

it('tells rot from what was modified, and what is new from what is gone', async () => {
  const recorded = await recordedTree()
  const at = (name: string): string => join(recorded.tree, name)
  const rotten = at('file-1.txt')
  const bytes = readFileSync(rotten)
  bytes[100]! ^= 1
  writeFileSync(rotten, bytes)
  utimesSync(rotten, 1_700_000_000, 1_700_000_000)
  writeFileSync(at('file-2.txt'), 'another text')
  writeFileSync(at('new.txt'), 'new')
  rmSync(at('file-3.txt'))
  const found = await drift(recorded)
  expect(found.kinds).toEqual({
    'file-1.txt': 'rot',
    'file-2.txt': 'modified',
    'file-3.txt': 'gone',
    'new.txt': 'new',
  })
  expect(found.alerts).toBeUndefined()
})

it('flags encryption of a part of the tree by its entropy, though few objects changed', async () => {
  const recorded = await recordedTree()
  const key = randomBytes(32)
  for (let i = 0; i < 12; i++) {
    const path = join(recorded.tree, `file-${i}.txt`)
    const cipher = createCipheriv('aes-256-ctr', key, randomBytes(16))
    writeFileSync(path, Buffer.concat([cipher.update(readFileSync(path)), cipher.final()]))
  }
  const { drift: found, alerts } = await drift(recorded)
  expect(found).toMatchObject({ share: { objects: 0.2 }, entropy: { objects: 12 } })
  expect(alerts).toMatchObject([{ alert: 'mass-change', by: ['entropy'] }])
  expect(found.entropy.rise).toBeGreaterThan(3)
})

it('flags a tree that was encrypted and renamed: everything is gone', async () => {
  const recorded = await recordedTree()
  for (let i = 0; i < 60; i++)
    renameSync(join(recorded.tree, `file-${i}.txt`), join(recorded.tree, `file-${i}.txt.locked`))
  expect(await drift(recorded)).toMatchObject({
    drift: { gone: { objects: 60 }, new: { objects: 60 } },
    alerts: [{ alert: 'mass-change', by: ['objects', 'bytes'] }],
  })
})
