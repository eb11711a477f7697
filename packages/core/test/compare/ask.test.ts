import { createHash } from 'node:crypto'
import { compare } from '@backproof/core/compare'
import type { Digest } from '@backproof/core/digest'
import { BackupError } from '@backproof/core/errors'
import type { ObjectFinding, Report } from '@backproof/core/report'
import type { Run } from '@backproof/core/run'
import type { BackupSource, ObjectEntry } from '@backproof/core/source'
import { type MemorySource, memorySource } from '@backproof/core/testing'
import { verify } from '@backproof/core/verify'
import { describe, expect, it } from 'vitest'

const MIB = 1024 * 1024
const hex = (algorithm: string, bytes: string | Uint8Array): string => createHash(algorithm).update(bytes).digest('hex')
const multipart = (bytes: Buffer, size: number): string => {
  const rows: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size)
    rows.push(
      createHash('md5')
        .update(bytes.subarray(at, at + size))
        .digest(),
    )
  return hex('md5', Buffer.concat(rows))
}

interface Told {
  readonly listed?: readonly Digest[]
  readonly stated?: readonly Digest[]
  /** In place of `stated`, when the sizes of parts are asked for. */
  readonly sized?: readonly Digest[]
  /** Sent along with the bytes. */
  readonly sent?: readonly Digest[]
}

/** A place that tells one thing in its listing, more when asked, and some along with the bytes, as object stores do. */
const bucket = (name: string, objects: Record<string, string | Buffer>, told: Record<string, Told>) => {
  const memory: MemorySource = memorySource(objects, { uri: `memory://${name}` })
  const calls = { stat: 0, read: 0 }
  const keyOf = (ref: unknown): string => (ref as { readonly key: string }).key
  const source: BackupSource = {
    ...memory,
    describe: async () => ({
      ...(await memory.describe()),
      readCost: 'paid',
      listingDigests: [{ algorithm: 'md5', provenance: 'service' }],
      statDigests: [{ algorithm: 'md5', provenance: 'service' }],
    }),
    list: async function* (options) {
      for await (const page of memory.list(options)) {
        yield page.map(
          (entry): ObjectEntry => ({
            ...entry,
            ref: { key: entry.key, inner: entry.ref },
            digests: told[entry.key]?.listed,
          }),
        )
      }
    },
    stat: async (ref, options) => {
      calls.stat += 1
      const info = await memory.stat((ref as { readonly inner: string }).inner, options)
      const { stated, sized } = told[keyOf(ref)] ?? {}
      const digests = options?.want?.includes('part-sizes') === true ? (sized ?? stated) : stated
      return { ...info, ref: { key: info.key, inner: info.ref }, digests }
    },
    read: async (ref, options) => {
      calls.read += 1
      const { info, ...rest } = await memory.read((ref as { readonly inner: string }).inner, options)
      return { ...rest, info: { ...info, digests: told[keyOf(ref)]?.sent } }
    },
  }
  return { source, calls, memory }
}

const md5 = (value: string, more: Partial<Digest> = {}): Digest => ({
  algorithm: 'md5',
  value,
  provenance: 'service',
  ...more,
})
const opaque = (value: string): Digest => md5(value, { equalityOnly: true })

const only = async (run: Run<ObjectFinding, Report>): Promise<ObjectFinding> => {
  const { result } = await run.report()
  expect(result.totals.findings).toBe(1)
  return result.findings[0] ?? ({ outcome: 'match', result } as never)
}
const all = async (run: Run<ObjectFinding, Report>): Promise<ObjectFinding[]> => {
  const found: ObjectFinding[] = []
  for await (const page of run) found.push(...page)
  return found
}

