import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { crc32, deflateRawSync } from 'node:zlib'
import type { BackupSource } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import { localDirectory, zipArchive } from '@backproof/provider-local'
import { describe, expect, it } from 'vitest'
import { listAll, openBelow, tempDirectory, utf8 } from '../support/tree.js'
import { scanAll } from './support/archives.js'
import { extraField, flip, MODE, put, type ZipMember, zipOf } from './support/zip-writer.js'

const inMemory = (bytes: Uint8Array): BackupSource =>
  zipArchive({ source: memorySource({ 'a.zip': { bytes } }), key: 'a.zip' })

const view = async (bytes: Uint8Array): Promise<unknown[]> =>
  (await scanAll(inMemory(bytes))).map(({ info, bytes: body }) => {
    const { key, kind, size, linkTarget, problem } = info
    return { key, kind, size, linkTarget, problem: problem?.code, body: body.toString('latin1') }
  })

const file = (key: string, body: string): object => ({ key, kind: 'object', size: body.length, body })
const big = randomBytes(3_000_000)

const counts =
  (here: number, all: number) =>
  (end: Buffer): void => {
    end.writeUInt16LE(here, 8)
    end.writeUInt16LE(all, 10)
  }

describe('entries', () => {
  it('are those of the directory, stored or deflated, of any size', async () => {
    const all = await scanAll(
      inMemory(
        zipOf([
          { name: 'd/', method: 0, attributes: MODE(0o40755) },
          { name: 'dos', method: 0, host: 0, attributes: 0x10 },
          { name: 'd/empty', method: 0 },
          { name: 'd/empty too' },
          { name: 'small', data: 'small '.repeat(100) },
          { name: 'big', data: big },
          { name: 'zeros', data: Buffer.alloc(5_000_000) },
          { name: 'stored', data: big, method: 0 },
          { name: 'link', data: '../any where\xff', attributes: MODE(0o120777) },
          { name: 'fifo', method: 0, attributes: MODE(0o010644) },
        ]),
      ),
    )
    expect(all.map(({ info, bytes }) => [info.key, info.kind, bytes.length])).toEqual([
      ['d/empty', 'object', 0],
      ['d/empty too', 'object', 0],
      ['small', 'object', 600],
      ['big', 'object', big.length],
      ['zeros', 'object', 5_000_000],
      ['stored', 'object', big.length],
      ['link', 'symlink', 0],
      ['fifo', 'special', 0],
    ])
    expect(all[3]!.bytes.equals(big) && all[5]!.bytes.equals(big)).toBe(true)
    expect(all[4]!.bytes.every((byte) => byte === 0)).toBe(true)
    expect(all[6]!.info.linkTarget).toBe('../any where\u00ff')
    expect(all.every(({ info }) => info.problem === undefined)).toBe(true)
  })

  it('have names in UTF-8, in the bytes of Unix, in code page 437, and from the field of Info-ZIP', async () => {
    const unicode = (name: string, of: string): Buffer =>
      extraField(0x7075, Buffer.concat([Buffer.from([1]), le32(crc32(Buffer.from(of, 'latin1'))), Buffer.from(name)]))
    const members: ZipMember[] = [
      { name: utf8('\u00e9'), flags: 0x0800, host: 0 },
      { name: '\xff\xfe' },
      { name: '\x82\xe1\xff', host: 0 },
      { name: 'caf?', extra: unicode('caf\u00e9', 'caf?') },
      { name: 'renamed', extra: unicode('before', 'another') },
      { name: 'windows\\way', host: 10 },
      { name: 'unix\\way' },
    ]
    const found = await scanAll(inMemory(zipOf(members)))
    expect(found.map(({ info }) => info.key)).toEqual([
      '\u00e9',
      '\udcff\udcfe',
      '\u00e9\u00df\u00a0',
      'caf\u00e9',
      'renamed',
      'windows/way',
      'unix\\way',
    ])
    expect(found[1]!.info.keyBytes).toEqual(Buffer.from('fffe', 'hex'))
  })

  it('have modes, owners, and times that are told in UTC', async () => {
    const time = extraField(0x5455, Buffer.from('0100f15365', 'hex'))
    const owners = extraField(0x7875, Buffer.from('0104e803000002e903', 'hex'))
    const ntfs = Buffer.alloc(32)
    ntfs.writeUInt16LE(1, 4)
    ntfs.writeUInt16LE(24, 6)
    ntfs.writeBigInt64LE(116_444_736_000_000_000n + 17_000_000_000_000_000n, 8)
    const found = await scanAll(
      inMemory(
        zipOf([
          { name: 'unix', attributes: MODE(0o104755), extra: Buffer.concat([time, owners]) },
          { name: 'ntfs', host: 10, attributes: 0x20, extra: extraField(0x000a, ntfs) },
          { name: 'dos', host: 0, attributes: 0x20 },
        ]),
      ),
    )
    expect(found.map(({ info }) => [info.modified, info.metadata])).toEqual([
      [1_700_000_000_000, { mode: 0o4755, uid: 1000, gid: 1001, mtimeNs: '1700000000000000000' }],
      [1_700_000_000_000, { mtimeNs: '1700000000000000000' }],
      [undefined, {}],
    ])
  })

  it('with names that lead out are told, and inside', async () => {
    const bytes = zipOf([
      { name: '../evil', data: 'x' },
      { name: '/etc/passwd' },
      { name: 'C:\\x', host: 0 },
      { name: '..\\x', host: 0 },
      { name: 'a/../../x', data: 'target', attributes: MODE(0o120777) },
      { name: 'good', data: 'good' },
    ])
    expect(await view(bytes)).toMatchObject([
      { key: '%2E%2E/evil', problem: 'invalid-config', body: '' },
      { key: '%2Fetc/passwd', problem: 'invalid-config' },
      { key: 'C%3A/x', problem: 'invalid-config' },
      { key: '%2E%2E/x', problem: 'invalid-config' },
      { key: 'a/%2E%2E/%2E%2E/x', problem: 'invalid-config' },
      file('good', 'good'),
    ])
  })

  it('that cannot be read are told', async () => {
    const bytes = zipOf([
      { name: 'encrypted', data: 'x', flags: 1 },
      { name: 'hidden', data: 'x', flags: 0x2000 },
      { name: 'lzma', data: 'x', method: 14 },
      { name: 'unknown', data: 'x', method: 77 },
      { name: 'directory/', data: 'with bytes' },
    ])
    const found = (await view(bytes)) as { problem: string; body: string }[]
    expect(found.map(({ problem, body }) => [problem, body])).toEqual(Array(5).fill(['unsupported', '']))
  })

  it('are found where sizes and places are 64 bits wide', async () => {
    const data = 'wide '.repeat(50)
    const packed = deflateRawSync(data).length
    const bytes = zipOf([
      { name: 'first', data: 'first' },
      {
        name: 'wide',
        data,
        extra: extraField(0x0001, Buffer.concat([le64(data.length), le64(packed), le64(42)])),
        patchLocal: (local) => local.fill(0xff, 18, 26),
        patchCentral: (central) => {
          central.fill(0xff, 20, 28)
          central.fill(0xff, 42, 46)
        },
      },
    ])
    expect(await view(bytes)).toEqual([file('first', 'first'), file('wide', data)])
  })

  it('may be more than 65,535 without zip64, as old writers have it', async () => {
    const members = Array.from({ length: 65_600 }, (_, i) => ({ name: `f${i}`, method: 0 }))
    const pages: number[] = []
    for await (const page of inMemory(zipOf(members)).list()) pages.push(page.length)
    expect(pages).toEqual([...Array(65).fill(1000), 600])
  })
})

