import { createHash } from 'node:crypto'
import { compare } from '@backproof/core/compare'
import { type ObjectFinding, summarize } from '@backproof/core/report'
import type { BackupSource } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import { verify } from '@backproof/core/verify'
import { describe, expect, it } from 'vitest'

const MADE = Date.UTC(2026, 10, 20)
const DAY = 86_400_000
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A list of another place, as an inventory is. */
const list = (objects: Record<string, string>): BackupSource => {
  const memory = memorySource(objects, { uri: 'memory://list' })
  return {
    ...memory,
    describe: async () => ({ ...(await memory.describe()), readCost: 'impossible', asOf: MADE }),
    list: async function* (options) {
      for await (const page of memory.list(options)) {
        yield page.map((entry) => ({
          ...entry,
          modified: MADE - DAY,
          digests: [{ algorithm: 'sha256', value: sha256(objects[entry.key]!), provenance: 'service' } as const],
        }))
      }
    },
  }
}

/** A place whose objects were written at these times. */
const live = (objects: Record<string, string>, modified: Record<string, number>): BackupSource => {
  const memory = memorySource(objects, { uri: 'memory://live' })
  return {
    ...memory,
    list: async function* (options) {
      for await (const page of memory.list(options)) {
        yield page.map((entry) => ({ ...entry, modified: modified[entry.key] ?? MADE - DAY }))
      }
    },
  }
}

const told = async (source: BackupSource, replica: BackupSource, options: object = {}): Promise<ObjectFinding[]> => {
  const found: ObjectFinding[] = []
  for await (const page of compare({ source, replicas: [replica], now: () => new Date(MADE + 3 * DAY), ...options }))
    found.push(...page)
  return found
}
const brief = (found: readonly ObjectFinding[]): string[] =>
  found.map(({ key, outcome, reason, grade }) => [key, outcome, reason, grade].filter(Boolean).join(' '))

describe('a dated list', () => {
  it('proves what is equal to it, and says of when it is', async () => {
    const [found] = await told(live({ a: 'abc' }, {}), list({ a: 'abc' }))
    expect(found).toMatchObject({ outcome: 'match', grade: 'stored', sides: { replica: { asOf: MADE } } })
    expect(found!.sides?.source).not.toHaveProperty('asOf')
  })

  it('accuses only what did not change after it was made', async () => {
    const objects = { a: 'abc', b: 'abc', c: 'abc', d: 'abcd', e: 'abcd' }
    const modified = { b: MADE + 1, c: MADE + 1, e: MADE + 1 }
    const found = await told(live(objects, modified), list({ a: 'abX', b: 'abX', d: 'abc', e: 'abc' }))
    expect(brief(found)).toEqual([
      'a mismatch digest',
      'b unverifiable newer-than-list',
      'c unverifiable newer-than-list',
      'd mismatch size',
      'e unverifiable newer-than-list',
    ])
    expect(found.every(({ rotten, sides }) => rotten === undefined && sides?.replica?.asOf === MADE)).toBe(true)
    expect(brief(await told(live({}, {}), list({ a: 'abc' })))).toEqual(['a extra absent'])
    expect(brief(await told(live({ a: 'abc' }, {}), list({})))).toEqual(['a missing absent'])
  })

  it('counts for nothing where it is older than `maxAge`, in either role', async () => {
    const [young, old] = [{ maxAge: 4 * DAY }, { maxAge: 2 * DAY }]
    const sides = [live({ a: 'abc', b: 'abc' }, {}), list({ a: 'abc', c: 'abc' })] as const
    expect(brief(await told(...sides, young))).toEqual(['a match digest stored', 'b missing absent', 'c extra absent'])
    const stale = ['a unverifiable stale', 'b unverifiable stale', 'c unverifiable stale']
    expect(brief(await told(...sides, old))).toEqual(stale)
    expect(brief(await told(sides[1], sides[0], old))).toEqual(stale)
  })

  it('is told of in the result, and in its sentence', async () => {
    const run = compare({ source: live({ a: 'abc' }, {}), replicas: [list({ a: 'abc' })] })
    const { result } = await run.report()
    expect(result.replicas[0]!.asOf).toBe(MADE)
    expect(result.source).not.toHaveProperty('asOf')
    const { sentence } = summarize(result)
    expect(sentence).toContain('memory://list is a list, as of 2026-11-20T00:00:00.000Z')
    // Nobody can read a list.
    expect(sentence).not.toContain('require `read`')
  })

  it('accuses an object that is verified against it as a record does', async () => {
    const { result } = await verify({ source: live({ a: 'abX' }, {}), against: list({ a: 'abc' }) }).report()
    expect(result.findings[0]).toMatchObject({ outcome: 'mismatch', rotten: 'source', rottenBy: 'record' })
  })

  it('proves nothing by reading', async () => {
    const found = await told(live({ a: 'abc' }, {}), list({ a: 'abc' }), { require: 'read' })
    expect(brief(found)).toEqual(['a unverifiable below-required-grade'])
  })
})

describe('policies by key', () => {
  it('demand more of some keys, the first that fits', async () => {
    const policies = [
      { keys: 'db/logs/**', require: 'size' },
      { keys: ['db/**', '*.key'], require: 'read' },
    ]
    const objects = { a: 'abc', 'b.key': 'abc', 'db/logs/x': 'abc', 'db/y': 'abc' }
    const found = await told(live(objects, {}), list(objects), { policies })
    expect(brief(found)).toEqual([
      'a match digest stored',
      'b.key unverifiable below-required-grade',
      'db/logs/x match size size',
      'db/y unverifiable below-required-grade',
    ])
    const strong = await told(live(objects, {}), list(objects), {
      strength: 'legacy',
      policies: [{ keys: 'a', strength: 'cryptographic' }],
    })
    expect(brief(strong)[0]).toBe('a match digest stored')
  })

  it.each([
    [{ policies: [{ keys: [], require: 'read' }] }, /policies\[0\]\.keys/],
    [{ policies: [{ keys: 'a' }] }, /changes nothing/],
    [{ policies: [{ keys: 'a', require: 'best' }] }, /policies\[0\]\.require/],
    [{ policies: [{ keys: 'a', require: 'read', grade: 1 }] }, /no option `grade`/],
    [{ maxAge: -1 }, /maxAge/],
    [{ prices: { nowhere: {} } }, /no beginning of a URI/],
  ])('refuse %j', (options, message) => {
    const [source, replica] = [live({}, {}), list({})]
    expect(() => compare({ source, replicas: [replica], ...(options as object) })).toThrow(message)
  })
})