describe('asking a source for digests', () => {
  const disk = (bytes: string | Buffer): BackupSource => memorySource({ k: bytes }, { uri: 'memory://disk' })

  it('is not done where the digest of the listing proves', async () => {
    const { source, calls } = bucket('b', { k: 'abc' }, { k: { listed: [opaque(hex('md5', 'abc'))] } })
    const found = await all(compare({ source: disk('abc'), replicas: [source] }))
    expect(found[0]).toMatchObject({ outcome: 'match', grade: 'stored', method: 'one-sided-read' })
    expect(calls).toEqual({ stat: 0, read: 0 })
  })

  it('turns a listed digest that differs into a mismatch only when the answer vouches for it', async () => {
    const wrong = hex('md5', 'abd')
    const { source, calls } = bucket('b', { k: 'abd' }, { k: { listed: [opaque(wrong)], stated: [md5(wrong)] } })
    const found = await only(compare({ source: disk('abc'), replicas: [source] }))
    expect(found).toMatchObject({ outcome: 'mismatch', reason: 'digest', method: 'one-sided-read' })
    expect(calls).toEqual({ stat: 1, read: 0 })
  })

  it('proves by another digest when the listed one turns out to be no MD5', async () => {
    const stated = [{ algorithm: 'sha256', value: hex('sha256', 'abc'), provenance: 'service' }] as const
    const { source, calls } = bucket('b', { k: 'abc' }, { k: { listed: [opaque(hex('md5', 'encrypted'))], stated } })
    const found = await all(compare({ source: disk('abc'), replicas: [source] }))
    expect(found[0]).toMatchObject({ outcome: 'match', grade: 'stored', method: 'one-sided-read' })
    expect(found[0]!.sides?.replica?.digest?.algorithm).toBe('sha256')
    expect(calls).toEqual({ stat: 1, read: 0 })
  })

  it('reads both sides when no answer helps, and asks once', async () => {
    const { source, calls } = bucket('b', { k: 'abc' }, { k: { listed: [opaque(hex('md5', 'encrypted'))] } })
    const found = await all(compare({ source: disk('abc'), replicas: [source] }))
    expect(found[0]).toMatchObject({ outcome: 'match', grade: 'read', method: 'two-sided-read' })
    expect(calls).toEqual({ stat: 1, read: 1 })
  })

  it('tells of an object that could not be looked at as of one that could not be read', async () => {
    const { source } = bucket('b', { 'k/': 'abd' }, { 'k/': { listed: [opaque(hex('md5', 'abd'))] } })
    const denied: BackupSource = {
      ...source,
      stat: () => Promise.reject(new BackupError({ code: 'access-denied', message: 'no' })),
    }
    const found = await only(
      compare({ source: memorySource({ 'k/': 'abc' }, { uri: 'memory://disk' }), replicas: [denied] }),
    )
    expect(found).toMatchObject({
      outcome: 'error',
      reason: 'read-failed',
      error: { code: 'access-denied', side: 'replica' },
    })
  })

  it('is done first where the reading would be paid for', async () => {
    const long = 'abc'.repeat(10_000)
    const told = { k: { listed: [opaque(hex('md5', 'encrypted'))], stated: [md5(hex('md5', long))] } }
    const [a, b] = [bucket('a', { k: long }, told), bucket('b', { k: long }, told)]
    const other = bucket('b2', { k: long }, { k: { listed: [opaque('00')], stated: told.k.stated } })
    expect((await all(compare({ source: a.source, replicas: [b.source] })))[0]).toMatchObject({ method: 'digest' })
    expect(a.calls).toEqual({ stat: 0, read: 0 })
    expect((await all(compare({ source: a.source, replicas: [other.source] })))[0]).toMatchObject({
      outcome: 'match',
      grade: 'stored',
      method: 'digest',
    })
    expect([a.calls, other.calls]).toEqual([
      { stat: 1, read: 0 },
      { stat: 1, read: 0 },
    ])
  })

  it('gives way to reading where that costs no more: of small objects, or in the region of the place', async () => {
    const encrypted = { listed: [opaque(hex('md5', 'encrypted'))], stated: [md5(hex('md5', 'abc'))] }
    const { source, calls } = bucket('b', { k: 'abc' }, { k: encrypted })
    const near = {
      currency: 'USD',
      asOf: '2026-11',
      source: 'test',
      list: 5e-6,
      pageSize: 1_000,
      stat: 4e-7,
      read: 4e-7,
    }
    const run = (egressByte: number): Promise<Report> =>
      compare({
        source: disk('abc'),
        replicas: [source],
        prices: { 'memory://b': { ...near, egressByte } },
      }).report()
    const far = await run(9e-11)
    expect(far.result.totals).toMatchObject({ grades: { stored: 1 }, methods: { 'one-sided-read': 1 } })
    expect(far.telemetry.readInstead).toBeUndefined()
    expect(calls).toEqual({ stat: 1, read: 0 })
    // Once an object, also where others of the batch are asked about.
    const both = bucket(
      'two',
      { k: 'abc', l: 'abc'.repeat(10_000) },
      { k: encrypted, l: { listed: encrypted.listed, stated: [md5(hex('md5', 'abc'.repeat(10_000)))] } },
    )
    const mixed = await compare({
      source: memorySource({ k: 'abc', l: 'abc'.repeat(10_000) }, { uri: 'memory://disk' }),
      replicas: [both.source],
      prices: { 'memory://two': { ...near, egressByte: 0 } },
    }).report()
    expect([mixed.telemetry.readInstead, both.calls]).toEqual([1, { stat: 1, read: 1 }])
    const free = await run(0)
    expect(free.result.totals).toMatchObject({ grades: { read: 1 }, methods: { 'two-sided-read': 1 } })
    expect(free.telemetry.readInstead).toBe(1)
    expect(calls).toEqual({ stat: 1, read: 1 })
  })

  it('never holds the digests of a replaced object against bytes that were read before', async () => {
    const told: Record<string, Told> = {
      k: { listed: [opaque(hex('md5', 'encrypted'))], stated: [md5(hex('md5', 'abd'))] },
    }
    const { source, memory } = bucket('b', { k: 'abc' }, told)
    const stat = source.stat.bind(source)
    let asked = 0
    const racing: BackupSource = {
      ...source,
      stat: (ref, options) => {
        // Replaced between the listing and the question, both times under the same size.
        memory.set('k', asked++ === 0 ? 'abd' : 'abe')
        return stat(ref, options)
      },
    }
    const [found] = await all(compare({ source: disk('abd'), replicas: [racing] }))
    expect(found!.outcome).toBe('match')
  })
})

