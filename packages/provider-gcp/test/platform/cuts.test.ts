import { compare } from '@backproof/core/compare'
import { exitCode } from '@backproof/core/report'
import type { ListOptions, ObjectEntry } from '@backproof/core/source'
import { verify } from '@backproof/core/verify'
import { localDirectory } from '@backproof/provider-local'
import type { GcsPutOptions } from '@backproof/test-servers'
import { bytesOf, QUICK, told } from '@backproof/test-servers/suites'
import { describe, expect, it } from 'vitest'
import { CUSTOMER_KEY } from './kinds.js'
import { only, outcomeOf } from './outcome.js'
import { MIB, openPlace } from './place.js'

const place = await openPlace()
const small = bytesOf(3_300)

describe('an object whose tail the service has lost', () => {
  const WAYS: readonly (readonly [string, Buffer, GcsPutOptions])[] = [
    ['uploaded at once', small, {}],
    ['composed of others', small, { componentCount: 2 }],
    ['with gzip as content encoding', small, { contentEncoding: 'gzip' }],
    ['read in ranges', bytesOf(33 * MIB), {}],
  ]
  it.each(WAYS)(
    '%s: unreadable for verify and for who reads, a match for who asks what is stored',
    async (_, bytes, put) => {
      const bucket = await place.bucket({ k: [bytes, put] })
      place.server.admin.dropTail(bucket, 'k', 1_000)
      const verified = await outcomeOf(place.server, verify({ source: place.source(bucket), retry: QUICK }))
      expect(told(verified.findings[0]!)).toBe('unreadable read-failed corrupt (source) source is rotten')
      expect(exitCode(verified.report.result)).toBe(1)
      const source = localDirectory({ path: await place.directory({ k: bytes }) })
      const read = compare({ source, replicas: [place.source(bucket)], require: 'read', retry: QUICK })
      expect(told((await outcomeOf(place.server, read)).findings[0]!)).toBe(
        'unreadable read-failed corrupt (replica) replica is rotten',
      )
      const stored = await outcomeOf(place.server, compare({ source, replicas: [place.source(bucket)] }))
      expect(stored.findings[0]).toMatchObject({ outcome: 'match', grade: 'stored' })
    },
  )
})

describe('between two buckets, stored in two ways', () => {
  const compared = async (a: GcsPutOptions, b: GcsPutOptions, changed = false): Promise<string> => {
    const other = Buffer.from(small)
    if (changed) other[small.length - 1]! ^= 1
    const [source, replica] = [await place.bucket({ k: [small, a] }), await place.bucket({ k: [other, b] })]
    const keyed = { customerKey: CUSTOMER_KEY }
    const run = compare({ source: place.source(source, keyed), replicas: [place.source(replica, keyed)] })
    return only(await outcomeOf(place.server, run), 2)
  }
  const WAYS: readonly (readonly [string, GcsPutOptions, GcsPutOptions, string, string])[] = [
    ['at once and composed: by the CRC32C of both', {}, { componentCount: 4 }, 'digest crc32c', 'nothing'],
    ['composed in two ways', { componentCount: 2 }, { componentCount: 4 }, 'digest crc32c', 'nothing'],
    ['of two classes', {}, { storageClass: 'ARCHIVE' }, 'digest md5', 'nothing'],
    ['under a key of its owner and not', { customerKey: CUSTOMER_KEY }, {}, 'digest md5', 'objects.get 1'],
  ]
  it.each(WAYS)('%s', async (_, a, b, proof, cost) => {
    expect(await compared(a, b)).toBe(`match stored ${proof}; ${cost}`)
    expect(await compared(a, b, true)).toBe(`mismatch ${proof}; ${cost}`)
  })
})

describe('generations of one key', () => {
  const listed = async (bucket: string, options: ListOptions, softDeleted = false): Promise<readonly ObjectEntry[]> => {
    const entries: ObjectEntry[] = []
    for await (const page of place.source(bucket, { softDeleted }).list(options)) entries.push(...page)
    return entries
  }

  it('present and noncurrent: each is read and proven by itself; only the present one is compared', async () => {
    const bucket = await place.bucket({}, { versioning: true })
    for (const seed of [1, 2, 3]) await place.server.admin.put(bucket, 'k', bytesOf(1_000, seed))
    const source = place.source(bucket)
    const entries = await listed(bucket, { versions: true })
    expect(entries.map(({ kind }) => kind)).toEqual(['object', 'object', 'object'])
    for (const [i, { ref }] of entries.entries()) {
      const chunks: Uint8Array[] = []
      for await (const chunk of (await source.read(ref)).body) chunks.push(chunk.slice())
      expect(Buffer.concat(chunks).equals(bytesOf(1_000, 3 - i))).toBe(true)
    }
    const directory = localDirectory({ path: await place.directory({ k: bytesOf(1_000, 3) }) })
    const outcome = await outcomeOf(place.server, compare({ source: directory, replicas: [source] }))
    expect(only(outcome)).toBe('match stored one-sided-read md5; nothing')
  })

  it('soft-deleted: missing in a comparison, archived among the versions, with its digests', async () => {
    const bucket = await place.bucket({ k: [small] })
    place.server.admin.remove(bucket, 'k')
    const directory = localDirectory({ path: await place.directory({ k: small }) })
    const outcome = await outcomeOf(place.server, compare({ source: directory, replicas: [place.source(bucket)] }))
    expect(only(outcome)).toBe('missing absent; nothing')
    const [marker, deleted] = await listed(bucket, { versions: true }, true)
    expect(marker).toMatchObject({ key: 'k', kind: 'delete-marker' })
    expect(deleted).toMatchObject({ key: 'k', kind: 'object', archived: true, size: small.length })
    expect(deleted!.digests?.map(({ algorithm }) => algorithm)).toEqual(['crc32c', 'md5'])
    await expect(place.source(bucket, { softDeleted: true }).read(deleted!.ref)).rejects.toMatchObject({
      code: 'archived',
    })
  })
})
