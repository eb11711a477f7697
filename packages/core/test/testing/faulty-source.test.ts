import { describe, expect, it } from 'vitest'
import { BackupError } from '../../src/errors.js'
import type { BackupSource, LocalFile } from '../../src/source/index.js'
import { type Fault, faultySource, memorySource } from '../../src/testing/index.js'
import { bytesOf, entryOf, listAll } from './read-source.js'

const broken = new BackupError({ code: 'throttled', message: 'slow down' })
const objects = { a: '0123456789', b: 'bbb', c: 'ccc', d: 'ddd' }
const faulty = (...faults: Fault[]): BackupSource =>
  faultySource(memorySource(objects, { pageSize: 2, chunkSize: 4 }), faults)
const read = async (source: BackupSource, key: string, signal?: AbortSignal): Promise<string> => {
  const entry = await entryOf(source, key)
  return (await bytesOf(await source.read(entry.ref, { signal }))).toString()
}

describe('faultySource', () => {
  it('changes nothing without faults', async () => {
    const source = faulty()
    const plain = memorySource(objects)
    expect(source.uri).toBe(plain.uri)
    expect(await source.describe()).toEqual(await plain.describe())
    const withoutRef = async (from: BackupSource): Promise<unknown[]> =>
      (await listAll(from)).map((entry) => ({ ...entry, ref: null }))
    expect(await withoutRef(source)).toEqual(await withoutRef(plain))
    for (const [key, text] of Object.entries(objects)) expect(await read(source, key)).toBe(text)
    expect(await source.stat((await entryOf(source, 'a')).ref)).toMatchObject({ key: 'a', size: 10 })
  })

  it('fails calls as often as it is told, then no more', async () => {
    const source = faulty(
      { kind: 'error', at: 'stat', key: 'a', error: broken, times: 2 },
      { kind: 'error', at: 'read', key: 'b', error: broken, times: 1 },
    )
    const [a, b] = [await entryOf(source, 'a'), await entryOf(source, 'b')]
    await expect(source.stat(b.ref)).resolves.toMatchObject({ key: 'b' })
    for (let i = 0; i < 2; i++) await expect(source.stat(a.ref)).rejects.toBe(broken)
    await expect(source.stat(a.ref)).resolves.toMatchObject({ key: 'a' })
    await expect(source.read(b.ref)).rejects.toBe(broken)
    expect(await read(source, 'b')).toBe('bbb')
    await expect(faulty({ kind: 'error', at: 'describe', error: broken }).describe()).rejects.toBe(broken)
  })

  it('fails a listing before a page', async () => {
    for (const page of [0, 1, 2]) {
      const source = faulty({ kind: 'error', at: 'list', page, error: broken, times: 1 })
      const seen: string[] = []
      const list = async (): Promise<void> => {
        for await (const entries of source.list()) seen.push(...entries.map(({ key }) => key))
      }
      await expect(list()).rejects.toBe(broken)
      expect(seen).toEqual(['a', 'b', 'c', 'd'].slice(0, page * 2))
      await expect(list()).resolves.toBeUndefined()
    }
  })

  it('breaks a body after some bytes: by an error, a change, or an end that nobody tells', async () => {
    const until = async (fault: Fault): Promise<{ text: string; error: unknown }> => {
      const source = faulty(fault)
      const { body } = await source.read((await entryOf(source, 'a')).ref)
      let text = ''
      try {
        for await (const chunk of body) text += Buffer.from(chunk).toString()
      } catch (error) {
        return { text, error }
      }
      return { text, error: undefined }
    }
    for (const after of [0, 3, 4, 10]) {
      const text = objects.a.slice(0, after)
      expect(await until({ kind: 'error', at: 'body', key: 'a', after, error: broken })).toEqual({
        text,
        error: broken,
      })
      expect(await until({ kind: 'changed', key: 'a', after })).toMatchObject({ text, error: { code: 'changed' } })
      expect(await until({ kind: 'short-body', key: 'a', bytes: after })).toEqual({ text, error: undefined })
    }
    expect(await until({ kind: 'long-body', key: 'a', bytes: 2 })).toEqual({
      text: `${objects.a}\0\0`,
      error: undefined,
    })
    expect(await until({ kind: 'flipped-bit', key: 'a', offset: 0 })).toEqual({ text: '1123456789', error: undefined })
    expect(await until({ kind: 'flipped-bit', key: 'a', offset: 5 })).toEqual({ text: '0123446789', error: undefined })
    expect(await until({ kind: 'flipped-bit', key: 'a', offset: 9 })).toEqual({ text: '0123456788', error: undefined })
  })

  it('lies in listings: order, repetition, size', async () => {
    const keys = async (fault: Fault): Promise<string> => (await listAll(faulty(fault))).map(({ key }) => key).join('')
    expect(await keys({ kind: 'disorder', page: 1 })).toBe('abdc')
    expect(await keys({ kind: 'duplicate', key: 'b' })).toBe('abbcd')
    const source = faulty({ kind: 'wrong-size', key: 'c', size: 99 })
    const entry = await entryOf(source, 'c')
    expect(entry.size).toBe(99)
    expect((await source.stat(entry.ref)).size).toBe(99)
    expect((await source.read(entry.ref)).info.size).toBe(99)
    expect(await read(source, 'c')).toBe('ccc')
  })

  it('is late, and gives up waiting on abort', async () => {
    const source = faulty({ kind: 'latency', at: 'stat', ms: 30 })
    const { ref } = await entryOf(source, 'a')
    const began = performance.now()
    await source.stat(ref)
    expect(performance.now() - began).toBeGreaterThan(25)
    const slow = faulty({ kind: 'latency', at: 'stat', ms: 60_000 })
    await expect(slow.stat((await entryOf(slow, 'a')).ref, { signal: AbortSignal.timeout(10) })).rejects.toMatchObject({
      name: 'TimeoutError',
    })
  })

  it('hangs in any call until the abort', async () => {
    const places: readonly Fault[] = [
      { kind: 'stall', at: 'describe' },
      { kind: 'stall', at: 'stat' },
      { kind: 'stall', at: 'read' },
      { kind: 'stall', at: 'body', after: 4 },
      { kind: 'stall', at: 'list', page: 1 },
    ]
    const { ref } = await entryOf(faulty(), 'a')
    for (const fault of places) {
      const source = faulty(fault)
      const reason = new Error('stop')
      const controller = new AbortController()
      setTimeout(() => controller.abort(reason), 5)
      const { signal } = controller
      const calls = async (): Promise<void> => {
        await source.describe({ signal })
        await source.stat(ref, { signal })
        await bytesOf(await source.read(ref, { signal }))
        await listAll(source, { signal })
      }
      await expect(calls()).rejects.toBe(reason)
    }
  })

  it('offers local files only of keys without a fault, and closes what it wraps', async () => {
    const local: LocalFile = { path: '/somewhere', pin: { size: 1, mtimeMs: 1, ctimeMs: 1, ino: 1, dev: 1 } }
    const inner: BackupSource = { ...memorySource(objects), localFile: () => local }
    const source = faultySource(inner, [{ kind: 'flipped-bit', key: 'a', offset: 0 }])
    expect(source.localFile?.((await entryOf(source, 'a')).ref)).toBeUndefined()
    const b = await entryOf(source, 'b')
    expect(source.localFile?.(b.ref)).toBe(local)
    expect(faulty().localFile).toBeUndefined()
    await source[Symbol.asyncDispose]?.()
    await expect(source.stat(b.ref)).rejects.toMatchObject({ code: 'invalid-config' })
    await expect(source.stat('b')).rejects.toMatchObject({ code: 'invalid-config' })
  })
})
