import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { BackupSource } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import { localDirectory, tarArchive } from '@backproof/provider-local'
import { describe, expect, it } from 'vitest'
import { listAll, openBelow, tempDirectory } from '../support/tree.js'
import { scanAll } from './support/archives.js'
import { BLOCK, END, paxMember, tarMember, tarOf, withChecksum } from './support/tar-writer.js'

/** The archive in another source, in chunks so small that every structure is cut by them. */
const inMemory = (bytes: Uint8Array, chunkSize = 65_536): BackupSource =>
  tarArchive({ source: memorySource({ 'deep/a.tar': { bytes } }, { chunkSize }), key: 'deep/a.tar' })

const view = async (bytes: Uint8Array, chunkSize?: number): Promise<unknown[]> =>
  (await scanAll(inMemory(bytes, chunkSize))).map(({ info, bytes: body }) => {
    const { key, kind, size, linkTo, linkTarget, problem } = info
    return { key, kind, size, linkTo, linkTarget, problem: problem?.code, body: body.toString('latin1') }
  })

const file = (key: string, body: string): object => ({ key, kind: 'object', size: body.length, body })

describe('members', () => {
  it('of every type are entries, or known to be none', async () => {
    const bytes = tarOf(
      { name: './', type: '5' },
      { name: 'old/', type: '0' },
      { name: 'label', type: 'V' },
      { name: 'file', data: 'one' },
      { name: 'nul', type: '\0', data: 'two' },
      { name: 'contiguous', type: '7', data: 'three' },
      { name: 'soft', type: '2', linkName: 'any/../where\xff' },
      { name: 'hard', type: '1', linkName: './file', size: 3 },
      { name: 'char', type: '3' },
      { name: 'block', type: '4' },
      { name: 'fifo', type: '6' },
      { name: 'odd', type: 'Q', data: 'unknown' },
      { name: 'cont', type: 'M', data: 'rest of a file' },
      { name: 'last', data: 'last' },
    )
    for (const chunkSize of [65_536, 100, 7]) {
      expect(await view(bytes, chunkSize)).toEqual([
        file('file', 'one'),
        file('nul', 'two'),
        file('contiguous', 'three'),
        { key: 'soft', kind: 'symlink', linkTarget: 'any/../where\udcff', body: '' },
        { key: 'hard', kind: 'object', linkTo: 'file', body: '' },
        { key: 'char', kind: 'special', body: '' },
        { key: 'block', kind: 'special', body: '' },
        { key: 'fifo', kind: 'special', body: '' },
        { key: 'odd', kind: 'special', problem: 'unsupported', body: 'unknown' },
        { key: 'cont', kind: 'special', problem: 'unsupported', body: 'rest of a file' },
        file('last', 'last'),
      ])
    }
  })

  it('have the names of their extended headers: pax over GNU over the prefix', async () => {
    const bytes = tarOf(
      paxMember(
        [
          ['path', 'for all'],
          ['comment', 'global'],
        ],
        'g',
      ),
      { name: 'a', data: '1' },
      paxMember([['path', 'for one']]),
      { name: 'b', data: '2' },
      paxMember([['path', '']], 'g'),
      tarMember({ name: '././@LongLink', type: 'L', data: 'long name\0' }),
      { name: 'c', data: '3' },
      { name: 'd', data: '4', patch: (block) => block.write('some/prefix', 345) },
      { name: 'e', data: '5', magic: 'ustar  \0', patch: (block) => block.write('12345670123', 345) },
      tarMember({ name: '././@LongLink', type: 'K', data: 'long target\0' }),
      { name: 'f', type: '2', linkName: 'short' },
      paxMember([
        ['linkpath', 'pax target'],
        ['size', '0'],
      ]),
      { name: 'g', type: '2', linkName: 'short', size: 0 },
    )
    expect(await view(bytes)).toMatchObject([
      { key: 'for all' },
      { key: 'for one' },
      { key: 'long name' },
      { key: 'some/prefix/d' },
      { key: 'e' },
      { key: 'f', linkTarget: 'long target' },
      { key: 'g', linkTarget: 'pax target' },
    ])
  })

  it('have times, owners, modes and extended attributes', async () => {
    const bytes = tarOf(
      paxMember([
        ['mtime', '1700000000.123456789'],
        ['uid', '4000000000'],
        ['SCHILY.xattr.user.note', 'a\xff=b'],
      ]),
      { name: 'a', patch: (block) => block.write('0104755\0', 100, 'latin1') },
      { name: 'b', patch: (block) => void Buffer.from('8000000000000000ee6b2800', 'hex').copy(block, 136) },
      { name: 'c', patch: (block) => void Buffer.from('ffffffffffffffffffffffff', 'hex').copy(block, 136) },
    )
    const [a, b, c] = (await scanAll(inMemory(bytes))).map(({ info }) => info)
    expect(a).toMatchObject({
      modified: 1_700_000_000_123.4568,
      metadata: {
        mode: 0o4755,
        uid: 4_000_000_000,
        gid: 1000,
        mtimeNs: '1700000000123456789',
        xattrs: { 'user.note': '61ff3d62' },
      },
    })
    expect(b).toMatchObject({ modified: 4_000_000_000_000, metadata: { mtimeNs: '4000000000000000000' } })
    expect(c).toMatchObject({ modified: -1000 })
  })

  it('that an archive holds twice are two entries', async () => {
    const bytes = tarOf({ name: 'a', data: 'old' }, { name: './a', data: 'new' })
    expect(await view(bytes)).toEqual([file('a', 'old'), file('a', 'new')])
  })

  it('have 64-bit sizes in base 256 and in pax headers', async () => {
    const huge = Buffer.from('800000000000000100000000', 'hex')
    const base256 = tarMember({ name: 'huge', patch: (block) => void huge.copy(block, 124) })
    const pax = Buffer.concat([paxMember([['size', '4294967296']]), tarMember({ name: 'huge' })])
    for (const bytes of [base256, pax]) {
      const entries = inMemory(bytes).scan!()[Symbol.asyncIterator]()
      expect((await entries.next()).value).toMatchObject({ info: { key: 'huge', size: 4_294_967_296 } })
      await expect(entries.next()).rejects.toMatchObject({ code: 'corrupt' })
    }
  })
})

