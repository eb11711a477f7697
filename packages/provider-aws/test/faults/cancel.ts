import { compare } from '@backproof/core/compare'
import type { BackupSource } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import type { Fault } from '@backproof/test-servers'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { KEYS, QUICK, type Vault } from './support/vault.js'

const TALL = 'tall'

interface Case {
  readonly name: string
  readonly operation: string
  readonly key?: string
  readonly bucket?: string
  readonly require?: 'read'
  readonly fault: Fault
}

const CASES: readonly Case[] = [
  { name: 'HeadBucket without an answer', operation: 'HeadBucket', fault: { delayMs: 60_000 } },
  { name: 'GetBucketVersioning that stalls', operation: 'GetBucketVersioning', fault: { stall: 50 } },
  { name: 'a listing that stalls', operation: 'ListObjectsV2', fault: { stall: 50 } },
  { name: 'HeadObject without an answer', operation: 'HeadObject', key: KEYS.kms, fault: { delayMs: 60_000 } },
  { name: 'attributes that stall', operation: 'GetObjectAttributes', key: KEYS.parts, fault: { stall: 50 } },
  { name: 'a read that stalls', operation: 'GetObject', key: KEYS.plain, require: 'read', fault: { stall: 50_000 } },
  {
    name: 'ranges that stall',
    operation: 'GetObject',
    bucket: TALL,
    key: TALL,
    require: 'read',
    fault: { stall: 50_000 },
  },
  {
    name: 'a wait that the service asked for',
    operation: 'GetObject',
    key: KEYS.plain,
    require: 'read',
    fault: { status: 503, code: 'SlowDown', headers: { 'retry-after': '60' } },
  },
]

/** Runs that are ended while a request hangs. */
export const cancelledRuns = (vault: () => Vault): void => {
  const tall = new Map([[TALL, Buffer.alloc(33 * 1024 * 1024)]])

  beforeAll(async () => {
    vault().server.admin.createBucket({ name: TALL })
    for (const [key, bytes] of tall) await vault().server.admin.put(TALL, key, bytes, { checksum: 'none' })
  })
  afterEach(() => {
    vault().fault()
  })

  const copyOf = (bucket: string | undefined): BackupSource => memorySource(bucket === TALL ? tall : vault().files)

  /** Calls `work` once the first request hangs. */
  const onceHanging = (one: Case, work: () => void): void => {
    let hanging = false
    const fault = (): Fault => {
      if (!hanging) setTimeout(work, 100)
      hanging = true
      return one.fault
    }
    vault().fault({ operation: one.operation, key: one.key, fault })
  }

  /** Sockets end a moment after they were told to. */
  const expectNoSockets = (): Promise<void> => vi.waitFor(() => expect(vault().traffic.open()).toBe(0), 2_000)

  for (const one of CASES) {
    const { name, bucket, require } = one

    test(`${name}, aborted: a report at once that says so, and no socket stays`, async () => {
      const controller = new AbortController()
      let aborted = 0
      onceHanging(one, () => {
        aborted = performance.now()
        controller.abort(new Error('enough'))
      })
      const source = vault().open(bucket === undefined ? {} : { bucket })
      const options = { require, retry: QUICK, signal: controller.signal }
      const report = await compare({ source: copyOf(bucket), replicas: [source], ...options }).report()
      expect(performance.now() - aborted).toBeLessThan(1_000)
      vault().outputs.add(name, report)
      expect(report.result).toMatchObject({ complete: false, incomplete: [{ reason: 'aborted' }] })
      const { match, ...others } = report.result.totals.outcomes
      expect(match).toBeLessThan(5)
      expect(Object.values(others)).toEqual(Object.values(others).map(() => 0))
      await source[Symbol.asyncDispose]()
      await expectNoSockets()
    })

    if ('status' in one.fault) continue
    test(`${name}, source disposed of: ends with what it was, and no socket stays`, async () => {
      const source = vault().open(bucket === undefined ? {} : { bucket })
      let disposed = 0
      onceHanging(one, () => {
        disposed = performance.now()
        void source[Symbol.asyncDispose]()
      })
      const run = compare({ source: copyOf(bucket), replicas: [source], require, retry: { ...QUICK, attempts: 1 } })
      const told: unknown = await run.report().catch((error: unknown) => error)
      expect(performance.now() - disposed).toBeLessThan(1_000)
      vault().outputs.add(name, told)
      const text = JSON.stringify(told)
      expect(text).toMatch(/was disposed of/)
      expect(text).not.toMatch(/"(?:missing|extra|mismatch|unreadable)":[1-9]/)
      await expectNoSockets()
    })
  }

  describe('consumers that leave', () => {
    test('the loop of a comparison, while the next page stalls: incomplete (left-early), no socket stays', async () => {
      const files = Array.from({ length: 2_500 }, (_, i) => [`${100_000 + i}`, Buffer.from(`${i}`)] as const)
      const { admin } = vault().server
      admin.createBucket({ name: 'many' })
      for (const [key, bytes] of files) await admin.put('many', key, bytes, { checksum: 'none' })
      vault().fault({ operation: 'ListObjectsV2', after: 2, fault: { stall: 100 } })
      const source = vault().open({ bucket: 'many', listConcurrency: 1 })
      const run = compare({ source: memorySource(files), replicas: [source], retry: QUICK })
      for await (const page of run) {
        expect(page.length).toBeGreaterThan(0)
        break
      }
      expect((await run.report()).result).toMatchObject({ complete: false, incomplete: [{ reason: 'left-early' }] })
      await source[Symbol.asyncDispose]()
      await expectNoSockets()
    })

    test('a body whose signal aborts while it stalls: rejects with the reason at once, its socket ends', async () => {
      vault().fault({ operation: 'GetObject', key: KEYS.plain, fault: { stall: 50_000 } })
      const source = vault().open()
      const [{ ref }] = await entriesOf(source, KEYS.plain)
      const controller = new AbortController()
      const { body } = await source.read(ref, { signal: controller.signal })
      const reason = new Error('enough of this body')
      setTimeout(() => controller.abort(reason), 50)
      const start = performance.now()
      await expect(async () => {
        for await (const _ of body);
      }).rejects.toBe(reason)
      expect(performance.now() - start).toBeLessThan(1_000)
      await expectNoSockets()
      await source[Symbol.asyncDispose]()
    })

    test('a body that is left after its first bytes: its socket ends, the next read works', async () => {
      vault().fault({ operation: 'GetObject', key: KEYS.plain, times: 1, fault: { stall: 50_000 } })
      const source = vault().open()
      const [{ ref }] = await entriesOf(source, KEYS.plain)
      const { body } = await source.read(ref)
      for await (const _ of body) break
      await expectNoSockets()
      let bytes = 0
      for await (const chunk of (await source.read(ref)).body) bytes += chunk.byteLength
      expect(bytes).toBe(200_000)
      await source[Symbol.asyncDispose]()
      await expectNoSockets()
    })
  })
}

const entriesOf = async (source: BackupSource, key: string) => {
  for await (const page of source.list()) {
    const entry = page.find((one) => one.key === key)
    if (entry !== undefined) return [entry] as const
  }
  throw new Error(`The bucket has no ${key}.`)
}
