import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readlink, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isBackupError } from '../../src/errors.js'
import { type SpillSortOptions, spillSort } from '../../src/run/spill-sort.js'
import { compareKeys } from '../../src/source/key.js'
import { child, runChild, tsx } from './spill-sort-process.js'

interface Item {
  readonly key: string
  readonly id: number
}

let temp: string
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'spill-test-'))
})
afterAll(() => rm(temp, { recursive: true, force: true }))

const byKey = (a: Item, b: Item): number => compareKeys(a.key, b.key)
const options = (more: Partial<SpillSortOptions<Item>> = {}): SpillSortOptions<Item> => ({
  compare: byKey,
  encode: (item) => JSON.stringify(item),
  decode: (line) => JSON.parse(line) as Item,
  weigh: () => 100,
  tempDirectory: temp,
  ...more,
})

async function* inPages<T>(items: readonly T[], size = 100): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}

const collect = async <T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> => {
  const out: T[] = []
  for await (const page of pages) out.push(...page)
  return out
}

const numbered = (count: number): Item[] =>
  Array.from({ length: count }, (_, id) => ({ key: ((id * 7919) % 1_009).toString(36), id }))

/** Descriptors of this process that are open on something below `directory`, removed or not. */
const openBelow = async (directory: string): Promise<string[]> => {
  const names = await readdir('/proc/self/fd')
  const targets = await Promise.all(names.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
  return names.filter((_, i) => targets[i]?.startsWith(`${directory}/`)).map((fd) => `/proc/self/fd/${fd}`)
}

const expectNothingLeft = async (): Promise<void> => {
  expect(await readdir(temp)).toEqual([])
  if (process.platform === 'linux') expect(await openBelow(temp)).toEqual([])
}

const hostileKey = fc.oneof(
  fc.string({
    unit: fc.constantFrom(
      'a',
      'b',
      '/',
      '.',
      '\n',
      '\r',
      '"',
      '\\',
      '\0',
      '\udc80',
      '\ud83d',
      '\ude00',
      '\uffff',
      'é',
      '😀',
    ),
    maxLength: 6,
  }),
  fc.string({ unit: 'binary', maxLength: 8 }),
)

describe('spillSort', () => {
  it('equals an in-memory sort for any keys, pages, windows and page sizes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(hostileKey, { maxLength: 120 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 8_000 }),
        fc.integer({ min: 1, max: 50 }),
        async (keys, inputPage, window, pageSize) => {
          const items = keys.map((key, id) => ({ key, id }))
          const sorted = await collect(spillSort(inPages(items, inputPage), options({ window, pageSize })))
          expect(sorted).toEqual([...items].sort(byKey))
        },
      ),
      { numRuns: 150 },
    )
    await expectNothingLeft()
  })

  it('is stable in memory, over runs, and over several passes', async () => {
    // A window of 1 makes a run of each item: 1,000 runs are more than one merge takes.
    for (const window of [1, 5_000, 48 * 1024 * 1024]) {
      const items = numbered(1_000).map(({ id }) => ({ key: String(id % 7), id }))
      const sorted = await collect(spillSort(inPages(items), options({ window })))
      expect(sorted).toEqual([...items].sort(byKey))
    }
  })

  it('keeps lines that are longer than a block', async () => {
    const items = Array.from({ length: 12 }, (_, id) => ({
      key: String.fromCharCode(108 - id).repeat(id % 3 === 0 ? 700_000 : 3),
      id,
    }))
    expect(await collect(spillSort(inPages(items), options({ window: 1 })))).toEqual([...items].sort(byKey))
  })

  it('yields pages of the size asked for, and nothing for nothing', async () => {
    for (const window of [1, 1e9]) {
      const sizes: number[] = []
      for await (const page of spillSort(inPages(numbered(25)), options({ window, pageSize: 10 })))
        sizes.push(page.length)
      expect(sizes).toEqual([10, 10, 5])
      expect(await collect(spillSort(inPages<Item>([]), options({ window })))).toEqual([])
    }
  })

  it('does not touch the disk below the window', async () => {
    let spilled = 0
    const nowhere = join(temp, 'does-not-exist')
    const quiet = options({ window: 400_000, tempDirectory: nowhere, onSpill: (items) => (spilled += items) })
    // 2,000 items are more than the batch that is sorted as objects, but less than the window.
    expect(await collect(spillSort(inPages(numbered(2_000)), quiet))).toHaveLength(2_000)
    expect(spilled).toBe(0)
  })

  it('tells what it spilled, and weighs by itself when not told how', async () => {
    let spilled = 0
    const told = options({ window: 100_000, weigh: undefined, onSpill: (items) => (spilled += items) })
    expect(await collect(spillSort(inPages(numbered(10_000)), told))).toHaveLength(10_000)
    expect(spilled).toBeGreaterThan(5_000)
    expect(spilled).toBeLessThanOrEqual(10_000)
  })

  it('refuses a window or page size that cannot work, an encoder that breaks lines, and a directory that is not there', async () => {
    const codes = async (more: Partial<SpillSortOptions<Item>>): Promise<string> => {
      const error = await collect(spillSort(inPages(numbered(10)), options({ window: 1, ...more }))).catch(
        (caught: unknown) => caught,
      )
      if (!isBackupError(error)) throw new Error(`expected a BackupError, got ${String(error)}`)
      return `${error.code}: ${error.message}`
    }
    expect(await codes({ window: 0 })).toContain('invalid-config: The option window is 0')
    expect(await codes({ pageSize: Number.NaN })).toContain('invalid-config: The option pageSize is NaN')
    expect(await codes({ encode: () => 'a\nb' })).toContain('internal: A line to be spilled holds a newline')
    expect(await codes({ encode: () => '\udc80' })).toContain('internal: A line to be spilled holds a lone surrogate')
    const missing = await codes({ tempDirectory: join(temp, 'none') })
    expect(missing).toContain('invalid-config: ')
    expect(missing).toContain(join(temp, 'none'))
    expect(missing).toContain('tempDirectory')
    await expectNothingLeft()
  })
})