describe('names that lead out', () => {
  it.each([
    ['../evil', '%2E%2E/evil'],
    ['a/../../evil', 'a/%2E%2E/%2E%2E/evil'],
    ['/etc/passwd', '%2Fetc/passwd'],
    ['//x', '%2Fx'],
    ['..', '%2E%2E'],
    ['C:\\Windows\\x', 'C%3A\\Windows\\x'],
    ['./C:/x', 'C%3A/x'],
    ['/../C:/x', '%2F%2E%2E/C:/x'],
  ])('%s is told under a key that stays inside', async (name, key) => {
    expect(await view(tarOf({ name, data: 'evil' }, { name: 'good', data: 'good' }))).toEqual([
      { ...file(key, 'evil'), problem: 'invalid-config' },
      file('good', 'good'),
    ])
  })

  it('are told where a hard link points to one', async () => {
    const bytes = tarOf({ name: 'link', type: '1', linkName: '../../etc/shadow' })
    expect(await view(bytes)).toEqual([{ key: 'link', kind: 'object', problem: 'invalid-config', body: '' }])
  })

  it('differ from names that only look so', async () => {
    const names = ['..a', 'a..', '...', 'a/...', 'C:', 'a:/b', 'ab:/c', './x/./y//z', '\xff/.']
    const found = (await view(tarOf(...names.map((name) => ({ name, data: '.' }))))) as {
      key: string
      problem: unknown
    }[]
    expect(found.map(({ key }) => key)).toEqual([
      '..a',
      'a..',
      '...',
      'a/...',
      'C:',
      'a%3A/b',
      'ab:/c',
      'x/y/z',
      '\udcff',
    ])
    expect(found.filter(({ problem }) => problem !== undefined).map(({ key }) => key)).toEqual(['a%3A/b'])
  })

  it('include those with a NUL, and the empty name', async () => {
    const bytes = tarOf(paxMember([['path', 'a\0b']]), { name: 'x' }, { name: '.', data: '' })
    expect(await view(bytes)).toMatchObject([
      { key: 'a%00b', problem: 'invalid-config' },
      { key: '%2E', problem: 'invalid-config' },
    ])
  })
})

