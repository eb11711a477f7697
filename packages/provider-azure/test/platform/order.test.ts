import { compare } from '@backproof/core/compare'
import { type BackupSource, compareKeys } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outcomeOf } from './outcome.js'
import { openAzurite, openServer, type Place } from './place.js'

// Azure lists by UTF-16 code units, or by path where the account has a hierarchical namespace; everything else is in the order
// of UTF-8. The join is right only if each is sorted as it is.

const flat = await openServer()
const hierarchical = await openServer({ hierarchical: true })
const azurite = await openAzurite()

/** In the order of UTF-16 the last ones come first: surrogates are below U+E000. */
const BEYOND = ['\ud7ff', '\ue000', '\uf8ff', '\uff5e', '\ufffd', '\u{10000}', '\u{1f600}', '\u{10ffff}']
/** What sorts otherwise by path: `-` and `.` are below `/`, and `!` too. */
const PATHS = ['A-B', 'A.txt', 'A/dat1', 'A/z/1', 'A!', 'B/x', 'B-x', 'a b/c', 'a b-c', 'a b']
const TABLE = [...BEYOND, ...PATHS, ...BEYOND.flatMap((c) => [`dir/${c}`, `${c}/x`, `${c}-x`, `p${c}q`])]

const bytesOfKey = (key: string): Buffer => Buffer.from(`content of ${key}`)

/** A hierarchical namespace has directories: no name is both one and a blob. */
const treeOf = (keys: readonly string[]): readonly string[] => {
  const folders = new Set(
    keys.flatMap((key) => [...key].flatMap((c, i) => (c === '/' ? [[...key].slice(0, i).join('')] : []))),
  )
  return keys.filter((key) => !folders.has(key))
}

const listed = async (source: BackupSource): Promise<readonly string[]> => {
  const keys: string[] = []
  for await (const page of source.list()) {
    keys.push(...page.filter(({ excluded }) => excluded === undefined).map(({ key }) => key))
  }
  return keys
}

/** Joined with the same keys in the order of UTF-8, of which one is missing on either side, and one has other bytes. */
const expectJoined = async <PutOptions>(place: Place<PutOptions>, keys: readonly string[]): Promise<void> => {
  const [lost, extra, ...rest] = keys
  const rotten = rest.at(-1)!
  const held = keys.filter((key) => key !== lost)
  const container = await place.container(Object.fromEntries(held.map((key) => [key, [bytesOfKey(key)]])))
  const expected = keys.filter((key) => key !== extra)
  const source = memorySource(expected.map((key) => [key, key === rotten ? bytesOfKey('other') : bytesOfKey(key)]))
  const run = compare({ source, replicas: [place.source(container)], require: 'claimed' })
  const { findings } = await outcomeOf(place.requests, run)
  expect(findings.map(({ key, outcome }) => [key, outcome])).toEqual(
    [...keys].sort(compareKeys).map((key) => {
      if (key === lost) return [key, 'missing']
      return [key, key === extra ? 'extra' : key === rotten ? 'mismatch' : 'match']
    }),
  )
}

describe('a flat listing', () => {
  it('is in the order of UTF-16, which is not that of UTF-8', async () => {
    const container = await flat.container(Object.fromEntries(TABLE.map((key) => [key, [bytesOfKey(key)]])))
    const keys = await listed(flat.source(container))
    expect(keys).toEqual([...TABLE].sort())
    expect(keys).not.toEqual([...TABLE].sort(compareKeys))
  })

  it('is joined right', () => expectJoined(flat, TABLE))
  it('of azurite is joined right', () => expectJoined(azurite, TABLE))

  it('is joined right with a directory of the same files', async () => {
    const files = treeOf(TABLE)
    const container = await flat.container(Object.fromEntries(files.map((key) => [key, [bytesOfKey(key)]])))
    const source = await flat.directory(Object.fromEntries(files.map((key) => [key, bytesOfKey(key)])))
    const run = compare({ source, replicas: [flat.source(container)], require: 'claimed' })
    const { findings } = await outcomeOf(flat.requests, run)
    expect(findings.map(({ key, outcome }) => [key, outcome])).toEqual(
      [...files].sort(compareKeys).map((key) => [key, 'match']),
    )
  })
})

describe('a hierarchical listing', () => {
  const tree = treeOf(TABLE)

  it('is in the order of paths, which is neither', async () => {
    const container = await hierarchical.container(Object.fromEntries(tree.map((key) => [key, [bytesOfKey(key)]])))
    const source = hierarchical.source(container)
    expect((await source.describe()).keyOrder).toBe('path')
    const keys = await listed(source)
    expect(new Set(keys)).toEqual(new Set(tree))
    expect(keys.indexOf('A/dat1')).toBeLessThan(keys.indexOf('A-B'))
    expect(keys).not.toEqual([...tree].sort())
    expect(keys).not.toEqual([...tree].sort(compareKeys))
  })

  it('is joined right', () => expectJoined(hierarchical, tree))

  it('and a flat one are joined right', async () => {
    const blobs = Object.fromEntries(tree.map((key) => [key, [bytesOfKey(key)]] as const))
    const source = flat.source(await flat.container(blobs))
    const replica = hierarchical.source(await hierarchical.container(blobs))
    const findings: (readonly string[])[] = []
    for await (const page of compare({ source, replicas: [replica], require: 'claimed' })) {
      findings.push(...page.map(({ key, outcome }) => [key, outcome]))
    }
    expect(findings).toEqual([...tree].sort(compareKeys).map((key) => [key, 'match']))
  })
})

describe('names of any make', () => {
  const character = fc.constantFrom('/', '/', '-', '.', '!', 'a', 'b', ' ', ...BEYOND)
  const name = fc
    .array(character, { minLength: 1, maxLength: 8 })
    .map((characters) => characters.join(''))
    // Segments of dots and empty ones have tests of their own; here the order counts.
    .filter((key) => key.split('/').every((segment) => segment !== '' && !/^\.+$/.test(segment)))
  const names = fc.uniqueArray(name, { minLength: 4, maxLength: 24 })

  it.each([
    ['flat', flat, (keys: readonly string[]) => keys],
    ['hierarchical', hierarchical, treeOf],
  ] as const)('are joined right: %s', async (_, place, take) => {
    await fc.assert(
      fc.asyncProperty(names, async (some) => {
        const keys = take(some)
        fc.pre(keys.length >= 4)
        await expectJoined(place, keys)
      }),
      { numRuns: 25 },
    )
  })
})