describe('what a listing told and an answer does not', () => {
  const long = 'abc'.repeat(10_000)
  const claimedSha1: Digest = { algorithm: 'sha1', value: hex('sha1', long), provenance: 'claimed' }
  const claims = { k: { listed: [md5(hex('md5', long), { provenance: 'claimed' })] } }

  /** Its copy was replaced between the listing and the question; only `state` tells. */
  const outcomeOf = async (state: (entry: ObjectEntry) => ObjectEntry): Promise<string> => {
    const { source, memory } = bucket('b', { k: long }, { k: { listed: [claimedSha1], stated: [] } })
    const replaced: BackupSource = {
      ...source,
      list: async function* (options) {
        for await (const page of source.list(options)) yield page.map(state)
      },
      stat: async (ref, options) => {
        memory.set('k', 'abd'.repeat(10_000))
        return state(await source.stat(ref, options))
      },
    }
    const found = await all(
      compare({ source: bucket('a', { k: long }, claims).source, replicas: [replaced], require: 'claimed' }),
    )
    return found[0]!.outcome
  }

  it('counts only where both speak of the same state for certain', async () => {
    expect(await outcomeOf((entry) => entry)).toBe('mismatch')
    expect(await outcomeOf(({ version: _, modified: _modified, etag: _etag, ...entry }) => entry)).toBe('mismatch')
  })
})

