import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { memorySource } from '@backproof/core/testing'
import { afterEach, beforeAll, expect, test } from 'vitest'
import type { Fault } from '../../http/faults.js'
import type { FaultPlatform } from './platform.js'
import type { Told } from './told.js'
import { QUICK, type Vault } from './vault.js'

const LARGE = 'large'
/** From 32 MiB on an object is read as ranges of 8 MiB, four at once. */
const SIZE = 33 * 1024 * 1024
const allMatch = { small: 'match', tall: 'match' }

interface Case {
  readonly name: string
  readonly fault: Fault
  readonly outcome: string
  /** What else may be told of it; see `resetBodies`. */
  readonly or?: string
  readonly words: RegExp
}

const casesOf = ({ throttled }: FaultPlatform['failures']): readonly Case[] => [
  {
    name: `${throttled.status} ${throttled.code}`,
    fault: throttled,
    outcome: 'error: throttled',
    words: new RegExp(`slow down.*HTTP ${throttled.status}, request`),
  },
  {
    name: 'a reset mid-range',
    fault: { reset: 1_000_000 },
    outcome: 'error: unavailable',
    or: 'unreadable: corrupt',
    words: /broke off the connection|tall ended after \d+ of/,
  },
  {
    name: 'a range cut short',
    fault: { truncate: 1_000_000 },
    outcome: 'unreadable: corrupt',
    words: /tall ended after 1000000 of (?:8388608|1048576) bytes/,
  },
  {
    name: 'a length that is wrong',
    fault: { contentLength: 1_000_000 },
    outcome: 'unreadable: corrupt',
    words: /has 1000000 bytes for that range/,
  },
  {
    name: 'a stall mid-range',
    fault: { stall: 1_000_000 },
    outcome: 'error: timeout',
    words: /No byte of tall came for 1000 ms, after 1000000 bytes/,
  },
]

/** Faults of single ranges of an object that is read in several at once. */
export const largeFaults = (vault: () => Vault, platform: FaultPlatform): void => {
  const operation = platform.operations.read
  const files = new Map([
    ['small', randomBytes(1_000)],
    ['tall', randomBytes(SIZE)],
  ])
  const copy = memorySource(files, { chunkSize: 1024 * 1024 })

  beforeAll(async () => {
    await platform.createBucket(LARGE)
    for (const [key, bytes] of files) await platform.put(LARGE, key, bytes)
  })

  // Ranges of a run that has ended may still be on their way to the server; they must not count for the next test.
  afterEach(() => delay(100))

  const read = (where: string, fault: Fault, attempts: number): Promise<Told> =>
    vault().compare(where, {
      copy,
      require: 'read',
      retry: { ...QUICK, attempts },
      at: { bucket: LARGE, requestTimeoutMs: 'stall' in fault ? 1_000 : 20_000 },
    })

  for (const { name, fault, outcome, or, words } of casesOf(platform.failures)) {
    test(`${name}, twice: only those ranges are read again, all match`, async () => {
      const failed = vault().fault({ operation, key: 'tall', after: 1, times: 2, fault })
      const told = await read(name, fault, 3)
      expect(told).toMatchObject({ message: '', keys: allMatch, exit: 0, complete: true })
      expect(failed()).toBe(2)
      // Five ranges, the other object, what was tried again, and a question for what did not come of the two.
      const reads = told.report?.telemetry.operations?.[operation]
      expect(reads).toBeGreaterThanOrEqual(5 + 1 + told.retries)
      expect(reads).toBeLessThanOrEqual(5 + 1 + told.retries + 2)
      if (!('stall' in fault) && or === undefined) expect(told.retries).toBe(2)
    })

    const said = or === undefined ? outcome : `${outcome} or ${or}`
    test(`${name} from the third range on, for ever: ${said}, the other object matches`, async () => {
      vault().fault({ operation, key: 'tall', after: 2, fault })
      const told = await read(name, fault, 2)
      expect([outcome, or]).toContain(told.keys['tall'])
      expect(told.keys).toEqual({ ...allMatch, tall: told.keys['tall'] })
      expect(told).toMatchObject({ exit: told.keys['tall']!.startsWith('unreadable') ? 1 : 3, complete: true })
      expect(told.message).toMatch(words)
    })
  }

  test('replaced by other bytes between two ranges: the new bytes are judged, a mismatch', async () => {
    const other = randomBytes(SIZE)
    vault().fault({
      operation,
      key: 'tall',
      after: 2,
      times: 1,
      fault: () => {
        void platform.put(LARGE, 'tall', other)
        return { delayMs: 50 }
      },
    })
    const told = await read('replaced between ranges', { delayMs: 0 }, 3)
    expect(told.keys).toEqual({ small: 'match', tall: 'mismatch' })
    expect(told.exit).toBe(1)
    await platform.put(LARGE, 'tall', files.get('tall')!)
  })

  test('fixity of an object read in ranges, a range cut short for ever: unreadable, not rotten by digest', async () => {
    vault().fault({ operation, key: 'tall', after: 2, fault: { truncate: 5 } })
    const told = await vault().verify('fixity of a large object', { at: { bucket: LARGE } })
    expect(told.keys).toEqual({ small: 'match', tall: 'unreadable: corrupt' })
    expect(told).toMatchObject({ exit: 1, complete: true })
  })
}
