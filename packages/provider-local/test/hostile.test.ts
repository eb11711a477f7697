import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { compare } from '@backproof/core/compare'
import { exitCode, type ObjectFinding } from '@backproof/core/report'
import { keyToBytes } from '@backproof/core/source'
import { describe, expect, it } from 'vitest'
import { localDirectory } from '../src/index.js'
import { cmpDiffers, HOSTILE_NAMES, makeHostileTree } from './support/hostile-tree.js'
import { below, findFiles, tempDirectory } from './support/tree.js'

const bytesOf = (key: string): string => Buffer.from(keyToBytes(key)).toString('latin1')

const compared = async (a: string, b: string, workers?: number) => {
  const sides = { source: localDirectory({ path: a }), replicas: [localDirectory({ path: b })] }
  const run = compare({ ...sides, workers })
  const found: ObjectFinding[] = []
  for await (const page of run) found.push(...page)
  const { result } = await run.report()
  const keys = (outcome: string): string[] => found.filter((f) => f.outcome === outcome).map((f) => bytesOf(f.key))
  return { found, keys, result }
}

/** A hostile tree and what `cp -a` makes of it. */
const copied = (): { a: string; b: string } => {
  const root = tempDirectory()
  const [a, b] = [`${root}/a`, `${root}/b`]
  makeHostileTree(a)
  execFileSync('cp', ['-a', a, b])
  return { a, b }
}

/** Another byte in the middle; size and time stay. */
const rot = (path: Buffer): void => {
  const { atime, mtime } = statSync(path)
  const bytes = readFileSync(path)
  bytes[bytes.length >> 1]! ^= 1
  writeFileSync(path, bytes)
  utimesSync(path, atime, mtime)
}

describe('a tree of hostile names and its copy', () => {
  it('are equal, file by file, under the names that find tells', async () => {
    const { a, b } = copied()
    const { found, result } = await compared(a, b)
    const files = findFiles(a)
    expect(files).toHaveLength(2 * HOSTILE_NAMES.length)
    expect(found.map(({ key }) => bytesOf(key))).toEqual(files)
    expect(found.map(({ outcome, grade }) => `${outcome} ${grade}`)).toEqual(files.map(() => 'match read'))
    expect(exitCode(result)).toBe(0)
    expect(spawnSync('diff', ['-rq', a, b]).status).toBe(0)
  })

  it.each([0, 2])('differ where cmp says so, whatever the name (%i workers)', async (workers) => {
    const { a, b } = copied()
    const files = findFiles(a)
    const rotten = files.filter((path, i) => i % 2 === 0 && statSync(below(b, path)).size > 0)
    for (const path of rotten) rot(below(b, path))
    const { keys, result } = await compared(a, b, workers)
    expect(rotten.length).toBeGreaterThan(HOSTILE_NAMES.length / 2)
    expect(keys('mismatch').sort()).toEqual(cmpDiffers(a, b))
    expect(keys('mismatch').sort()).toEqual([...rotten].sort())
    expect(keys('match')).toHaveLength(files.length - rotten.length)
    expect(exitCode(result)).toBe(1)
  })

  it('miss each file that is gone, and tell each that is new or longer', async () => {
    const { a, b } = copied()
    const files = findFiles(a)
    const gone = files.filter((_, i) => i % 3 === 0)
    const isNew = files.filter((_, i) => i % 3 === 1)
    const longer = files.filter((_, i) => i % 3 === 2)
    for (const path of gone) rmSync(below(b, path))
    for (const path of isNew) rmSync(below(a, path))
    for (const path of longer) appendFileSync(below(b, path), '+')
    const { keys } = await compared(a, b)
    expect([keys('missing'), keys('extra'), keys('mismatch')]).toEqual([gone, isNew, longer])
  })

  it('keeps names apart that are equal to some eyes and some file systems', async () => {
    const { a, b } = copied()
    const name = (form: 'NFC' | 'NFD'): Buffer => Buffer.from(`${b}/${'é'.normalize(form)}`)
    rmSync(name('NFD'))
    rmSync(`${b}/Case`)
    const { keys, found } = await compared(a, b)
    expect(found.filter((f) => f.outcome === 'missing').map((f) => f.key)).toEqual(['Case', 'é'.normalize('NFD')])
    expect([keys('extra'), keys('mismatch')]).toEqual([[], []])
  })
})
