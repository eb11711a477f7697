import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Row } from '../../src/listing/listed-blob.js'
import { newestFirst } from '../../src/listing/versions.js'

const row = (key: string, version: string, current: boolean): Row => ({
  key,
  current,
  entry: { key, ref: { key, version }, kind: 'object', version },
})

async function* pagesOf(rows: readonly Row[], size: number): AsyncGenerator<readonly Row[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size)
}

const collect = async (rows: readonly Row[], size: number): Promise<readonly string[]> => {
  const found: string[] = []
  for await (const page of newestFirst(pagesOf(rows, size))) {
    expect(page.length).toBeGreaterThan(0)
    found.push(...page.map(({ key, entry }) => `${key} ${entry.kind === 'delete-marker' ? 'deleted' : entry.version}`))
  }
  return found
}

describe('versions as the service lists them, the oldest first', () => {
  it('come the newest first, with a delete marker before those that are not current, wherever pages end', async () => {
    const blobs = fc.array(fc.record({ versions: fc.integer({ min: 1, max: 7 }), deleted: fc.boolean() }))
    await fc.assert(
      fc.asyncProperty(blobs, fc.integer({ min: 1, max: 9 }), async (given, size) => {
        const rows = given.flatMap(({ versions, deleted }, key) =>
          Array.from({ length: versions }, (_, i) => row(`${key}`, `v${i}`, !deleted && i === versions - 1)),
        )
        const expected = given.flatMap(({ versions, deleted }, key) => [
          ...(deleted ? [`${key} deleted`] : []),
          ...Array.from({ length: versions }, (_, i) => `${key} v${versions - 1 - i}`),
        ])
        expect(await collect(rows, size)).toEqual(expected)
      }),
    )
  })

  it('are all there where one blob has more than are held, and it is deleted once', async () => {
    const rows = Array.from({ length: 25_000 }, (_, i) => row('a', `v${i}`, false))
    const found = await collect([...rows, row('b', 'v0', true)], 5_000)
    expect(new Set(found).size).toBe(25_002)
    expect(found.filter((one) => one === 'a deleted')).toHaveLength(1)
    expect(found.at(-1)).toBe('b v0')
  })
})
