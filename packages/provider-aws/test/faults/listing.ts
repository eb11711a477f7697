import { compareKeys } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import type { Fault } from '@backproof/test-servers'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Told } from './support/told.js'
import type { Vault } from './support/vault.js'

const PAGES = 'pages'
const DIRECTORY = 'pages--use1-az4--x-s3'
const COUNT = 2_500

interface Case {
  readonly name: string
  readonly fault: Fault
  readonly code: string
  readonly words: RegExp
  /** Also for listings page by page. */
  readonly alone?: true
}

const CASES: readonly Case[] = [
  {
    name: '503 SlowDown',
    fault: { status: 503, code: 'SlowDown' },
    code: 'throttled',
    words: /slow down.*request [0-9A-F]{16}/,
    alone: true,
  },
  {
    name: '500 InternalError',
    fault: { status: 500, code: 'InternalError' },
    code: 'unavailable',
    words: /the service failed/,
  },
  { name: 'a reset mid-page', fault: { reset: 30_000 }, code: 'unavailable', words: /broke off the connection/ },
  { name: 'a page cut short', fault: { truncate: 30_000 }, code: 'unavailable', words: /broke off the connection/ },
  {
    name: 'a page whose length is too short',
    fault: { contentLength: 30_000 },
    code: 'unavailable',
    words: /no answer of S3, or was damaged/,
  },
  {
    name: 'a page that breaks off in an element',
    fault: { malformed: true },
    code: 'unavailable',
    words: /no answer of S3, or was damaged/,
    alone: true,
  },
  { name: 'a page that stalls', fault: { stall: 30_000 }, code: 'timeout', words: /no answer within 600 ms/ },
]

/** Faults while a listing goes on: what was listed before stands, and of the rest nothing is said. */
export const listingFaults = (vault: () => Vault): void => {
  const rows = Array.from(
    { length: COUNT },
    (_, i) => [`k/${String(i * 7).padStart(6, '0')}`, Buffer.from(`${i}`)] as const,
  )
  const copy = memorySource(rows)

  beforeAll(async () => {
    const { admin } = vault().server
    admin.createBucket({ name: PAGES })
    admin.createBucket({ name: DIRECTORY, kind: 'directory' })
    for (const [key, bytes] of rows) {
      await admin.put(PAGES, key, bytes)
      await admin.put(DIRECTORY, key, bytes, { checksum: 'none' })
    }
  })

  // A directory bucket lists no digests; asking for each would measure something else.
  const listed = (where: string, bucket: string, listConcurrency: number, requestTimeoutMs = 10_000): Promise<Told> =>
    vault().compare(where, {
      copy,
      require: bucket === DIRECTORY ? 'size' : 'stored',
      s3: { bucket, listConcurrency, requestTimeoutMs },
    })

  /** Matches from the first key on without a gap, and nothing else. */
  const expectOnlyMatches = ({ keys }: Told): number => {
    const told = Object.keys(keys).sort(compareKeys)
    expect(told).toEqual(rows.slice(0, told.length).map(([key]) => key))
    expect(new Set(Object.values(keys))).toEqual(new Set(told.length === 0 ? [] : ['match']))
    return told.length
  }

  for (const listConcurrency of [1, 4]) {
    describe(`${listConcurrency} at once`, () => {
      // One after the other is the simple case: a few kinds of faults tell.
      for (const { name, fault, code, words } of listConcurrency === 1 ? CASES.filter(({ alone }) => alone) : CASES) {
        const timeout = 'stall' in fault ? 600 : undefined
        test(`${name} from page 2 on, a burst that passes: all match`, async () => {
          const failed = vault().fault({ operation: 'ListObjectsV2', after: 1, times: 2, fault })
          const told = await listed(name, PAGES, listConcurrency, timeout)
          expect(told).toMatchObject({ message: '', complete: true, exit: 0, outcomes: { match: COUNT } })
          expect(failed()).toBe(2)
          expect(told.retries).toBeGreaterThanOrEqual(1)
        })

        test(`${name} from page 2 on, for ever: incomplete (${code}), matches only, none missing`, async () => {
          vault().fault({ operation: 'ListObjectsV2', after: 1, fault })
          const told = await listed(name, PAGES, listConcurrency, timeout)
          expect(expectOnlyMatches(told)).toBeLessThan(COUNT)
          expect(told).toMatchObject({ complete: false, exit: 3, code })
          expect(told.message).toMatch(words)
          expect(told.ms).toBeLessThan(15_000)
        })
      }

      test('a page that repeats, with a token that leads to itself: no report at all (contract)', async () => {
        vault().fault({ operation: 'ListObjectsV2', after: 1, fault: { repeatToken: true } })
        const told = await listed('a page that repeats', PAGES, listConcurrency)
        expect(told).toMatchObject({ exit: undefined, report: undefined, code: 'contract' })
        expect(told.message).toMatch(/cannot be trusted|twice|order|comes after|promise/)
      })
    })
  }

  test('session token that expires while pages come: incomplete (access-denied), matches only, tried once', async () => {
    const { server } = vault()
    const credentials = server.addUser({
      allow: [{ effect: 'Allow', actions: ['s3:*'], resources: ['*'] }],
      expiresAt: new Date(Date.now() + 60_000),
    })
    for (const [name, value] of Object.entries({ ...credentials })) vault().keepSecret(`${name} that expires`, value)
    const late = (): undefined => {
      server.clockOffsetMs = 120_000
    }
    vault().fault({ operation: 'ListObjectsV2', after: 2, fault: late })
    try {
      const told = await vault().compare('expired while listing', {
        copy,
        s3: { bucket: PAGES, listConcurrency: 1, credentials },
      })
      expect(expectOnlyMatches(told)).toBeLessThan(COUNT)
      expect(told).toMatchObject({ complete: false, exit: 3, code: 'access-denied', retries: 0 })
      expect(told.message).toMatch(/the credentials have expired\..*ExpiredToken, HTTP 400, request/)
    } finally {
      server.clockOffsetMs = 0
    }
  })

  test('directory bucket, which has no order: 500 on page 1 passes, all match', async () => {
    const failed = vault().fault({
      operation: 'ListObjectsV2',
      times: 2,
      fault: { status: 500, code: 'InternalError' },
    })
    const told = await listed('directory, page 1', DIRECTORY, 1)
    expect(told).toMatchObject({ message: '', complete: true, exit: 0, outcomes: { match: COUNT } })
    expect(failed()).toBe(2)
  })

  test('directory bucket: 500 on page 2 cannot be resumed: incomplete (unavailable), none missing or extra', async () => {
    vault().fault({ operation: 'ListObjectsV2', after: 1, times: 1, fault: { status: 500, code: 'InternalError' } })
    const told = await listed('directory, page 2', DIRECTORY, 1)
    expect(told).toMatchObject({ complete: false, exit: 3, code: 'unavailable' })
    expect(Object.keys(told.outcomes).filter((outcome) => outcome !== 'match')).toEqual([])
  })

  test('directory bucket: pages that go round: no report at all (contract)', async () => {
    vault().fault({ operation: 'ListObjectsV2', after: 1, fault: { repeatToken: true } })
    const told = await listed('directory, round', DIRECTORY, 1)
    expect(told).toMatchObject({ exit: undefined, report: undefined, code: 'contract' })
    expect(told.message).toMatch(/go round|leads to itself|twice/)
  })
}