describe('damage', () => {
  const members = [tarMember({ name: 'a', data: 'x'.repeat(700) }), tarMember({ name: 'b', data: 'yy' })]
  const whole = tarOf(...members)

  it('by a cut at any byte is told', async () => {
    for (let length = 0; length < whole.length; length += length % BLOCK === 0 || length % BLOCK > 500 ? 1 : 37) {
      await expect(scanAll(inMemory(whole.subarray(0, length))), `cut at ${length}`).rejects.toMatchObject({
        code: 'corrupt',
        retryable: false,
      })
    }
    expect(await scanAll(inMemory(whole))).toHaveLength(2)
  })

  it('by a cut is told where bodies are not read, too', async () => {
    for (const length of [600, 1024, 1536, 2560, whole.length - 1]) {
      await expect(listAll(inMemory(whole.subarray(0, length)))).rejects.toMatchObject({ code: 'corrupt' })
    }
  })

  it('of any byte of a header is told', async () => {
    for (let at = 0; at < BLOCK; at++) {
      const bytes = Buffer.from(whole)
      bytes[at]! ^= 0x01
      // A changed digit of the checksum field makes another sum or no number; its last two bytes only end it.
      if (at >= 154 && at < 156) continue
      await expect(listAll(inMemory(bytes)), `byte ${at}`).rejects.toMatchObject({ code: 'corrupt' })
    }
  })

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['zeros of less than two blocks', Buffer.alloc(BLOCK)],
    ['text', Buffer.from('no archive at all, just text '.repeat(100))],
    ['a lone empty block', Buffer.concat([members[0]!, Buffer.alloc(BLOCK), members[1]!, END])],
    ['a second archive behind the first', Buffer.concat([whole, whole])],
    ['a byte behind the end', Buffer.concat([whole, Buffer.from('!')])],
    ['an extended header before the end', tarOf(paxMember([['path', 'x']]))],
    [
      'a pax record with a wrong length',
      tarOf(tarMember({ name: 'p', type: 'x', data: '99 path=x\n' }), { name: 'a' }),
    ],
    [
      'a pax record without an equals sign',
      tarOf(tarMember({ name: 'p', type: 'x', data: '7 path\n' }), { name: 'a' }),
    ],
    ['a pax size that is none', tarOf(paxMember([['size', '-1']]), { name: 'a' })],
    ['a negative size', tarOf(tarMember({ name: 'a', patch: (block) => block.fill(0xff, 124, 136) }))],
    ['a size that is no number', tarOf(tarMember({ name: 'a', patch: (block) => block.write('12x', 124) }))],
    [
      'a broken sparse map',
      tarOf(
        paxMember([
          ['GNU.sparse.size', '9'],
          ['GNU.sparse.numblocks', '1'],
          ['GNU.sparse.map', '5,9'],
        ]),
        { name: 'a', data: '123456789' },
      ),
    ],
    [
      'a sparse map of another length',
      tarOf(
        paxMember([
          ['GNU.sparse.size', '9'],
          ['GNU.sparse.numblocks', '1'],
          ['GNU.sparse.map', '0,2'],
        ]),
        { name: 'a', data: '123' },
      ),
    ],
    [
      'a sparse map without its lines',
      tarOf(
        paxMember([
          ['GNU.sparse.major', '1'],
          ['GNU.sparse.minor', '0'],
          ['GNU.sparse.realsize', '9'],
        ]),
        { name: 'a', data: '7\n1\n' },
      ),
    ],
  ])('%s is told', async (_, bytes) => {
    await expect(scanAll(inMemory(bytes))).rejects.toMatchObject({ code: 'corrupt', provider: 'local' })
  })

  it('shows after what came before it', async () => {
    const seen: string[] = []
    const run = async (): Promise<void> => {
      for await (const { info } of inMemory(whole.subarray(0, whole.length - 600)).scan!()) seen.push(info.key)
    }
    await expect(run()).rejects.toMatchObject({ code: 'corrupt' })
    expect(seen).toEqual(['a', 'b'])
  })

  it('is not seen in old signed checksums, which hold', async () => {
    const block = withChecksum(tarMember({ name: '\xe9\xe8' }))
    const sum = block.reduce(
      (total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte > 127 ? byte - 256 : byte),
      0,
    )
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
    expect(await view(tarOf(block))).toMatchObject([{ key: '\udce9\udce8' }])
  })
})