const le32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}
const le64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

describe('damage', () => {
  const members: ZipMember[] = [
    { name: 'first', data: 'one '.repeat(300) },
    { name: 'second', data: 'two', method: 0 },
    { name: 'third', data: randomBytes(200_000) },
  ]
  const whole = zipOf(members, { comment: 'a comment' })

  it('by a cut at any place, or anything behind the end, is told', async () => {
    for (let length = 0; length < whole.length; length += length > 200_500 ? 1 : 997) {
      await expect(scanAll(inMemory(whole.subarray(0, length))), `cut at ${length}`).rejects.toMatchObject({
        code: 'corrupt',
      })
    }
    await expect(scanAll(inMemory(Buffer.concat([whole, Buffer.from('!')])))).rejects.toMatchObject({ code: 'corrupt' })
    expect(await scanAll(inMemory(whole))).toHaveLength(3)
  })

  it.each<[string, Buffer]>([
    ['a count that is too low', zipOf(members, { patchEnd: counts(2, 2) })],
    ['a count that is too high', zipOf(members, { patchEnd: counts(4, 4) })],
    ['counts that differ', zipOf(members, { patchEnd: counts(2, 3) })],
    [
      'a directory that is said to be longer',
      zipOf(members, { patchEnd: (end) => void end.writeUInt32LE(end.readUInt32LE(12) + 1, 12) }),
    ],
    [
      'a directory that is said to start elsewhere',
      zipOf(members, { patchEnd: (end) => void end.writeUInt32LE(end.readUInt32LE(16) - 1, 16) }),
    ],
    ['another archive before it', Buffer.concat([whole, whole])],
    ['a record that is none', zipOf([members[0]!, { ...members[1]!, patchCentral: put(1, 0) }])],
    ['a record whose extra fields lead out', zipOf([{ name: 'a', extra: Buffer.from('01000900ff', 'hex') }])],
    [
      'a record without its 64-bit size',
      zipOf([{ name: 'a', data: 'x', patchCentral: (bytes) => void bytes.fill(0xff, 24, 28) }]),
    ],
    [
      'entries that share their bytes',
      zipOf([
        members[2]!,
        ...Array.from({ length: 20 }, (_, i) => ({
          name: `share${i}`,
          patchCentral: (bytes: Buffer) => void bytes.writeUInt32LE(199_000, 20),
        })),
      ]),
    ],
    ['text', Buffer.from('no zip archive '.repeat(10_000))],
    ['nothing', Buffer.alloc(0)],
  ])('%s ends the scan', async (_, bytes) => {
    await expect(scanAll(inMemory(bytes))).rejects.toMatchObject({ code: 'corrupt', provider: 'local' })
  })

  it('refuses archives in parts', async () => {
    const bytes = zipOf(members, { patchEnd: (end) => void end.writeUInt16LE(1, 4) })
    await expect(scanAll(inMemory(bytes))).rejects.toMatchObject({ code: 'unsupported' })
  })

  it.each<[string, ZipMember]>([
    ['its place', { name: 'a', data: 'x', patchCentral: (bytes) => void bytes.writeUInt32LE(7, 42) }],
    [
      'a place beyond the entries',
      { name: 'a', data: 'x', patchCentral: (bytes) => void bytes.writeUInt32LE(1 << 30, 42) },
    ],
    [
      'a length beyond the entries',
      { name: 'a', data: 'x', method: 0, patchLocal: (bytes) => void bytes.writeUInt16LE(9_999, 28) },
    ],
    ['its name', { name: 'a', data: 'x', patchLocal: put(30, 0x62) }],
    ['its size', { name: 'a', data: 'x', patchLocal: (bytes) => void bytes.writeUInt32LE(2, 22) }],
    ['its checksum', { name: 'a', data: 'x', patchLocal: (bytes) => void bytes.writeUInt32LE(2, 14) }],
    ['its method', { name: 'a', data: 'x', patchLocal: (bytes) => void bytes.writeUInt16LE(0, 8) }],
  ])('of %s in one of two headers is a problem of that entry', async (_, member) => {
    const bytes = zipOf([{ name: 'good', data: 'good' }, member, { name: 'last', data: 'last' }])
    expect(await view(bytes)).toMatchObject([
      file('good', 'good'),
      { key: 'a', problem: 'corrupt', body: '' },
      file('last', 'last'),
    ])
  })

  it.each<[string, ZipMember]>([
    ['checksum', { name: 'a', data: 'some text', patchLocal: flip(14), patchCentral: flip(16) }],
    ['size, lower', { name: 'a', data: 'some text', patchLocal: put(22, 3), patchCentral: put(24, 3) }],
    ['size, higher', { name: 'a', data: 'some text', patchLocal: put(22, 99), patchCentral: put(24, 99) }],
    [
      'size of a stored entry',
      {
        name: 'a',
        data: 'some text',
        method: 0,
        patchLocal: put(22, 99),
        patchCentral: put(24, 99),
      },
    ],
    [
      'size of much',
      {
        name: 'a',
        data: Buffer.alloc(900_000),
        patchLocal: put(22, 99),
        patchCentral: put(24, 99),
      },
    ],
    ['checksum of nothing', { name: 'a', method: 0, patchLocal: flip(14), patchCentral: flip(16) }],
  ])('a wrong %s in both headers ends its body with corrupt, and the next is read', async (_, member) => {
    const seen: string[] = []
    for await (const { info, body } of inMemory(zipOf([member, { name: 'last', data: 'last' }])).scan!()) {
      const read = async (): Promise<void> => {
        for await (const _chunk of body) seen.push(info.key)
      }
      if (info.key === 'last') await read()
      else await expect(read()).rejects.toMatchObject({ code: 'corrupt', subject: 'a' })
    }
    expect(seen.at(-1)).toBe('last')
  })

  it('in the target of a link is a problem of that entry', async () => {
    const long = { name: 'long', data: 'x'.repeat(70_000), attributes: MODE(0o120777) }
    const wrong = {
      name: 'wrong',
      data: 'x',
      attributes: MODE(0o120777),
      patchLocal: flip(14),
      patchCentral: flip(16),
    }
    expect(await view(zipOf([long, wrong]))).toMatchObject([
      { key: 'long', kind: 'symlink', problem: 'corrupt' },
      { key: 'wrong', kind: 'symlink', problem: 'corrupt' },
    ])
  })
})