describe('multipart ETags', () => {
  const bytes = Buffer.alloc(11 * MIB, 'backproof ')
  const other = Buffer.from(bytes)
  other[7 * MIB]! ^= 1
  const etag = (value: string): Digest => md5(value, { equalityOnly: true, coverage: { parts: 3 } })
  const disk = (content: Buffer): BackupSource => memorySource({ k: content }, { uri: 'memory://disk' })

  it('prove local bytes over guessed parts without a request', async () => {
    const { source, calls } = bucket('b', { k: bytes }, { k: { listed: [etag(multipart(bytes, 5 * MIB))] } })
    const [found] = await all(compare({ source: disk(bytes), replicas: [source] }))
    expect(found).toMatchObject({ outcome: 'match', grade: 'stored', method: 'one-sided-read' })
    expect(found!.sides?.source?.digest?.coverage).toEqual({ parts: 3, size: 5 * MIB, inferred: true })
    expect(calls).toEqual({ stat: 0, read: 0 })
  })

  it('accuse once the service has told the sizes of the parts', async () => {
    const value = multipart(bytes, 5 * MIB)
    const sizes = [5 * MIB, 5 * MIB, MIB]
    const told = { k: { listed: [etag(value)], stated: [md5(value, { coverage: { parts: 3, sizes } })] } }
    const { source, calls } = bucket('b', { k: bytes }, told)
    const found = await only(compare({ source: disk(other), replicas: [source] }))
    expect(found).toMatchObject({ outcome: 'mismatch', method: 'one-sided-read' })
    expect(calls).toEqual({ stat: 1, read: 0 })
  })

  it('use sizes that nobody would guess', async () => {
    const sizes = [6 * MIB + 7, 3 * MIB, 2 * MIB - 7]
    const ends = [6 * MIB + 7, 9 * MIB + 7, 11 * MIB]
    const part = (i: number): Buffer => bytes.subarray(ends[i]! - sizes[i]!, ends[i])
    const rows = sizes.map((_, i) => createHash('md5').update(part(i)).digest())
    const value = hex('md5', Buffer.concat(rows))
    const told = { k: { listed: [etag(value)], stated: [md5(value, { coverage: { parts: 3, sizes } })] } }
    const { source, calls } = bucket('b', { k: bytes }, told)
    const [found] = await all(compare({ source: disk(bytes), replicas: [source] }))
    expect(found).toMatchObject({ outcome: 'match', grade: 'stored' })
    expect(calls).toEqual({ stat: 1, read: 0 })
  })

  it('are asked for the sizes of all parts when concluded ones do not give them, and then prove and accuse', async () => {
    const sizes = [5 * MIB, 4 * MIB, 2 * MIB]
    const rows = [bytes.subarray(0, 5 * MIB), bytes.subarray(5 * MIB, 9 * MIB), bytes.subarray(9 * MIB)]
    const value = hex('md5', Buffer.concat(rows.map((part) => createHash('md5').update(part).digest())))
    const concluded = { parts: 3, sizes: [5 * MIB, 5 * MIB, MIB], inferred: true }
    const stated = [md5(value, { coverage: concluded })]
    const sized = [md5(value, { coverage: { parts: 3, sizes } })]
    const told = { k: { listed: [etag(value)], stated, sized, sent: [md5(value, { coverage: { parts: 3 } })] } }
    const { source, calls, memory } = bucket('b', { k: bytes }, told)
    const [found] = await all(compare({ source: disk(bytes), replicas: [source] }))
    expect(found).toMatchObject({ outcome: 'match', grade: 'stored', method: 'one-sided-read' })
    expect(calls).toEqual({ stat: 2, read: 0 })
    expect(await only(compare({ source: disk(other), replicas: [source] }))).toMatchObject({ outcome: 'mismatch' })
    expect(calls).toEqual({ stat: 4, read: 0 })
    expect((await all(verify({ source })))[0]).toMatchObject({ outcome: 'match', grade: 'read' })
    memory.rot('k', other)
    expect(await only(verify({ source }))).toMatchObject({ outcome: 'mismatch', rotten: 'source' })
    const read = await only(compare({ source: disk(bytes), replicas: [source], require: 'read' }))
    expect(read).toMatchObject({ outcome: 'mismatch', rotten: 'replica' })
  })

  it('are not asked for sizes of parts where one side can be read over those of the other', async () => {
    const told = (part: number, inferred: boolean): Told => {
      const sizes = Array.from({ length: Math.ceil(11 / part) }, (_, i) => Math.min(part, 11 - i * part) * MIB)
      const value = multipart(bytes, part * MIB)
      const coverage = { parts: sizes.length, sizes, ...(inferred && { inferred }) }
      return {
        listed: [md5(value, { equalityOnly: true, coverage: { parts: sizes.length } })],
        stated: [md5(value, { coverage })],
      }
    }
    const a = bucket('a', { k: bytes }, { k: told(4, true) })
    const b = bucket('b', { k: bytes }, { k: told(6, false) })
    const [found] = await all(compare({ source: a.source, replicas: [b.source] }))
    expect(found).toMatchObject({ outcome: 'match', grade: 'stored', method: 'one-sided-read' })
    expect([a.calls.stat, b.calls.stat, a.calls.read + b.calls.read]).toEqual([1, 1, 1])
  })

  it('are not asked for sizes of parts against a record of another algorithm', async () => {
    const value = multipart(bytes, 4 * MIB)
    const told = { k: { listed: [etag(value)], stated: [md5(value, { coverage: { parts: 3 } })] } }
    const { source, calls } = bucket('b', { k: bytes }, told)
    const recorded = [{ algorithm: 'sha256', value: hex('sha256', bytes), provenance: 'recorded' }] as const
    const record = bucket('record', { k: bytes }, { k: { listed: recorded } }).source
    const noted: BackupSource = {
      ...record,
      describe: async () => ({ ...(await record.describe()), readCost: 'impossible', statDigests: [] }),
    }
    const [found] = await all(compare({ source: noted, replicas: [source] }))
    expect(found).toMatchObject({ outcome: 'match', method: 'one-sided-read' })
    expect(calls).toEqual({ stat: 1, read: 1 })
  })

  it('name the rotten side when both are read', async () => {
    const told = { k: { listed: [etag(multipart(bytes, 5 * MIB))] } }
    const { source, memory } = bucket('b', { k: bytes }, told)
    memory.rot('k', other)
    const found = await only(compare({ source: disk(bytes), replicas: [source], require: 'read' }))
    expect(found).toMatchObject({ outcome: 'mismatch', method: 'two-sided-read', rotten: 'replica' })
  })
})

