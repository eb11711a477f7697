import { describe, expect, it } from 'vitest'
import { BackupError } from '../../src/errors.js'
import {
  type ExpectedFile,
  type InventoryFile,
  type InventoryFiles,
  inventoryFiles,
} from '../../src/inventory/index.js'
import type { BackupSource } from '../../src/source/index.js'
import { faultySource, memorySource } from '../../src/testing/index.js'
import { digestOf, filesOf } from './support.js'

const large = Buffer.alloc(9 * 1024 * 1024, 'a list of objects, ')
const fault = (times: number): { readonly kind: 'error'; readonly error: Error; readonly times: number } => ({
  kind: 'error',
  error: new BackupError({ code: 'unavailable', message: 'not now', retryAfterMs: 1 }),
  times,
})

const streamed = async (files: InventoryFiles, file: InventoryFile, expected?: ExpectedFile): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of files.stream(file, expected)) chunks.push(Uint8Array.from(chunk))
  return Buffer.concat(chunks)
}
const corrupt = (message: RegExp) => ({ code: 'corrupt', message: expect.stringMatching(message) })

describe('the files of a list', () => {
  it('are found by the first key that is there, without listing the others', async () => {
    const source = memorySource(Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k-${i}`, 'x'])))
    let listed = 0
    const counting: BackupSource = {
      ...source,
      list: async function* (options) {
        for await (const page of source.list(options)) {
          listed += page.length
          yield page
        }
      },
    }
    const files = inventoryFiles(counting, 'test')
    expect(await files.find(['', 'none', 'k-4711', 'k-1'])).toMatchObject({ key: 'k-4711', size: 1 })
    expect(listed).toBe(1)
    expect(await files.find(['none', 'nor this'])).toBeUndefined()
    await expect(files.get(['none', 'nor this'])).rejects.toMatchObject({
      code: 'not-found',
      provider: 'test',
      message: '"none" of memory://objects: there is no such file (nor "nor this").',
    })
  })

  it('are found where keys come in no order', async () => {
    const source = memorySource({ b: 'x', a: 'y', c: 'z' }, { order: 'none', pageSize: 1 })
    expect(await inventoryFiles(source, 'test').find(['c'])).toMatchObject({ key: 'c' })
  })

  it('are read whole in spite of passing faults, wherever they strike', async () => {
    const source = faultySource(memorySource({ big: large, small: 'small' }), [
      { at: 'describe', ...fault(1) },
      { at: 'list', ...fault(2) },
      { at: 'read', ...fault(2) },
      { at: 'body', key: 'big', after: 65_536, ...fault(2) },
    ])
    const files = inventoryFiles(source, 'test')
    const file = await files.get(['big'])
    const md5 = await digestOf('md5', large)
    const bytes = await streamed(files, file, { size: large.length, digest: { algorithm: 'md5', value: md5 } })
    expect(bytes.equals(large)).toBe(true)
    const part = await files.slice(file, { start: 1_000_000, end: 1_000_100 })
    expect(Buffer.from(part).equals(large.subarray(1_000_000, 1_000_100))).toBe(true)
    expect((await files.whole(await files.get(['small']), 5)).toString()).toBe('small')
  })

  it('are read as one stream where the source reads no ranges', async () => {
    const source = memorySource({ big: large }, { traits: { rangeReads: false } })
    const files = inventoryFiles(source, 'test')
    const file = await files.get(['big'])
    expect((await streamed(files, file)).equals(large)).toBe(true)
    await expect(files.slice(file, { start: 0, end: 1 })).rejects.toMatchObject({ code: 'unsupported' })
  })

  it.each([true, false])('are held to what is expected of them (ranges: %s)', async (rangeReads) => {
    const text = 'hello'
    const of = (source: BackupSource): InventoryFiles => inventoryFiles(source, 'test')
    const memory = memorySource({ a: text, empty: '' }, { traits: { rangeReads } })
    const files = of(memory)
    const file = await files.get(['a'])
    const crc = await digestOf('crc32c', text)
    const expecting = (value: string): ExpectedFile => ({ digest: { algorithm: 'crc32c', value } })
    expect((await streamed(files, file, expecting(crc.toUpperCase()))).toString()).toBe(text)
    await expect(streamed(files, file, expecting('00000000'))).rejects.toMatchObject(
      corrupt(/its crc32c is 9a71bb4c, but/),
    )
    await expect(streamed(files, file, { size: 6 })).rejects.toMatchObject(
      corrupt(/it has 5 bytes, but its manifest says 6/),
    )
    await expect(files.whole(file, 4)).rejects.toMatchObject(corrupt(/more than 4 are not read/))
    expect(await streamed(files, await files.get(['empty']))).toHaveLength(0)
    for (const kind of ['short-body', 'long-body'] as const) {
      const faulty = of(faultySource(memory, [{ kind, key: 'a', bytes: 2 }]))
      await expect(streamed(faulty, await faulty.get(['a']))).rejects.toMatchObject({ code: 'corrupt' })
    }
  })

  it('are of one state: what was replaced since is not read on', async () => {
    const source = memorySource({ a: 'first' })
    const files = inventoryFiles(source, 'test')
    const file = await files.get(['a'])
    source.set('a', 'other')
    await expect(files.slice(file, { start: 0, end: 5 })).rejects.toMatchObject({
      code: expect.stringMatching(/changed|not-found/),
    })
    await expect(streamed(files, file)).rejects.toMatchObject({ code: expect.stringMatching(/changed|not-found/) })
  })

  it('are regular files, whose problems are told', async () => {
    const source = memorySource({ a: 'x' })
    const having = (change: Readonly<Record<string, unknown>>): InventoryFiles => {
      const list: BackupSource['list'] = async function* (options) {
        for await (const page of source.list(options)) yield page.map((entry) => ({ ...entry, ...change }))
      }
      return inventoryFiles({ ...source, list }, 'test')
    }
    await expect(having({ kind: 'symlink' }).find(['a'])).rejects.toMatchObject({ code: 'unsupported' })
    const problem = { code: 'access-denied', message: 'not yours' }
    await expect(having({ problem }).find(['a'])).rejects.toMatchObject({ code: 'access-denied', message: 'not yours' })
    expect(await having({ size: undefined }).find(['a'])).toMatchObject({ size: 1 })
    expect(await having({ excluded: 'filter' }).find(['a'])).toBeUndefined()
  })

  it('end with their signal, and with nothing open', async () => {
    const files = filesOf({ big: large })
    const file = await files.get(['big'])
    const controller = new AbortController()
    const call = { signal: controller.signal }
    const chunks = files.stream(file, {}, call)
    await chunks.next()
    controller.abort(new Error('enough'))
    await expect(chunks.next()).rejects.toThrow('enough')
    for (const late of [files.find(['big'], call), files.slice(file, { start: 0, end: 1 }, call)]) {
      await expect(late).rejects.toThrow('enough')
    }
    const stalled = inventoryFiles(faultySource(memorySource({ a: 'x' }), [{ kind: 'stall', at: 'body' }]), 'test')
    const waiting = new AbortController()
    const reading = stalled.whole(await stalled.get(['a']), 10, {}, { signal: waiting.signal })
    setTimeout(() => waiting.abort(new Error('no more')), 20)
    await expect(reading).rejects.toThrow('no more')
  })
})
