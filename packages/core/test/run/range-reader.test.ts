import { createHash } from 'node:crypto'
import { compare } from '@backproof/core/compare'
import { BackupError } from '@backproof/core/errors'
import type { ObjectFinding } from '@backproof/core/report'
import type { BackupSource, ByteRange } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import { describe, expect, it } from 'vitest'

const MIB = 1024 * 1024
const bytes = Buffer.alloc(40 * MIB + 5)
for (let i = 0; i < bytes.length; i += 4093) bytes.writeUInt8(i & 0xff, i)
const stored = [{ algorithm: 'sha256', provenance: 'recorded' }] as const

type Read = BackupSource['read']

/** A remote place with one large object, whose reads can be watched and changed. */
const remote = (
  change: (range: ByteRange | undefined, read: () => ReturnType<Read>, count: number) => ReturnType<Read>,
) => {
  const memory = memorySource({ k: bytes }, { uri: 'memory://remote', traits: { readCost: 'paid' } })
  const ranges: (ByteRange | undefined)[] = []
  let [now, most] = [0, 0]
  const read: Read = async (ref, options) => {
    ranges.push(options?.range)
    now += 1
    most = Math.max(most, now)
    try {
      return await change(options?.range, () => memory.read(ref, options), ranges.length)
    } finally {
      now -= 1
    }
  }
  const source: BackupSource = { ...memory, read }
  return { source, ranges, most: () => most }
}

const expected = memorySource(
  { k: bytes },
  { uri: 'memory://expected', digests: stored, traits: { readCost: 'impossible' } },
)

/** The same of which only a CRC is known. */
const expectedCrc = memorySource(
  { k: bytes },
  {
    uri: 'memory://expected',
    digests: [{ algorithm: 'crc32c', provenance: 'recorded' }],
    traits: { readCost: 'impossible' },
  },
)

const findingOf = async (
  source: BackupSource,
  signal?: AbortSignal,
  reference: BackupSource = expected,
): Promise<ObjectFinding> => {
  const retry = { attempts: 3, baseDelayMs: 1 }
  const found: ObjectFinding[] = []
  for await (const page of compare({ source: reference, replicas: [source], retry, signal })) found.push(...page)
  return found[0]!
}