describe('a difference between two sides that were read', () => {
  const encrypted = opaque(hex('md5', 'encrypted'))
  const stated = [{ algorithm: 'sha256', value: hex('sha256', 'abc'), provenance: 'service' }] as const
  const disk = (): BackupSource => memorySource({ k: 'abc' }, { uri: 'memory://disk' })

  it('is read once more where a digest that was asked for afterwards can name the rotten side', async () => {
    const { source, memory, calls } = bucket('b', { k: 'abc' }, { k: { listed: [encrypted], stated } })
    memory.rot('k', 'abX')
    const found = await only(compare({ source: disk(), replicas: [source], require: 'read' }))
    expect(found).toMatchObject({ outcome: 'mismatch', rotten: 'replica' })
    expect(calls).toEqual({ stat: 1, read: 2 })
  })

  it('stays found when the second read fails', async () => {
    const { source, memory, calls } = bucket('b', { k: 'abc' }, { k: { listed: [encrypted], stated } })
    memory.rot('k', 'abX')
    const failing: BackupSource = {
      ...source,
      read: (ref, options) => {
        if (calls.read === 0) return source.read(ref, options)
        throw new BackupError({ code: 'access-denied', message: 'The credentials have expired.' })
      },
    }
    const found = await only(compare({ source: disk(), replicas: [failing], require: 'read' }))
    expect(found).toMatchObject({ outcome: 'mismatch', reason: 'digest' })
    expect(found.rotten).toBeUndefined()
  })
})

