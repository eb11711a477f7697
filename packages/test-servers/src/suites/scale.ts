import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RequestCounters } from '../http/requests.js'

const child = fileURLToPath(new URL('../../test/suites/scale-child.mjs', import.meta.url))

const FEW = 3_000
const MANY = 10_000
const BYTES = 2_048

/** A server that holds many objects, and how a program of its own opens them. */
export interface ScaleHarness {
  /** Built package and factory of the provider; `options` are those of a bucket, in JSON. */
  readonly module: string
  readonly factory: string
  options(bucket: string): object
  readonly requests: RequestCounters
  /** The strongest grade that a comparison reaches without reading. */
  readonly proves: 'stored' | 'claimed'
  createBucket(name: string): void | Promise<void>
  /** Stores the object with this number, in the way that `opaque` says of it. */
  put(bucket: string, key: string, bytes: Uint8Array, i: number): Promise<unknown>
  close(): Promise<void>
  /** What every run asks of every bucket. */
  readonly ofBucket: Readonly<Record<string, number>>
  readonly list: string
  readonly read: string
  readonly pageRows: number
  /** More pages that guessing where they begin may cost. */
  readonly extraPages: number
  /** What the listing does not prove, and the request that each of these costs. */
  readonly opaque: { readonly operation: string; is(i: number): boolean } | { readonly absent: string }
}

interface Measured {
  readonly findings: number
  readonly match: number
  readonly complete: boolean
  readonly operations: Readonly<Record<string, number>>
  readonly ms: number
  readonly rssMiB: number
}

/** Registers what 10,000 objects may cost: memory that does not grow, and requests that can be counted beforehand. */
export const scaleSuite = (harness: ScaleHarness): void => {
  const { requests, opaque, ofBucket, list, read } = harness
  let root = ''
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'backproof-scale-'))
    for (const count of [FEW, MANY]) await fill(harness, root, count)
  }, 300_000)
  afterAll(async () => {
    await harness.close()
    await rm(root, { recursive: true, force: true })
  }, 300_000)

  /** A run of `count` objects in a process of its own, which gets no more memory than given (MiB of old space). */
  const measure = async (count: number, how: 'compare' | 'verify'): Promise<Measured> => {
    requests.reset()
    const { module, factory, proves: require } = harness
    const path = join(root, `files-${count}`)
    const directory = { module: '@backproof/provider-local', factory: 'localDirectory', path }
    const options = harness.options(`objects-${count}`)
    const argument = { module, factory, options, require, ...(how === 'compare' && { directory }) }
    // Newer versions of Node let young objects take twice the space: see decision 9. With a heap that may not grow, memory
    // that is held for each object ends the process, and what is not collected yet does not look like it.
    const flags = ['--max-semi-space-size=16', '--max-old-space-size=64']
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, child, JSON.stringify(argument)], {
      timeout: 300_000,
    })
    const measured: Measured = JSON.parse(stdout)
    expect(measured).toMatchObject({ findings: count, match: count, complete: true })
    expect(measured.operations).toEqual(requests.counts())
    return measured
  }

  const asked = 'absent' in opaque ? [] : numbers(MANY).filter(opaque.is)

  describe('10,000 objects of a bucket', () => {
    it('are compared with a directory: asked about only where the listing does not prove', async () => {
      const few = await measure(FEW, 'compare')
      const many = await measure(MANY, 'compare')
      const { [list]: pages = 0, ...operations } = many.operations
      expect(operations).toEqual({ ...ofBucket, ...('absent' in opaque ? {} : { [opaque.operation]: asked.length }) })
      const least = MANY / harness.pageRows
      expect(pages).toBeGreaterThanOrEqual(least)
      expect(pages).toBeLessThanOrEqual(least + harness.extraPages)
      const log = 'absent' in opaque ? [] : requests.log().filter(({ operation }) => operation === opaque.operation)
      expect(log.map(({ key }) => Number(/(\d{6})\.bin$/.exec(key)?.[1])).sort((a, b) => a - b)).toEqual(asked)
      expectFlat(few, many)
    })

    it('are verified with one request each', async () => {
      const few = await measure(FEW, 'verify')
      const many = await measure(MANY, 'verify')
      const { [list]: _, ...operations } = many.operations
      expect(operations).toEqual({ ...ofBucket, [read]: MANY })
      expectFlat(few, many)
    })
  }, 300_000)
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i)

const fill = async (harness: ScaleHarness, root: string, count: number): Promise<void> => {
  await harness.createBucket(`objects-${count}`)
  for (const i of numbers(count)) {
    const folder = `folder-${i % 100}`
    if (i < 100) await mkdir(join(root, `files-${count}`, folder), { recursive: true })
    const key = `${folder}/object ${String(i).padStart(6, '0')}.bin`
    const bytes = Buffer.alloc(BYTES, `${key} `)
    await harness.put(`objects-${count}`, key, bytes, i)
    await writeFile(join(root, `files-${count}`, key), bytes)
  }
}

const expectFlat = (few: Measured, many: Measured): void => {
  expect(many.rssMiB - few.rssMiB).toBeLessThan(50)
  expect(many.rssMiB).toBeLessThan(250)
}
