import { compare } from '@backproof/core/compare'
import type { BackupSource, ObjectEntry } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Fault } from '../../http/faults.js'
import { type FaultPlatform, isAbsent, type Target } from './platform.js'
import { KEYS, QUICK, SIZE, type Vault } from './vault.js'

const TALL = 'tall'
const MANY = 'many'

interface Case {
  readonly name: string
  readonly operation: string
  readonly key: string
  readonly bucket?: string
  readonly read: boolean
  readonly fault: Fault
}

/** How a request hangs, by its kind of answer. */
const HANGS: Readonly<Record<Target['answer'], { readonly words: string; readonly fault: Fault }>> = {
  head: { words: 'without an answer', fault: { delayMs: 60_000 } },
  document: { words: 'that stalls', fault: { stall: 50 } },
  body: { words: 'that stalls', fault: { stall: 50_000 } },
}

/** Each kind of request once, and what hangs in other ways. */
const casesOf = ({ targets, operations, failures }: FaultPlatform): readonly Case[] => {
  const kinds = new Map(targets.toReversed().map((target) => [target.operation, target]))
  const single = [...kinds.values()].toReversed().map(({ operation, key, answer, read }) => {
    const { words, fault } = HANGS[answer]
    return { name: `${operation} ${words}`, operation, key, read: read || operation === operations.read, fault }
  })
  const read = { operation: operations.read, read: true }
  const wait = { ...failures.throttled, headers: { 'retry-after': '60' } }
  return [
    ...single,
    { name: 'ranges that stall', ...read, bucket: TALL, key: TALL, fault: { stall: 50_000 } },
    { name: 'a wait that the service asked for', ...read, key: KEYS.plain, fault: wait },
  ]
}

/** A run ends within this time of its cancellation, in milliseconds. */
const PROMPT_MS = 200

/**
 * What it took, when nothing else held this process up: other work on the machine delays one try or another, a wait that is in
 * the code delays all.
 */
const expectPrompt = async (attempt: () => Promise<number>): Promise<void> => {
  const took: number[] = []
  while (took.length < 3 && !(Math.min(...took) < PROMPT_MS)) took.push(await attempt())
  expect(Math.min(...took), `of ${took.map(Math.round).join(', ')} ms`).toBeLessThan(PROMPT_MS)
}

