import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import type { BackupSource, JsonValue } from '@backproof/core/source'
import { localDirectory } from '@backproof/provider-local'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { below, entryFor, openBelow, readAll, tempDirectory, utf8, writeTree } from './support/tree.js'

const MIB = 1024 * 1024

const oneFile = async (
  content: string | Uint8Array,
): Promise<{ root: string; source: BackupSource; ref: JsonValue }> => {
  const root = tempDirectory()
  writeFileSync(`${root}/file`, content)
  const source = localDirectory({ path: root })
  return { root, source, ref: (await entryFor(source, 'file')).ref }
}

describe('bytes', () => {
  it.each([0, 1, 4096, MIB - 1, MIB, MIB + 1, 2 * MIB, 3 * MIB + 17])('are those of the file (%i)', async (size) => {
    const content = randomBytes(size)
    const { root, source, ref } = await oneFile(content)
    const { info, range } = await source.read(ref).then(async (body) => {
      await body.body[Symbol.asyncIterator]().return?.()
      return body
    })
    expect(info).toMatchObject({ key: 'file', kind: 'object', size, ref: ref as object })
    expect(range).toBeUndefined()
    expect((await readAll(source, ref)).equals(content)).toBe(true)
    expect(openBelow(root)).toEqual([])
  })

  it('property: any range gives that part', async () => {
    const content = randomBytes(2 * MIB + 1000)
    const { source, ref } = await oneFile(content)
    const offset = fc.oneof(fc.nat(content.length), fc.constantFrom(0, MIB - 1, MIB, MIB + 1, 2 * MIB, content.length))
    await fc.assert(
      fc.asyncProperty(offset, offset, async (a, b) => {
        const range = { start: Math.min(a, b), end: Math.max(a, b) }
        const body = await source.read(ref, { range })
        expect(body.range).toEqual(range)
        const chunks: Buffer[] = []
        for await (const chunk of body.body) chunks.push(Buffer.from(chunk))
        expect(Buffer.concat(chunks).equals(content.subarray(range.start, range.end))).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  it('refuses a range outside the object', async () => {
    const { source, ref } = await oneFile('12345')
    for (const range of [
      { start: 0, end: 6 },
      { start: 3, end: 2 },
      { start: -1, end: 2 },
      { start: 0.5, end: 2 },
    ]) {
      await expect(source.read(ref, { range })).rejects.toMatchObject({ code: 'invalid-config' })
    }
  })

  it('come from names that are not UTF-8 and from names beyond ASCII', async () => {
    const root = tempDirectory()
    writeTree(root, { 'd\xff/f\xfe': 'raw', [utf8('\u00e9\u{1f600}')]: 'wide' })
    const source = localDirectory({ path: root })
    const raw = await entryFor(source, 'd\udcff/f\udcfe')
    const wide = await entryFor(source, '\u00e9\u{1f600}')
    expect((await readAll(source, raw.ref)).toString()).toBe('raw')
    expect((await readAll(source, wide.ref)).toString()).toBe('wide')
    expect(source.localFile?.(raw.ref)).toEqual({
      path: below(root, 'd\xff/f\xfe'),
      pin: expect.objectContaining({ size: 3 }),
    })
    expect(source.localFile?.(wide.ref)).toMatchObject({ path: `${root}/\u00e9\u{1f600}` })
    await expect(source.stat(raw.ref)).resolves.toMatchObject({ key: 'd\udcff/f\udcfe', size: 3 })
  })

  it('come from behind links when those are followed', async () => {
    const root = tempDirectory()
    writeTree(root, { target: 'behind' })
    symlinkSync('target', `${root}/link`)
    const source = localDirectory({ path: root, symlinks: 'follow' })
    const { ref } = await entryFor(source, 'link')
    expect((await readAll(source, ref)).toString()).toBe('behind')
    expect(source.localFile?.(ref)).toMatchObject({ followLinks: true, pin: { size: 6 } })
  })
})

describe('a file that is not what was listed', () => {
  const changes: Record<string, (path: string) => void> = {
    'was appended to': (path) => appendFileSync(path, 'more'),
    'was cut': (path) => truncateSync(path, 2),
    'was rewritten with the same size and time': (path) => {
      writeFileSync(path, 'HELLO')
      utimesSync(path, 1, 1)
    },
    'was replaced': (path) => {
      writeFileSync(`${path}.new`, 'hello')
      renameSync(`${path}.new`, path)
    },
    'became a symbolic link': (path) => {
      renameSync(path, `${path}.old`)
      symlinkSync(`${path}.old`, path)
    },
    'became a FIFO': (path) => {
      rmSync(path)
      execFileSync('mkfifo', [path])
    },
  }

  it.each(Object.keys(changes))('is changed when it %s', async (how) => {
    const { root, source, ref } = await oneFile('hello')
    changes[how]!(`${root}/file`)
    await expect(source.read(ref)).rejects.toMatchObject({ code: 'changed', provider: 'local', operation: 'read' })
    expect(openBelow(root)).toEqual([])
  })

  it('is not-found when it is gone, and when a directory took its place', async () => {
    const { root, source, ref } = await oneFile('hello')
    rmSync(`${root}/file`)
    await expect(source.read(ref)).rejects.toMatchObject({ code: 'not-found' })
    await expect(source.stat(ref)).rejects.toMatchObject({ code: 'not-found' })
    writeTree(root, { 'file/inner': '' })
    await expect(source.read(ref)).rejects.toMatchObject({ code: 'changed' })
    await expect(source.stat(ref)).rejects.toMatchObject({ code: 'not-found' })
    expect(openBelow(root)).toEqual([])
  })

  const during: Record<string, (path: string) => void> = {
    grows: (path) => appendFileSync(path, 'x'),
    shrinks: (path) => truncateSync(path, 2 * MIB),
    'changes its mode': (path) => chmodSync(path, 0o600),
    'is rewritten in place': (path) =>
      execFileSync('dd', ['if=/dev/zero', `of=${path}`, 'bs=1', 'count=1', 'conv=notrunc', 'status=none']),
  }

  it.each(Object.keys(during))('is changed when it %s while it is read', async (how) => {
    const { root, source, ref } = await oneFile(randomBytes(4 * MIB))
    const { body } = await source.read(ref)
    const iterator = body[Symbol.asyncIterator]()
    expect((await iterator.next()).done).toBe(false)
    during[how]!(`${root}/file`)
    await expect(
      (async (): Promise<void> => {
        while ((await iterator.next()).done !== true);
      })(),
    ).rejects.toMatchObject({ code: 'changed' })
    expect(openBelow(root)).toEqual([])
  })
})

describe('damage and strange files', () => {
  it('is corrupt when a file yields more than its size though nothing changed it', async () => {
    // Files of procfs have a size of 0 and bytes all the same.
    const source = localDirectory({ path: '/proc/sys/kernel' })
    const { ref, size } = await source.stat({ path: 'ostype' })
    expect(size).toBe(0)
    await expect(readAll(source, ref)).rejects.toMatchObject({ code: 'corrupt' })
    expect(openBelow('/proc/sys/kernel')).toEqual([])
  })

  it('is corrupt when a file ends before its size though nothing changed it', async () => {
    // Attributes of sysfs have a size of one page and hold a few bytes.
    const source = localDirectory({ path: '/sys/kernel/mm/transparent_hugepage' })
    const { ref, size } = await source.stat({ path: 'enabled' })
    expect(size).toBe(4096)
    await expect(readAll(source, ref)).rejects.toMatchObject({ code: 'corrupt' })
  })

  it('is corrupt when the device says EIO', async () => {
    // Address 0 of a process is never mapped: reading it is EIO, as a bad sector is.
    const source = localDirectory({ path: '/proc/self' })
    const { ref } = await source.stat({ path: 'mem' })
    await expect(readAll(source, ref)).rejects.toMatchObject({ code: 'corrupt' })
    expect(openBelow('/proc/self/mem')).toEqual([])
  })
})

describe('closing', () => {
  it('closes on abort, with its reason', async () => {
    const { root, source, ref } = await oneFile(randomBytes(4 * MIB))
    const reason = new Error('stop')
    await expect(source.read(ref, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const { body } = await source.read(ref, { signal: controller.signal })
    const iterator = body[Symbol.asyncIterator]()
    await iterator.next()
    controller.abort(reason)
    await expect(iterator.next()).rejects.toBe(reason)
    expect(openBelow(root)).toEqual([])
    expect((await iterator.next()).done).toBe(true)
  })

  it('closes on an early return, also before the first chunk', async () => {
    const { root, source, ref } = await oneFile(randomBytes(4 * MIB))
    for await (const chunk of (await source.read(ref)).body) {
      expect(chunk.length).toBe(MIB)
      break
    }
    expect(openBelow(root)).toEqual([])
    const { body } = await source.read(ref)
    expect(openBelow(root)).toHaveLength(1)
    await body[Symbol.asyncIterator]().return?.()
    expect(openBelow(root)).toEqual([])
  })

  it('closes what nobody finished when the source is disposed of, and refuses every call after', async () => {
    const { root, source, ref } = await oneFile('hello')
    await source.read(ref)
    expect(openBelow(root)).toHaveLength(1)
    await source[Symbol.asyncDispose]?.()
    expect(openBelow(root)).toEqual([])
    await expect(source.read(ref)).rejects.toMatchObject({ code: 'invalid-config' })
    await expect(source.stat(ref)).rejects.toMatchObject({ code: 'invalid-config' })
    await expect(source.describe()).rejects.toMatchObject({ code: 'invalid-config' })
    await expect(source.list()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'invalid-config' })
  })
})

it.each([
  null,
  7,
  {},
  { path: '' },
  { path: '/etc/passwd' },
  { path: '../x' },
  { path: 'a/../../x' },
  { path: 'a\0' },
  { path: '\u0100' },
])('refuses the ref %j, which it never gave out', async (ref) => {
  const { source } = await oneFile('hello')
  await expect(source.read(ref)).rejects.toMatchObject({ code: 'invalid-config' })
  await expect(source.stat(ref)).rejects.toMatchObject({ code: 'invalid-config' })
  expect(() => source.localFile?.(ref)).toThrow(expect.objectContaining({ code: 'invalid-config' }))
})
