import { compareKeys } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Fault } from '../../http/faults.js'
import { type FaultPlatform, isAbsent } from './platform.js'
import type { Told } from './told.js'
import type { Vault, VaultRun } from './vault.js'

const PAGES = 'pages'

interface Case {
  readonly name: string
  readonly fault: Fault
  readonly code: string
  readonly words: RegExp
  /** Also for listings page by page, where there are others. */
  readonly alone?: true
}

const casesOf = ({ failures, words: { service, requestId, document } }: FaultPlatform): readonly Case[] => {
  const { throttled, failed } = failures
  const brokenOff = { code: 'unavailable', words: /broke off the connection/ } as const
  const damaged = { code: 'unavailable', words: new RegExp(`no answer of ${service}, or was damaged`) } as const
  return [
    {
      name: `${throttled.status} ${throttled.code}`,
      fault: throttled,
      code: 'throttled',
      words: new RegExp(`slow down.*request ${requestId}`),
      alone: true,
    },
    { name: `${failed.status} ${failed.code}`, fault: failed, code: 'unavailable', words: /the service failed/ },
    { name: 'a reset mid-page', fault: { reset: 30_000 }, ...brokenOff },
    { name: 'a page cut short', fault: { truncate: 30_000 }, ...brokenOff },
    { name: 'a page whose length is too short', fault: { contentLength: 30_000 }, ...damaged },
    { name: `${document} that breaks off`, fault: { malformed: true }, ...damaged, alone: true },
    { name: 'a page that stalls', fault: { stall: 30_000 }, code: 'timeout', words: /no answer within 600 ms/ },
  ]
}

/** Faults while a listing goes on: what was listed before stands, and of the rest nothing is said. */
export const listingFaults = (vault: () => Vault, platform: FaultPlatform): void => {
  const { logins, operations, listings, words } = platform
  const { resumable, unordered } = listings
  const operation = operations.list
  const count = listings.pageRows * 2.5
  const rows = Array.from(
    { length: count },
    (_, i) => [`k/${String(i * 7).padStart(6, '0')}`, Buffer.from(`${i}`)] as const,
  )
  const copy = memorySource(rows)

  beforeAll(async () => {
    for (const name of [isAbsent(resumable) ? [] : PAGES, isAbsent(unordered) ? [] : unordered.bucket].flat()) {
      await platform.createBucket(name)
      for (const [key, bytes] of rows) await platform.put(name, key, bytes)
    }
  })

  const listed = (where: string, options: VaultRun): Promise<Told> => vault().compare(where, { copy, ...options })

  /** Matches from the first key on without a gap, and nothing else. */
  const expectOnlyMatches = ({ keys }: Told): number => {
    const told = Object.keys(keys).sort(compareKeys)
    expect(told).toEqual(rows.slice(0, told.length).map(([key]) => key))
    expect(new Set(Object.values(keys))).toEqual(new Set(told.length === 0 ? [] : ['match']))
    return told.length
  }

  const resumed = (listConcurrency: number, alone: boolean): void => {
    const at = { bucket: PAGES, listConcurrency }
    // One after the other is the simple case: a few kinds of faults tell.
    for (const { name, fault, code, words: said } of casesOf(platform).filter(
      (one) => alone || one.alone !== undefined,
    )) {
      const place = { at: { ...at, ...('stall' in fault && { requestTimeoutMs: 600 }) } }
      test(`${name} from page 2 on, a burst that passes: all match`, async () => {
        const failed = vault().fault({ operation, after: 1, times: 2, fault })
        const told = await listed(name, place)
        expect(told).toMatchObject({ message: '', complete: true, exit: 0, outcomes: { match: count } })
        expect(failed()).toBe(2)
        expect(told.retries).toBeGreaterThanOrEqual(1)
      })

      test(`${name} from page 2 on, for ever: incomplete (${code}), matches only, none missing`, async () => {
        vault().fault({ operation, after: 1, fault })
        const told = await listed(name, place)
        expect(expectOnlyMatches(told)).toBeLessThan(count)
        expect(told).toMatchObject({ complete: false, exit: 3, code })
        expect(told.message).toMatch(said)
        expect(told.ms).toBeLessThan(15_000)
      })
    }

    test('a page that repeats, with a token that leads to itself: no report at all (contract)', async () => {
      vault().fault({ operation, after: 1, fault: { repeatToken: true } })
      const told = await listed('a page that repeats', { at })
      expect(told).toMatchObject({ exit: undefined, report: undefined, code: 'contract' })
      expect(told.message).toMatch(/cannot be trusted|twice|order|comes after|promise/)
    })
  }

  if (!isAbsent(resumable)) {
    for (const at of resumable.concurrency) {
      describe(`${at} at once`, () => resumed(at, at === Math.max(...resumable.concurrency)))
    }
  }

  test('credentials that expire while pages come: incomplete (access-denied), matches only, tried once', async () => {
    const { options, expire, restore } = logins.expiring(vault())
    vault().fault({ operation, after: 2, fault: expire })
    const bucket = isAbsent(unordered) || !isAbsent(resumable) ? PAGES : unordered.bucket
    try {
      const told = await listed('expired while listing', { at: { ...options, bucket, listConcurrency: 1 } })
      expect(expectOnlyMatches(told)).toBeLessThan(count)
      expect(told).toMatchObject({ complete: false, exit: 3, code: 'access-denied', retries: 0 })
      expect(told.message).toMatch(words.expired)
    } finally {
      vault().fault()
      restore()
    }
  })

  if (isAbsent(unordered)) return
  describe('without an order to resume it', () => {
    // Some of these list no digests; asking for each would measure something else.
    const place: VaultRun = { require: 'size', at: { bucket: unordered.bucket, listConcurrency: 1 } }
    // What nothing can be resumed after.
    const cases = casesOf(platform).filter(
      ({ name, alone }) => isAbsent(resumable) || (alone !== true && /^5/.test(name)),
    )

    for (const { name, fault, code, words: said } of cases) {
      const stalls: VaultRun = 'stall' in fault ? { at: { ...place.at, requestTimeoutMs: 600 } } : {}
      test(`${name} on page 1 passes: all match`, async () => {
        const failed = vault().fault({ operation, times: 2, fault })
        const told = await listed(`unordered, ${name} on page 1`, { ...place, ...stalls })
        expect(told).toMatchObject({ message: '', complete: true, exit: 0, outcomes: { match: count } })
        expect(failed()).toBe(2)
      })

      test(`${name} on page 2 cannot be resumed: incomplete (${code}), none missing or extra`, async () => {
        vault().fault({ operation, after: 1, times: 1, fault })
        const told = await listed(`unordered, ${name} on page 2`, { ...place, ...stalls })
        expect(told).toMatchObject({ complete: false, exit: 3, code })
        expect(told.message).toMatch(said)
        expect(Object.keys(told.outcomes).filter((outcome) => outcome !== 'match')).toEqual([])
      })
    }

    test('pages that go round: no report at all (contract)', async () => {
      vault().fault({ operation, after: 1, fault: { repeatToken: true } })
      const told = await listed('unordered, round', place)
      expect(told).toMatchObject({ exit: undefined, report: undefined, code: 'contract' })
      expect(told.message).toMatch(/go round|leads to itself|twice/)
    })
  })
}