describe('limits', () => {
  it('refuse an extended header that is longer than memory should hold', async () => {
    const bytes = tarMember({ name: 'p', type: 'x', size: 17 * 1024 * 1024 })
    await expect(scanAll(inMemory(bytes))).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('refuse packings that are not read, by name', async () => {
    for (const [magic, name] of [
      ['425a6839314159', 'bzip2'],
      ['fd377a585a0000', 'xz'],
      ['504b0304140000', 'zipArchive'],
    ]) {
      const scan = scanAll(inMemory(Buffer.from(magic!, 'hex')))
      await expect(scan).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining(name!) })
    }
  })

  it('leave a hole of any size to the caller, who can stop', async () => {
    const size = String(2 ** 52)
    const bytes = tarOf(
      paxMember([
        ['GNU.sparse.size', size],
        ['GNU.sparse.numblocks', '0'],
        ['GNU.sparse.map', ''],
      ]),
      { name: 'a' },
    )
    const controller = new AbortController()
    const read = async (): Promise<void> => {
      for await (const { info, body } of inMemory(bytes).scan!({ signal: controller.signal })) {
        expect(info.size).toBe(2 ** 52)
        let count = 0
        for await (const chunk of body) {
          expect(chunk.every((byte) => byte === 0)).toBe(true)
          if (++count === 20) controller.abort(new Error('enough'))
        }
      }
    }
    await expect(read()).rejects.toThrow('enough')
  })
})

describe('gzip', () => {
  const tar = tarOf({ name: 'a', data: 'x'.repeat(100_000) }, { name: 'b', data: 'yy' })

  it('is known by its bytes; members may be many and zeros may follow', async () => {
    const split = [tar.subarray(0, 700), tar.subarray(700, 701), tar.subarray(701)].map((part) => gzipSync(part))
    for (const bytes of [gzipSync(tar), Buffer.concat(split), Buffer.concat([gzipSync(tar), Buffer.alloc(100_000)])]) {
      for (const chunkSize of [65_536, 11]) {
        expect((await scanAll(inMemory(bytes, chunkSize))).map(({ bytes: body }) => body.length)).toEqual([100_000, 2])
      }
    }
  })

  it('that is cut anywhere is told', async () => {
    const bytes = gzipSync(tar)
    for (let length = 0; length < bytes.length; length++) {
      await expect(scanAll(inMemory(bytes.subarray(0, length))), `cut at ${length}`).rejects.toMatchObject({
        code: 'corrupt',
      })
    }
  })

  it.each<[string, Buffer]>([
    ['text', Buffer.from('garbage')],
    ['zeros and then text', Buffer.concat([Buffer.alloc(200_000), Buffer.from('garbage')])],
    ['half a member', gzipSync('more').subarray(0, 12)],
    ['another archive', gzipSync(tar)],
  ])('followed by %s is told', async (_, rest) => {
    for (const chunkSize of [65_536, 11]) {
      await expect(scanAll(inMemory(Buffer.concat([gzipSync(tar), rest]), chunkSize))).rejects.toMatchObject({
        code: 'corrupt',
      })
    }
  })
})