/** Runs that are ended while a request hangs. */
export const cancelledRuns = (vault: () => Vault, platform: FaultPlatform): void => {
  const tall = new Map([[TALL, Buffer.alloc(33 * 1024 * 1024)]])
  const { read, list } = platform.operations

  beforeAll(async () => {
    await platform.createBucket(TALL)
    for (const [key, bytes] of tall) await platform.put(TALL, key, bytes)
  })
  afterEach(() => {
    vault().fault()
  })

  const copyOf = (bucket: string | undefined): BackupSource => memorySource(bucket === TALL ? tall : vault().files)

  /** Calls `work` once the first request hangs. */
  const onceHanging = ({ operation, key, fault: hang }: Case, work: () => void): void => {
    let hanging = false
    const fault = (): Fault => {
      if (!hanging) setTimeout(work, 100)
      hanging = true
      return hang
    }
    vault().fault({ operation, key, fault })
  }

  /** Sockets end a moment after they were told to. */
  const expectNoSockets = (): Promise<void> => vi.waitFor(() => expect(vault().traffic.open()).toBe(0), 2_000)

  for (const one of casesOf(platform)) {
    const { name, bucket } = one
    const how = { require: one.read ? 'read' : platform.proves } as const

    const aborted = async (): Promise<number> => {
      const controller = new AbortController()
      let at = 0
      onceHanging(one, () => {
        at = performance.now()
        controller.abort(new Error('enough'))
      })
      const source = vault().open({ bucket })
      const options = { ...how, retry: QUICK, signal: controller.signal }
      const report = await compare({ source: copyOf(bucket), replicas: [source], ...options }).report()
      const took = performance.now() - at
      expect(at).toBeGreaterThan(0)
      vault().outputs.add(name, report)
      expect(report.result).toMatchObject({ complete: false, incomplete: [{ reason: 'aborted' }] })
      const { match, ...others } = report.result.totals.outcomes
      expect(match).toBeLessThan(vault().files.size)
      expect(Object.values(others)).toEqual(Object.values(others).map(() => 0))
      await source[Symbol.asyncDispose]()
      await expectNoSockets()
      return took
    }

    test(`${name}, aborted: a report at once that says so, and no socket stays`, () => expectPrompt(aborted))

    if ('status' in one.fault) continue
    const disposedOf = async (): Promise<number> => {
      const source = vault().open({ bucket })
      let at = 0
      onceHanging(one, () => {
        at = performance.now()
        void source[Symbol.asyncDispose]()
      })
      const retry = { ...QUICK, attempts: 1 }
      const run = compare({ source: copyOf(bucket), replicas: [source], ...how, retry })
      const told: unknown = await run.report().catch((error: unknown) => error)
      const took = performance.now() - at
      expect(at).toBeGreaterThan(0)
      vault().outputs.add(name, told)
      const text = JSON.stringify(told)
      expect(text).toMatch(/was disposed of/)
      expect(text).not.toMatch(/"(?:missing|extra|mismatch|unreadable)":[1-9]/)
      await expectNoSockets()
      return took
    }

    test(`${name}, source disposed of: ends with what it was, and no socket stays`, () => expectPrompt(disposedOf))
  }

  describe('consumers that leave', () => {
    // What does not come in the order of keys is listed to its end before the first is compared: there, a read stalls.
    const inOrder = !isAbsent(platform.listings.resumable)
    const what = inOrder ? 'the next page' : 'a read behind the first findings'
    test(`the loop of a comparison, while ${what} stalls: incomplete (left-early), no socket stays`, async () => {
      const rows = inOrder ? platform.listings.pageRows * 2.5 : 600
      const files = Array.from({ length: rows }, (_, i) => [`${100_000 + i}`, Buffer.from(`${i}`)] as const)
      await platform.createBucket(MANY)
      for (const [key, bytes] of files) await platform.put(MANY, key, bytes)
      vault().fault(
        inOrder
          ? { operation: list, after: 2, fault: { stall: 100 } }
          : { operation: read, after: 400, fault: { stall: 0 } },
      )
      const source = vault().open({ bucket: MANY, listConcurrency: 1 })
      const how = { require: inOrder ? platform.proves : 'read', retry: QUICK } as const
      const run = compare({ source: memorySource(files), replicas: [source], ...how })
      for await (const page of run) {
        expect(page.length).toBeGreaterThan(0)
        break
      }
      expect((await run.report()).result).toMatchObject({ complete: false, incomplete: [{ reason: 'left-early' }] })
      await source[Symbol.asyncDispose]()
      await expectNoSockets()
    })

    test('a body whose signal aborts while it stalls: rejects with the reason at once, its socket ends', () =>
      expectPrompt(async () => {
        vault().fault({ operation: read, key: KEYS.plain, fault: { stall: 50_000 } })
        const source = vault().open()
        const { ref } = await entryOf(source, KEYS.plain)
        const controller = new AbortController()
        const { body } = await source.read(ref, { signal: controller.signal })
        const reason = new Error('enough of this body')
        let at = 0
        setTimeout(() => {
          at = performance.now()
          controller.abort(reason)
        }, 50)
        await expect(async () => {
          for await (const _ of body);
        }).rejects.toBe(reason)
        const took = performance.now() - at
        await expectNoSockets()
        await source[Symbol.asyncDispose]()
        return took
      }))

    test('a body that is left after its first bytes: its socket ends, the next read works', async () => {
      vault().fault({ operation: read, key: KEYS.plain, times: 1, fault: { stall: 50_000 } })
      const source = vault().open()
      const { ref } = await entryOf(source, KEYS.plain)
      const { body } = await source.read(ref)
      for await (const _ of body) break
      await expectNoSockets()
      let bytes = 0
      for await (const chunk of (await source.read(ref)).body) bytes += chunk.byteLength
      expect(bytes).toBe(SIZE)
      await source[Symbol.asyncDispose]()
      await expectNoSockets()
    })
  })
}

const entryOf = async (source: BackupSource, key: string): Promise<ObjectEntry> => {
  for await (const page of source.list()) {
    const entry = page.find((one) => one.key === key)
    if (entry !== undefined) return entry
  }
  throw new Error(`The bucket has no ${key}.`)
}
