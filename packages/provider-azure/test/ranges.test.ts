import { createHash } from 'node:crypto'
import { compare } from '@backproof/core/compare'
import { memorySource } from '@backproof/core/testing'
import { verify } from '@backproof/core/verify'
import { azurePlatform, type Front, startFront } from '@backproof/test-servers'
import { bytesOf } from '@backproof/test-servers/suites'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { MIB, openServer } from './platform/place.js'

const place = await openServer()
const large = bytesOf(64 * MIB)
const quick = { retry: { attempts: 3, baseDelayMs: 1, maxDelayMs: 5 } } as const
const NO_MD5 = { contentMd5: 'absent' } as const

describe('64 MiB, read as ranges', () => {
  let container: string
  beforeAll(async () => {
    container = await place.container({ k: [large, NO_MD5] })
  })
  afterEach(() => place.server.setFault(undefined))

  it('of which one is reset half way: that one is read again, and all match', async () => {
    let reset = 0
    place.server.setFault(({ operation, count }) => {
      if (operation !== 'GetBlob' || count !== 3) return undefined
      reset += 1
      return { reset: 4 * MIB }
    })
    place.requests.reset()
    const run = compare({ source: memorySource([['k', large]]), replicas: [place.source(container)], ...quick })
    const { result, telemetry } = await run.report()
    expect(result).toMatchObject({ complete: true, totals: { outcomes: { match: 1 } } })
    expect(reset).toBe(1)
    // Eight ranges of 8 MiB, and one again.
    expect(telemetry).toMatchObject({ retries: 1, operations: { GetBlob: 9 } })
    expect(place.requests.count('GetBlob')).toBe(9)
  })

  it('are read at the same time, and are the bytes of the blob: its SHA-256 is right', async () => {
    let [open, most] = [0, 0]
    place.server.setFault(({ operation }) => {
      if (operation !== 'GetBlob') return undefined
      open += 1
      most = Math.max(most, open)
      setTimeout(() => {
        open -= 1
      }, 100)
      return { delayMs: 100 }
    })
    const sha256 = createHash('sha256').update(large).digest('hex')
    const against = await place.manifest({ k: large })
    const { result } = await verify({ source: place.source(container), against, ...quick }).report()
    expect(result).toMatchObject({ complete: true, totals: { outcomes: { match: 1 } } })
    expect(sha256).toHaveLength(64)
    expect(most).toBeGreaterThan(1)
  })
})

describe('a byte that changes on the way', () => {
  let front: Front
  let container: string
  beforeAll(async () => {
    front = await startFront({ target: place.server.url, platform: azurePlatform() })
    container = await place.container({ k: [large.subarray(0, 6 * MIB), NO_MD5] })
  })
  afterAll(() => front.close())

  /** Changes one byte of a body, `times` times. */
  const change = (times: number): (() => number) => {
    let changed = 0
    front.setIntercept(async ({ operation }, handOn) => {
      const reply = await handOn()
      if (operation !== 'GetBlob' || changed >= times || !(reply.body instanceof Uint8Array)) return reply
      changed += 1
      const body = Buffer.from(reply.body)
      body[Math.floor(body.length / 2)]! ^= 1
      return { ...reply, body }
    })
    return () => changed
  }
  const read = async (range: { start: number; end: number }): Promise<Buffer> => {
    const source = place.source(container, { url: front.url })
    const pieces: Uint8Array[] = []
    for await (const page of source.list()) {
      for (const { ref } of page)
        for await (const piece of (await source.read(ref, { range })).body) pieces.push(Buffer.from(piece))
    }
    return Buffer.concat(pieces)
  }

  it.each([
    ['of 4 MiB', { start: MIB, end: 5 * MIB }],
    ['of one byte', { start: 7, end: 8 }],
    ['at the end', { start: 6 * MIB - 1_000, end: 6 * MIB }],
  ])('is found in a range %s, as corrupt that may be tried again, and passes', async (_, range) => {
    const changed = change(1)
    await expect(read(range)).rejects.toMatchObject({
      code: 'corrupt',
      retryable: true,
      message: expect.stringContaining('changed on their way'),
    })
    expect(changed()).toBe(1)
    expect((await read(range)).equals(large.subarray(range.start, range.end))).toBe(true)
  })

  it('is not found by the service in a longer range, which cannot be checked so: what is compared finds it', async () => {
    const changed = change(1)
    const range = { start: 0, end: 4 * MIB + 1 }
    expect((await read(range)).equals(large.subarray(range.start, range.end))).toBe(false)
    expect(changed()).toBe(1)
  })
})