describe('as a source', () => {
  it('is sequential, carries checksums, and needs ranges', async () => {
    const root = tempDirectory()
    writeFileSync(`${root}/a.zip`, zipOf([{ name: 'a', data: 'x' }]))
    for (const source of [
      zipArchive({ path: `${root}/a.zip` }),
      zipArchive({ source: localDirectory({ path: root }), key: 'a.zip' }),
    ]) {
      expect(source.uri).toBe(`file://${root}/a.zip`)
      await expect(source.describe()).resolves.toMatchObject({
        access: 'sequential',
        keyOrder: 'none',
        pinning: 'etag',
        listingDigests: [{ algorithm: 'crc32', provenance: 'claimed' }],
      })
      expect(await listAll(source)).toMatchObject([
        { key: 'a', size: 1, digests: [{ algorithm: 'crc32', value: '8cdc1683' }] },
      ])
      await expect(source.read({ entry: 0 })).rejects.toMatchObject({ code: 'unsupported' })
    }
    const unranged = zipArchive({ source: memorySource({ a: 'x' }, { traits: { rangeReads: false } }), key: 'a' })
    await expect(unranged.describe()).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('leaves nothing open and stops when aborted', async () => {
    const root = tempDirectory()
    writeFileSync(
      `${root}/a.zip`,
      zipOf([
        { name: 'a', data: big },
        { name: 'zeros', data: Buffer.alloc(50_000_000) },
      ]),
    )
    const controller = new AbortController()
    const reason = new Error('stop')
    const run = async (): Promise<void> => {
      for await (const { info, body } of zipArchive({ path: `${root}/a.zip` }).scan!({ signal: controller.signal })) {
        for await (const _ of body) if (info.key === 'zeros') controller.abort(reason)
      }
    }
    await expect(run()).rejects.toBe(reason)
    expect(openBelow(root)).toEqual([])
  })

  it('says when the file changed while it was read', async () => {
    const path = `${tempDirectory()}/a.zip`
    writeFileSync(
      path,
      zipOf([
        { name: 'a', data: big, method: 0 },
        { name: 'b', data: big, method: 0 },
      ]),
    )
    const run = async (): Promise<void> => {
      for await (const { body } of zipArchive({ path }).scan!()) {
        for await (const _ of body);
        writeFileSync(path, '!', { flag: 'a' })
      }
    }
    await expect(run()).rejects.toMatchObject({ code: 'changed' })
  })
})