describe('spillSort cleans up', () => {
  it.runIf(process.platform === 'linux')(
    'while it runs: one open file without a name, for its owner only',
    async () => {
      const sorted = spillSort(inPages(numbered(500)), options({ window: 1_000, pageSize: 10 }))
      await sorted.next()
      expect(await readdir(temp)).toEqual([])
      const open = await openBelow(temp)
      expect(open).toHaveLength(1)
      const { mode, nlink } = await stat(open[0]!)
      expect(mode & 0o777).toBe(0o600)
      expect(nlink).toBe(0)
      await sorted.return(undefined)
      await expectNothingLeft()
    },
  )

  it('at the end, and on an early return', async () => {
    expect(await collect(spillSort(inPages(numbered(500)), options({ window: 1_000 })))).toHaveLength(500)
    await expectNothingLeft()
    for await (const page of spillSort(inPages(numbered(500)), options({ window: 1_000, pageSize: 10 }))) {
      expect(page).toHaveLength(10)
      break
    }
    await expectNothingLeft()
  })

  it('when the listing throws, whose error it passes on', async () => {
    async function* broken(): AsyncGenerator<readonly Item[]> {
      yield numbered(300)
      throw new Error('listing broke')
    }
    for (const signal of [undefined, new AbortController().signal]) {
      await expect(collect(spillSort(broken(), options({ window: 1_000, signal })))).rejects.toThrow('listing broke')
      await expectNothingLeft()
    }
  })

  it('when encoding, decoding or comparing throws, and closes the listing', async () => {
    const fail = (): never => {
      throw new Error('broken callback')
    }
    for (const more of [{ encode: fail }, { decode: fail }, { compare: fail }]) {
      let closed = false
      async function* pages(): AsyncGenerator<readonly Item[]> {
        try {
          yield* inPages(numbered(300))
        } finally {
          closed = true
        }
      }
      await expect(collect(spillSort(pages(), options({ window: 1_000, ...more })))).rejects.toThrow('broken callback')
      expect(closed).toBe(true)
      await expectNothingLeft()
    }
  })

  it('on abort: before it starts, in a listing that hangs, and while merging', async () => {
    const reason = new Error('stop')
    const before = AbortSignal.abort(reason)
    await expect(collect(spillSort(inPages(numbered(10)), options({ signal: before })))).rejects.toBe(reason)

    const hanging = new AbortController()
    async function* hangs(): AsyncGenerator<readonly Item[]> {
      yield numbered(300)
      setTimeout(() => hanging.abort(reason), 20)
      await new Promise(() => undefined)
    }
    await expect(collect(spillSort(hangs(), options({ window: 1_000, signal: hanging.signal })))).rejects.toBe(reason)
    await expectNothingLeft()

    const merging = new AbortController()
    const sorted = spillSort(inPages(numbered(500)), options({ window: 1_000, pageSize: 10, signal: merging.signal }))
    await sorted.next()
    merging.abort(reason)
    await expect(sorted.next()).rejects.toBe(reason)
    await expectNothingLeft()
  })

  it('leaves no abort listener behind', async () => {
    const { signal } = new AbortController()
    let listeners = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...args: Parameters<typeof add>): void => {
      listeners += 1
      add(...args)
    }
    signal.removeEventListener = (...args: Parameters<typeof remove>): void => {
      listeners -= 1
      remove(...args)
    }
    await collect(spillSort(inPages(numbered(500)), options({ window: 1_000, signal })))
    expect(listeners).toBe(0)
  })
})

const canMount = (): boolean => {
  if (process.platform !== 'linux') return false
  try {
    execFileSync(
      'unshare',
      ['--user', '--map-root-user', '--mount', 'mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', tmpdir()],
      { stdio: 'ignore' },
    )
    return true
  } catch {
    return false
  }
}

describe('spillSort in a process of its own', () => {
  it.skipIf(process.platform === 'win32')('says so when a file may not grow further (EFBIG)', async () => {
    const script = 'ulimit -f 8192 && exec "$0" --import "$1" "$2" 600000 "$3"'
    const { error } = await runChild('sh', ['-c', script, process.execPath, tsx, child, temp])
    expect(error).toMatchObject({ code: 'unavailable', retryable: false })
    expect(error?.message).toMatch(/takes no larger file \(EFBIG\).*needed [\d,]+ bytes.*option tempDirectory/)
    expect(error?.message).toContain(temp)
    await expectNothingLeft()
  })

  it.runIf(canMount())('says so when the disk is full (ENOSPC)', async () => {
    const script = 'mount -t tmpfs -o size=8m none "$3" && exec "$0" --import "$1" "$2" 600000 "$3"'
    const namespace = ['--user', '--map-root-user', '--mount', 'sh', '-c', script]
    const { error } = await runChild('unshare', [...namespace, process.execPath, tsx, child, temp])
    expect(error).toMatchObject({ code: 'unavailable', retryable: false })
    expect(error?.message).toMatch(/is full \(ENOSPC\).*needed [\d,]+ bytes.*option tempDirectory/)
    expect(error?.message).toContain(temp)
  })
})
