import { compare } from '@backproof/core/compare'
import { canonicalJson } from '@backproof/core/report'
import type { BackupSource } from '@backproof/core/source'
import { verify } from '@backproof/core/verify'
import { localDirectory } from '@backproof/provider-local'
import { beforeAll, describe, expect, it } from 'vitest'
import { SINGLE_PART } from './kinds.js'
import { evenParts, IN_PARTS } from './kinds-in-parts.js'
import { outcomeOf, told } from './outcome.js'
import { bytesOf, MIB, openPlace } from './place.js'

const place = await openPlace()
const now = (): Date => new Date('2026-01-02T03:04:05Z')

/** Every kind of a general purpose bucket that needs no key of the caller's, and one that is read as ranges. */
const kinds = [...SINGLE_PART, ...IN_PARTS]
  .filter(({ bytes, bucketKind, source }) => bytes.length < MIB && bucketKind === undefined && source === undefined)
  .map(({ name, bytes, put, directory }) => ({ key: name.replaceAll('/', ' '), bytes, put, words: directory }))
const large = bytesOf(33 * MIB, 3)

describe('a bucket that holds every kind of object, beside one that is damaged', () => {
  let bucket: string
  let path: string
  beforeAll(async () => {
    const objects = Object.fromEntries(kinds.map(({ key, bytes, put }) => [key, [bytes, put] as const]))
    const put = { checksum: 'none', partSizes: evenParts(large.length, 7 * MIB) } as const
    bucket = await place.bucket({ ...objects, large: [large, put], rotten: [bytesOf(900), { sse: 'aws:kms' }] })
    place.server.admin.corrupt(bucket, 'rotten', 7)
    const files = Object.fromEntries(kinds.map(({ key, bytes }) => [key, bytes]))
    path = await place.directory({ ...files, large, rotten: bytesOf(900) })
  })

  it('has the outcomes that each has alone, for the requests that all of them cost', async () => {
    const run = compare({ source: localDirectory({ path }), replicas: [place.source(bucket)] })
    const { findings, requests } = await outcomeOf(place.server, run)
    const expected = new Map(kinds.map(({ key, words }) => [key, words.split(';')[0]]))
    for (const finding of findings) {
      const words =
        finding.key === 'large' ? 'match stored one-sided-read md5/5' : 'match stored one-sided-read crc64nvme'
      expect(told(finding), finding.key).toBe(expected.get(finding.key) ?? words)
    }
    expect(findings).toHaveLength(kinds.length + 2)
    const costs = kinds.flatMap(({ words }) => [...(words.split('; ')[1] ?? '').matchAll(/(\w+) (\d+)/g)])
    const sum = (operation: string): number =>
      costs.filter(([, name]) => name === operation).reduce((total, [, , count]) => total + Number(count), 0)
    expect(requests['GetObject']).toBe(sum('GetObject'))
    // One for the object that is rotten, which only the listing does not prove.
    expect(requests['HeadObject']).toBe(sum('HeadObject') + 1)
  })

  it('has the same result bytes whatever is asked, listed and read at once', async () => {
    const ways = [
      { concurrency: 1, workers: 0, listConcurrency: 1 },
      { concurrency: 3, workers: 1, listConcurrency: 2 },
      { concurrency: 32, workers: 2, listConcurrency: 8 },
    ]
    const results = { stored: new Set<string>(), read: new Set<string>(), verified: new Set<string>() }
    for (const { listConcurrency, ...options } of ways) {
      const source = (): BackupSource => place.source(bucket, { listConcurrency })
      for (const require of ['stored', 'read'] as const) {
        const run = compare({ source: localDirectory({ path }), replicas: [source()], require, now, ...options })
        results[require].add(canonicalJson((await outcomeOf(place.server, run)).report.result))
      }
      const run = verify({ source: source(), now, ...options })
      results.verified.add(canonicalJson((await outcomeOf(place.server, run)).report.result))
    }
    expect([results.stored.size, results.read.size, results.verified.size]).toEqual([1, 1, 1])
    expect([...results.read][0]).toContain('"rotten":"replica"')
    expect([...results.verified][0]).toContain('"rotten":"source"')
  })
})