describe('large objects', () => {
  it('are read as ranges, several at once, and hashed in order', async () => {
    const place = remote(async (_, read) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
      return read()
    })
    const found = await findingOf(place.source)
    expect(found).toMatchObject({ outcome: 'match', grade: 'read', method: 'one-sided-read' })
    expect(found.sides?.replica?.digest?.value).toBe(createHash('sha256').update(bytes).digest('hex'))
    expect(found.sides?.replica?.bytesRead).toBe(bytes.length)
    expect(place.most()).toBe(4)
    const wanted = [0, 8, 16, 24, 32, 40].map((mib) => ({
      start: mib * MIB,
      end: Math.min(bytes.length, (mib + 8) * MIB),
    }))
    expect(place.ranges.toSorted((a, b) => a!.start - b!.start)).toEqual(wanted)
  })

  it('have single ranges read again after a passing fault', async () => {
    const place = remote((range, read, count) =>
      range?.start === 16 * MIB && count < 5
        ? Promise.reject(new BackupError({ code: 'unavailable', message: 'reset' }))
        : read(),
    )
    expect((await findingOf(place.source)).outcome).toBe('match')
    expect(place.ranges.length).toBe(7)
  })

  it.each([
    ['shorter', (chunk: Uint8Array) => chunk.subarray(1)],
    ['longer', (chunk: Uint8Array) => Buffer.concat([chunk, Buffer.from('x')])],
  ])('whose range is %s than asked for are unreadable', async (_, alter) => {
    const place = remote(async (range, read) => {
      const opened = await read()
      if (range?.start !== 24 * MIB) return opened
      const altered = async function* (): AsyncGenerator<Uint8Array> {
        let first = true
        for await (const chunk of opened.body) {
          yield first ? alter(chunk) : chunk
          first = false
        }
      }
      return { ...opened, body: altered() }
    })
    const found = await findingOf(place.source)
    expect(found).toMatchObject({ outcome: 'unreadable', rotten: 'replica', error: { code: 'corrupt' } })
  })

  it('fail with the error of the first range that fails for good', async () => {
    const place = remote((range, read) =>
      range?.start === 8 * MIB ? Promise.reject(new BackupError({ code: 'access-denied', message: 'no' })) : read(),
    )
    expect(await findingOf(place.source)).toMatchObject({ outcome: 'error', error: { code: 'access-denied' } })
  })

  it('stop at once on abort', async () => {
    const controller = new AbortController()
    const place = remote((range, read) => {
      if (range?.start === 8 * MIB) setTimeout(() => controller.abort(new Error('enough')), 5)
      return range?.start === 8 * MIB ? new Promise<never>(() => undefined) : read()
    })
    const started = performance.now()
    await expect(findingOf(place.source, controller.signal)).rejects.toThrow('enough')
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})

describe('large objects of which a CRC is wanted', () => {
  it('are hashed range by range, in whatever order they come, and put together', async () => {
    const place = remote(async (range, read) => {
      // The first segment comes last.
      await new Promise((resolve) => setTimeout(resolve, range?.start === 0 ? 60 : 1))
      return read()
    })
    const found = await findingOf(place.source, undefined, expectedCrc)
    expect(found).toMatchObject({ outcome: 'match', grade: 'stored', method: 'one-sided-read' })
    expect(found.sides?.replica?.bytesRead).toBe(bytes.length)
    expect(place.most()).toBe(4)
    expect(place.ranges).toHaveLength(4)
    expect(place.ranges.reduce((sum, range) => sum + range!.end - range!.start, 0)).toBe(bytes.length)
  })

  it.each([0, 10 * MIB + 1, 20 * MIB + 2, 40 * MIB + 4])('have a byte that is wrong at offset %i found', async (at) => {
    const wrong = Buffer.from(bytes)
    wrong[at]! ^= 1
    const rotten = memorySource({ k: wrong }, { uri: 'memory://rotten', traits: { readCost: 'paid' } })
    expect((await findingOf(rotten, undefined, expectedCrc)).outcome).toBe('mismatch')
  })

  it('do not count what a try gave that failed', async () => {
    const place = remote(async (range, read, count) => {
      const opened = await read()
      if (range?.start === 0 || count > 4) return opened
      const broken = async function* (): AsyncGenerator<Uint8Array> {
        for await (const chunk of opened.body) {
          yield chunk
          throw new BackupError({ code: 'unavailable', message: 'reset' })
        }
      }
      return { ...opened, body: broken() }
    })
    const found = await findingOf(place.source, undefined, expectedCrc)
    expect(found.outcome).toBe('match')
    expect(found.sides?.replica?.bytesRead).toBe(bytes.length)
    expect(place.ranges).toHaveLength(7)
  })

  it('fail with the error of a range that fails for good, and end the others', async () => {
    const place = remote((range, read) => {
      if (range?.start === 0) return new Promise<never>(() => undefined)
      return range!.start > 30 * MIB
        ? Promise.reject(new BackupError({ code: 'access-denied', message: 'no' }))
        : read()
    })
    const found = await findingOf(place.source, undefined, expectedCrc)
    expect(found).toMatchObject({ outcome: 'error', error: { code: 'access-denied' } })
  })

  it('stop at once on abort', async () => {
    const controller = new AbortController()
    const place = remote(() => {
      setTimeout(() => controller.abort(new Error('enough')), 5)
      return new Promise<never>(() => undefined)
    })
    const started = performance.now()
    await expect(findingOf(place.source, controller.signal, expectedCrc)).rejects.toThrow('enough')
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})
