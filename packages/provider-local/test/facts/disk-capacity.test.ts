import { execFile } from 'node:child_process'
import { mkdtemp, rm, statfs, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { audit, defineRule } from '@backproof/core/audit'
import {
  type CapacitySample,
  type CapacitySource,
  capacityLines,
  capacitySamples,
  writeCapacityLines,
} from '@backproof/core/history'
import { diskCapacity } from '@backproof/provider-local/facts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const NOW = Date.UTC(2026, 10, 22)
/** What others may write or remove between two looks at the disk. */
const ELSEWHERE = 256 * 1024 * 1024
const options = { now: NOW, signal: new AbortController().signal }

let temp: string
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'facts-test-'))
})
afterAll(() => rm(temp, { recursive: true, force: true }))

const sampleOf = async (source: CapacitySource): Promise<CapacitySample> => {
  const pages: (readonly CapacitySample[])[] = []
  for await (const page of source.read(options)) pages.push(page)
  expect(pages).toHaveLength(1)
  expect(pages[0]).toHaveLength(1)
  return pages[0]![0]!
}

/** What `df` says: used and available bytes, all inodes and used ones; 0 where it prints `-`. */
const df = async (path: string): Promise<readonly number[]> => {
  const { stdout } = await promisify(execFile)('df', ['-B1', '--output=used,avail,itotal,iused', path])
  return stdout
    .trim()
    .split('\n')[1]!
    .trim()
    .split(/\s+/)
    .map((text) => Number(text) || 0)
}

describe('the capacity of a disk', () => {
  it('is what df says', async () => {
    // Others use the disk meanwhile: what lies between two looks of df is right.
    const before = await df(temp)
    const sample = await sampleOf(diskCapacity({ path: temp, store: 'basement' }))
    const after = await df(temp)
    expect(sample).toMatchObject({ store: 'basement', at: NOW })
    const within = (value: number | null | undefined, leeway: number, ...seen: number[]): void => {
      expect(value ?? 0).toBeGreaterThanOrEqual(Math.min(...seen) - leeway)
      expect(value ?? 0).toBeLessThanOrEqual(Math.max(...seen) + leeway)
    }
    within(sample.usedBytes, ELSEWHERE, before[0]!, after[0]!)
    within(sample.limitBytes, ELSEWHERE, before[0]! + before[1]!, after[0]! + after[1]!)
    within(sample.limitObjects, 0, before[2]!, after[2]!)
    within(sample.usedObjects, 1_000, before[3]!, after[3]!)
  })

  it('leaves out what only the superuser may use', async () => {
    const { limitBytes, usedBytes } = await sampleOf(diskCapacity({ path: temp, store: 'basement' }))
    const { bsize, blocks, bfree, bavail } = await statfs(temp)
    expect(limitBytes! - usedBytes).toBeLessThanOrEqual(bfree * bsize)
    const reserved = (bfree - bavail) * bsize
    expect(Math.abs(blocks * bsize - reserved - limitBytes!)).toBeLessThan(ELSEWHERE)
  })

  it('is the same for any file on it, and through links', async () => {
    const file = join(temp, 'file')
    await writeFile(file, 'x')
    await symlink(file, join(temp, 'link'))
    const [folder, ...others] = await Promise.all(
      [temp, file, join(temp, 'link')].map((path) => sampleOf(diskCapacity({ path, store: 's' }))),
    )
    for (const { limitObjects } of others) expect(limitObjects).toBe(folder!.limitObjects)
  })

  it('is one sample at the clock of the run, and no history before it', async () => {
    const source = diskCapacity({ path: temp, store: 'basement' })
    expect(await source.describe(options)).toEqual({ order: 'target-time', source: `statfs ${temp}`, observedAt: NOW })
    expect(source.history.name).toBe('capacity.samples')
    expect(source.history.timeOf(await sampleOf(source))).toBe(NOW)
  })

  it('is told together with samples that were kept in a file', async () => {
    const path = join(temp, 'capacity.jsonl')
    const day = 86_400_000
    const kept = [1, 2, 3].map((days) => ({ store: 'basement', at: NOW - days * day, usedBytes: days, limitBytes: 10 }))
    await writeCapacityLines({ pages: [kept], to: path })
    const samples = defineRule({
      id: 'acme/samples',
      title: 'Samples',
      description: ['Says how many samples there are.'],
      rationale: 'A test.',
      category: 'capacity',
      severity: 'info',
      scope: 'store',
      since: '0.1.0',
      clauses: [],
      remediation: { action: 'None.', effort: 'small' },
      messages: { told: { status: 'pass', text: '{samples} samples, {days} days' } },
      folds: (fold) => ({
        times: fold(capacitySamples, { init: () => [] as number[], step: (times, { at }) => [...times, at] }),
      }),
      evaluate: ({ folds: { times } }) => {
        const [first = 0] = times.value
        const data = { samples: times.items, days: (times.value.at(-1)! - first) / day }
        return { message: 'told', data }
      },
    })
    const rows: unknown[] = []
    const run = audit({
      rules: [samples()],
      targets: [{ kind: 'store', id: 'basement' }],
      collectors: [diskCapacity({ path: temp, store: 'basement' }), capacityLines({ path })],
      now: () => new Date(NOW),
    })
    for await (const page of run) for (const { status, text } of page) rows.push([status, text])
    expect(rows).toEqual([['pass', '4 samples, 3 days']])
  })

  it.runIf(process.platform === 'linux')('is not known where the file system has no size', async () => {
    const source = diskCapacity({ path: '/proc', store: 'kernel' })
    await expect(source.describe(options)).rejects.toMatchObject({ code: 'unsupported', operation: 'statfs' })
    await expect(sampleOf(source)).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('is an error where the path leads nowhere', async () => {
    const gone = diskCapacity({ path: join(temp, 'gone'), store: 's' })
    await expect(gone.describe(options)).rejects.toMatchObject({ code: 'not-found', provider: 'local' })
    const through = diskCapacity({ path: join(temp, 'file', 'x'), store: 's' })
    await expect(sampleOf(through)).rejects.toMatchObject({ code: 'not-found' })
    await symlink('loop', join(temp, 'loop'))
    await expect(sampleOf(diskCapacity({ path: join(temp, 'loop'), store: 's' }))).rejects.toMatchObject({
      code: 'unsupported',
    })
  })

  it('ends with the signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    const source = diskCapacity({ path: temp, store: 's' })
    await expect(source.describe({ now: NOW, signal })).rejects.toThrow('enough')
  })

  it.each<[object, string]>([
    [{ path: '', store: 's' }, 'path is ""'],
    [{ path: '/srv' }, 'store is undefined'],
    [{ path: '/srv', store: '' }, 'store is ""'],
    [{ path: 'file:///srv', store: 's' }, 'path is the URI'],
    [{ path: '/srv', store: 's', quota: 1 }, 'has no option "quota"'],
  ])('refuses options that cannot work: %j', (given, expected) => {
    expect(() => diskCapacity(given as never)).toThrow(expected)
  })
})