describe('as a source', () => {
  const archive = (): { root: string; path: string } => {
    const root = tempDirectory()
    const path = `${root}/a b.tar.gz`
    writeFileSync(
      path,
      gzipSync(tarOf({ name: 'a', data: 'x'.repeat(3_000_000) }, { name: 'b', data: 'yy' }, { name: 'c' }), {
        level: 0,
      }),
    )
    return { root, path }
  }

  it('is sequential and says where it is', async () => {
    const { root, path } = archive()
    const source = tarArchive({ path })
    expect(source.uri).toBe(`file://${root}/a%20b.tar.gz`)
    const traits = await source.describe()
    expect(traits).toMatchObject({
      access: 'sequential',
      keyOrder: 'none',
      pinning: 'etag',
      readCost: 'free',
      rangeReads: false,
    })
    expect(Object.isFrozen(traits)).toBe(true)
    const inner = tarArchive({ source: localDirectory({ path: root }), key: 'a b.tar.gz' })
    expect(inner.uri).toBe(source.uri)
    await expect(inner.describe()).resolves.toMatchObject({ access: 'sequential', pinning: 'etag' })
    expect((await listAll(inner)).map(({ key }) => key)).toEqual(['a', 'b', 'c'])
    await expect(source.stat({ entry: 0 })).rejects.toMatchObject({ code: 'unsupported' })
    await expect(source.read({ entry: 0 })).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('lists pages of a thousand', async () => {
    const bytes = tarOf(...Array.from({ length: 2_500 }, (_, i) => ({ name: `file-${i}`, data: 'x'.repeat(i % 3) })))
    const pages: number[] = []
    for await (const page of inMemory(bytes).list()) pages.push(page.length)
    expect(pages).toEqual([1000, 1000, 500])
  })

  it('passes over bodies that nobody read, or read in part', async () => {
    const { path } = archive()
    const seen: string[] = []
    for await (const { info, body } of tarArchive({ path }).scan!()) {
      seen.push(info.key)
      if (info.key !== 'a') continue
      for await (const chunk of body) if (chunk.length > 0) break
    }
    expect(seen).toEqual(['a', 'b', 'c'])
  })

  it('refuses a body whose turn is over', async () => {
    const { path } = archive()
    const entries = tarArchive({ path }).scan!()[Symbol.asyncIterator]()
    const first = (await entries.next()).value!
    await entries.next()
    await expect(first.body[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'invalid-config' })
    await entries.return?.()
  })

  it('leaves nothing open: at the end, when left early, aborted, damaged or disposed of', async () => {
    const { root, path } = archive()
    const opened = (): string[] => openBelow(root)
    await scanAll(tarArchive({ path }))
    expect(opened()).toEqual([])

    for await (const { body } of tarArchive({ path }).scan!()) {
      expect(opened()).toHaveLength(1)
      for await (const _ of body) break
      break
    }
    expect(opened()).toEqual([])

    const controller = new AbortController()
    const reason = new Error('stop')
    const aborted = async (): Promise<void> => {
      for await (const { body } of tarArchive({ path }).scan!({ signal: controller.signal })) {
        for await (const _ of body) controller.abort(reason)
      }
    }
    await expect(aborted()).rejects.toBe(reason)
    expect(opened()).toEqual([])
    await expect(listAll(tarArchive({ path }), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)

    const source = tarArchive({ path })
    const entries = source.scan!()[Symbol.asyncIterator]()
    await entries.next()
    await source[Symbol.asyncDispose]!()
    expect(opened()).toEqual([])
    await expect(entries.next()).rejects.toMatchObject({ code: 'invalid-config' })
    await expect(source.describe()).rejects.toMatchObject({ code: 'invalid-config' })
    await expect(listAll(source)).rejects.toMatchObject({ code: 'invalid-config' })
    await expect(source.read({})).rejects.toMatchObject({ code: 'invalid-config' })
  })

  it('says when the file changed while it was read', async () => {
    const { path } = archive()
    const run = async (): Promise<void> => {
      for await (const { info } of tarArchive({ path }).scan!())
        if (info.key === 'a') writeFileSync(path, '!', { flag: 'a' })
    }
    await expect(run()).rejects.toMatchObject({ code: 'changed' })
  })

  it('says when there is no such file or object, or none that can be read', async () => {
    const { root } = archive()
    await expect(tarArchive({ path: `${root}/none` }).describe()).rejects.toMatchObject({ code: 'not-found' })
    await expect(listAll(tarArchive({ path: `${root}/none` }))).rejects.toMatchObject({ code: 'not-found' })
    await expect(listAll(tarArchive({ path: root }))).rejects.toMatchObject({ code: 'invalid-config' })
    const source = memorySource({ a: 'x', link: { kind: 'symlink', linkTarget: 'a' } })
    await expect(listAll(tarArchive({ source, key: 'b' }))).rejects.toMatchObject({ code: 'not-found' })
    await expect(listAll(tarArchive({ source, key: 'link' }))).rejects.toMatchObject({ code: 'invalid-config' })
  })

  it.each<[unknown, RegExp]>([
    [undefined, /options object/],
    [{}, /path/],
    [{ path: 'a', key: 'b' }, /either path/],
    [{ source: {}, key: 'b' }, /source/],
    [{ source: memorySource(), key: '' }, /key/],
    [{ path: 'a', compression: 'gzip' }, /no option "compression"/],
  ])('refuses the options %j', (options, message) => {
    expect(() => tarArchive(options as never)).toThrow(message)
  })
})