describe('verify by digests that come with the bytes', () => {
  it('needs no question', async () => {
    const told = { k: { listed: [opaque(hex('md5', 'abc'))], sent: [md5(hex('md5', 'abc'))] } }
    const { source, calls } = bucket('b', { k: 'abc' }, told)
    const [found] = await all(verify({ source, require: 'read' }))
    expect(found).toMatchObject({ outcome: 'match', grade: 'read' })
    expect(calls).toEqual({ stat: 0, read: 1 })
  })

  it('finds rot, and names it', async () => {
    const told = { k: { listed: [opaque(hex('md5', 'abc'))], sent: [md5(hex('md5', 'abc'))] } }
    const { source, memory } = bucket('b', { k: 'abc' }, told)
    memory.rot('k', 'abX')
    expect(await only(verify({ source }))).toMatchObject({ outcome: 'mismatch', reason: 'digest', rotten: 'source' })
  })

  it('does not accuse by a listed digest that the bytes show to be no MD5', async () => {
    const sha256 = { algorithm: 'sha256', value: hex('sha256', 'abc'), provenance: 'service' } as const
    const told = { k: { listed: [opaque(hex('md5', 'encrypted'))], sent: [sha256] } }
    const { source, calls } = bucket('b', { k: 'abc' }, told)
    expect((await all(verify({ source })))[0]).toMatchObject({ outcome: 'match', grade: 'read' })
    expect(calls).toEqual({ stat: 0, read: 1 })
  })

  it('knows how the parts were cut, which does not come with the bytes', async () => {
    const value = createHash('sha256')
      .update(createHash('sha256').update('a').digest())
      .update(createHash('sha256').update('bc').digest())
      .digest('hex')
    const composite = { algorithm: 'sha256', value, provenance: 'service', coverage: { parts: 2 } } as const
    const stated = [{ ...composite, coverage: { parts: 2, sizes: [1, 2] } }]
    const told = { k: { listed: [opaque(hex('md5', 'encrypted'))], stated, sent: [composite] } }
    const { source, memory } = bucket('b', { k: 'abc' }, told)
    expect((await all(verify({ source })))[0]).toMatchObject({ outcome: 'match', grade: 'read' })
    memory.rot('k', 'abX')
    expect(await only(verify({ source }))).toMatchObject({ outcome: 'mismatch', rotten: 'source' })
  })

  it('asks nothing of what is held against a baseline: it is read whatever it stores', async () => {
    const { source, calls } = bucket('b', { k: 'abc' }, { k: { listed: [opaque(hex('md5', 'abc'))] } })
    const baseline = bucket(
      'baseline',
      { k: 'abc' },
      { k: { listed: [opaque('00')], stated: [md5(hex('md5', 'abc'))] } },
    )
    const [found] = await all(verify({ source, against: baseline.source }))
    expect(found).toMatchObject({ outcome: 'match', method: 'one-sided-read' })
    expect([calls, baseline.calls]).toEqual([
      { stat: 0, read: 1 },
      { stat: 1, read: 0 },
    ])
  })

  it('says `unverifiable` where nothing vouches', async () => {
    const { source, calls } = bucket('b', { k: 'abc' }, { k: { listed: [opaque(hex('md5', 'encrypted'))], sent: [] } })
    expect(await only(verify({ source }))).toMatchObject({ outcome: 'unverifiable' })
    expect(calls).toEqual({ stat: 1, read: 1 })
  })
})

