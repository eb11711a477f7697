import { describe, expect, it } from 'vitest'
import { compare } from '../../src/compare/compare.js'
import type { CompareOptions, KeyMapping } from '../../src/compare/options.js'
import type { ObjectFinding } from '../../src/report/finding.js'
import { type MemoryContent, type MemorySourceOptions, memorySource } from '../../src/testing/index.js'

const memory = (
  name: string,
  keys: readonly string[] | Record<string, MemoryContent>,
  options: MemorySourceOptions = {},
) =>
  memorySource(
    Array.isArray(keys) ? Object.fromEntries(keys.map((key) => [key, 'x'])) : (keys as Record<string, MemoryContent>),
    {
      uri: `memory://${name}`,
      ...options,
    },
  )
const run = async (options: CompareOptions) => {
  const found: ObjectFinding[] = []
  const comparison = compare(options)
  for await (const page of comparison) found.push(...page)
  return { brief: found.map((f) => `${f.key} ${f.outcome}`), found, report: await comparison.report() }
}
const mapped = (source: ReturnType<typeof memory>, keys: KeyMapping) => ({ source, keys })

describe('key mapping', () => {
  it('joins under other prefixes without sorting, and counts what lies elsewhere', async () => {
    const source = memory('a', ['shop/a', 'shop/b/c', 'other/x'])
    const replica = memory('b', ['2026/a', '2026/b/c'])
    const { brief, report } = await run({
      source: mapped(source, { stripPrefix: 'shop/' }),
      replicas: [mapped(replica, { stripPrefix: '2026/' })],
    })
    expect(brief).toEqual(['a match', 'b/c match'])
    expect(report.result.source).toMatchObject({ objects: 2, excluded: { 'other-prefix': 1 } })
    expect(report.telemetry.spilledEntries).toBe(0)
  })

  it('adds prefixes, after stripping', async () => {
    const { brief } = await run({
      source: mapped(memory('a', ['x/a']), { stripPrefix: 'x/', addPrefix: 'y/' }),
      replicas: [memory('b', ['y/a'])],
    })
    expect(brief).toEqual(['y/a match'])
  })

  it('takes any function, whatever it does to the order', async () => {
    const reverse = (key: string): string | undefined => (key === 'drop' ? undefined : [...key].reverse().join(''))
    const { brief, report } = await run({
      source: mapped(memory('a', ['az', 'by', 'cx', 'drop']), { map: reverse }),
      replicas: [memory('b', ['xc', 'yb', 'za'])],
    })
    expect(brief).toEqual(['xc match', 'yb match', 'za match'])
    expect(report.result.source.excluded).toEqual({ unmapped: 1 })
  })

  it('joins sides that list in another order', async () => {
    const keys = ['a', 'a-b', 'a/b', '\uffee', '😀', 'Z', 'z'].flatMap((key) => [key, `${key}/1`, `${key}2`])
    for (const order of ['none', 'utf16', 'path'] as const) {
      const { brief } = await run({ source: memory('a', keys), replicas: [memory('b', keys, { order })] })
      expect(brief).toHaveLength(keys.length)
      expect(brief.every((line) => line.endsWith(' match'))).toBe(true)
    }
  })
})

describe('normalisation', () => {
  const nfc = 'Gr\u00fc\u00dfe'
  const nfd = 'Gru\u0308\u00dfe'

  it('keeps different bytes apart by default', async () => {
    const { brief } = await run({ source: memory('a', [nfc]), replicas: [memory('b', [nfd])] })
    expect(brief).toEqual([`${nfd} extra`, `${nfc} missing`])
  })

  it('joins NFC with NFD, and upper with lower case, when asked', async () => {
    const one = await run({ source: memory('a', [nfc]), replicas: [memory('b', [nfd])], normalise: 'nfc' })
    expect(one.brief).toEqual([`${nfc} match`])
    const pairs = [
      [nfc, nfd.toUpperCase()],
      ['ΣΑΣ', 'σας'],
      ['İ', 'i\u0307'],
    ] as const
    for (const [a, b] of pairs) {
      const { brief } = await run({ source: memory('a', [a]), replicas: [memory('b', [b])], normalise: 'casefold' })
      expect(brief.map((line) => line.split(' ').at(-1))).toEqual(['match'])
    }
  })

  it('tells keys that became equal, on either side, and proves nothing by them', async () => {
    const twins = memory('twins', ['A', 'a', 'b'])
    const plain = memory('plain', ['a', 'b'])
    for (const [source, replica] of [
      [twins, plain],
      [plain, twins],
    ] as const) {
      const { brief, found } = await run({ source, replicas: [replica], normalise: 'casefold' })
      expect(brief).toEqual(['a unverifiable', 'b match'])
      expect(found[0]).toMatchObject({ reason: 'key-collision', collidingKeys: ['A', 'a'] })
    }
    const { brief } = await run({ source: twins, replicas: [memory('none', ['b'])], normalise: 'casefold' })
    expect(brief).toEqual(['a missing', 'b match'])
  })
})

describe('filters', () => {
  it('count what they leave out, on each side', async () => {
    const { brief, report } = await run({
      source: memory('a', ['a.txt', 'b.log', 'd/.hidden.txt', 'd/c.log', 'd/e.txt']),
      replicas: [memory('b', ['a.txt', 'd/.hidden.txt', 'd/e.txt', 'x.log'])],
      include: ['**/*.txt'],
      exclude: ['d/e.*'],
    })
    expect(brief).toEqual(['a.txt match', 'd/.hidden.txt match'])
    expect(report.result.source.excluded).toEqual({ filter: 3 })
    expect(report.result.replicas[0]!.excluded).toEqual({ filter: 2 })
    expect(report.result.options).toMatchObject({ include: ['**/*.txt'], exclude: ['d/e.*'] })
  })

  it('count by its own word what a source was told to leave out', async () => {
    const source = memory('a', { a: 'x', l: { kind: 'symlink', excluded: 'symlink' } })
    const { brief, report } = await run({ source, replicas: [memory('b', ['a'])] })
    expect(brief).toEqual(['a match'])
    expect(report.result.source.excluded).toEqual({ symlink: 1 })
  })

  it('excludes a folder that cannot be listed by the globs that exclude all of it, and by no others', async () => {
    const problem = { code: 'access-denied', message: 'denied' } as const
    const source = memory('a', { 'd/': { kind: 'special', problem }, e: 'x' })
    const replica = memory('b', ['d/a', 'e'])
    expect((await run({ source, replicas: [replica], exclude: ['d/**'] })).brief).toEqual(['e match'])
    expect((await run({ source, replicas: [replica], exclude: ['**/*.log'] })).brief).toEqual([
      'd/ error',
      'd/a error',
      'e match',
    ])
    expect((await run({ source, replicas: [replica], include: ['d/*'] })).brief).toEqual(['d/ error', 'd/a error'])
  })
})