describe('an object that is replaced after it was read', () => {
  /** The state of an entry as places without version ids tell it. */
  type Change = (entry: ObjectEntry) => ObjectEntry
  const byEtag: Change = ({ version, modified: _, ...entry }) => ({ ...entry, etag: `"${version}"` })
  const byTime: Change = ({ version, ...entry }) => ({ ...entry, modified: Number(version?.length) })
  const byVersion: Change = (entry) => entry

  it.each([
    ['version', byVersion],
    ['ETag', byEtag],
    ['time', byTime],
  ])('is started over, once, and never accused by the digest of what took its place (%s)', async (name, state) => {
    const told: Record<string, Told> = { k: { listed: [opaque(hex('md5', 'encrypted'))] } }
    const { source, memory } = bucket('b', { k: 'abc' }, told)
    let asked = 0
    const racing: BackupSource = {
      ...source,
      list: async function* (options) {
        for await (const page of source.list(options)) yield page.map(state)
      },
      stat: async (ref, options) => {
        asked += 1
        // Times tell a change by themselves here: a new one each time.
        memory.set('k', 'abd')
        told['k'] = { listed: [], stated: [md5(hex('md5', 'abd'))], sent: [md5(hex('md5', 'abd'))] }
        const info = state(await source.stat(ref, options))
        return name === 'time' ? { ...info, modified: asked + 1_000 } : info
      },
    }
    const { result, telemetry } = await verify({ source: racing }).report()
    expect(result.findings).toEqual([])
    expect(result.totals.outcomes.match).toBe(1)
    expect(telemetry.retries).toBe(1)
  })
})

describe('archived objects', () => {
  it('are proven by what is stored, and never read', async () => {
    const { source, calls } = bucket(
      'b',
      { k: 'abc', l: 'abc' },
      { k: { listed: [opaque(hex('md5', 'abc'))] }, l: { listed: [opaque(hex('md5', 'other'))] } },
    )
    const cold: BackupSource = {
      ...source,
      list: async function* (options) {
        for await (const page of source.list(options)) yield page.map((entry) => ({ ...entry, archived: true }))
      },
      stat: async (ref, options) => ({ ...(await source.stat(ref, options)), archived: true }),
    }
    const found = await all(
      compare({ source: memorySource({ k: 'abc', l: 'abc' }, { uri: 'memory://disk' }), replicas: [cold] }),
    )
    expect(found.map(({ outcome }) => outcome)).toEqual(['match', 'unverifiable'])
    expect(found[1]!.error).toMatchObject({ code: 'archived', side: 'replica' })
    // What was listed turned out to be no digest of the content: nothing claims anything.
    expect(found[1]!.reason).toBe('archived')
    expect(calls.read).toBe(0)
    const [own] = await all(verify({ source: cold }))
    expect(own).toMatchObject({ outcome: 'unverifiable', error: { code: 'archived', side: 'source' } })
    expect(calls.read).toBe(0)
  })
})

describe('a place of which only claims can be had', () => {
  const claims = [{ algorithm: 'md5', provenance: 'claimed' }] as const
  const claim = md5(hex('md5', 'as it is'), { provenance: 'claimed' })
  const placeOf = (listed: readonly Digest[]) => {
    const place = bucket('claims', { k: 'as it is' }, { k: { listed, stated: [claim] } })
    const { describe: told } = place.source
    const source: BackupSource = { ...place.source, describe: async () => ({ ...(await told()), statDigests: claims }) }
    return { ...place, source }
  }
  const disk = memorySource({ k: 'as it is' }, { uri: 'memory://disk' })

  it.each([
    ['stored', [], 0],
    ['stored', [claim], 0],
    ['claimed', [claim], 0],
    ['claimed', [], 1],
  ] as const)(
    'is asked only where policy accepts them and they are not listed: %s, %j',
    async (require, listed, asked) => {
      const { source, calls } = placeOf(listed)
      const { result } = await compare({ source: disk, replicas: [source], require }).report()
      expect(result.totals.outcomes.match).toBe(1)
      expect(calls.stat).toBe(asked)
    },
  )
})
