import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { isBackupError } from '@backproof/core/errors'
import { memorySource } from '@backproof/core/testing'
import { tarArchive } from '@backproof/provider-local'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tempDirectory } from '../support/tree.js'
import { has, pictureOfScan, pictureOfTree, type Scanned, scanAll, writeHostileTree } from './support/archives.js'
import { tarOf } from './support/tar-writer.js'

const scan = (bytes: Uint8Array, chunkSize = 65_536): Promise<Scanned[]> =>
  scanAll(tarArchive({ source: memorySource({ a: { bytes } }, { chunkSize }), key: 'a' }))

const zstd = (bytes: Uint8Array, ...flags: string[]): Buffer =>
  execFileSync('zstd', ['-q', '-c', ...flags], { input: bytes, maxBuffer: 1 << 29 })

const noise = randomBytes(300_000)
const tar = tarOf(
  { name: 'text', data: 'The quick brown fox. '.repeat(40_000) },
  { name: 'noise', data: noise },
  { name: 'zeros', data: Buffer.alloc(1_000_000) },
  { name: 'last', data: 'last' },
)

describe.skipIf(!has('zstd'))('zstd (Debian package zstd)', () => {
  it.each([
    ['-1'],
    ['-3'],
    ['-19'],
    ['--fast=5'],
    ['-3', '--long=27'],
    ['--no-check'],
    ['-T2', '-B1MiB'],
    ['--ultra', '-20'],
  ])('unpacks what zstd %s packs', async (...flags) => {
    const right = pictureOfScan(await scan(tar))
    const packed = zstd(tar, ...flags)
    for (const chunkSize of [65_536, 1_009]) expect(pictureOfScan(await scan(packed, chunkSize))).toEqual(right)
  })

  it.skipIf(!has('tar'))('is known by its bytes, and a tree that tar --zstd packed is that tree', async () => {
    const root = tempDirectory()
    writeHostileTree(`${root}/tree`, { links: true, bytes: true })
    execFileSync('tar', ['--format=posix', '--zstd', '-cf', `${root}/a.bin`, '-C', `${root}/tree`, '.'])
    expect(pictureOfScan(await scanAll(tarArchive({ path: `${root}/a.bin` })))).toEqual(pictureOfTree(`${root}/tree`))
  })

  it('reads frame after frame, and passes over those that say so', async () => {
    const skippable = Buffer.from('502a4d1803000000616263', 'hex')
    const pieces = [tar.subarray(0, 700), tar.subarray(700, 701), Buffer.alloc(0), tar.subarray(701)]
    const packed = Buffer.concat([skippable, ...pieces.flatMap((piece) => [zstd(piece), skippable])])
    expect(pictureOfScan(await scan(packed))).toEqual(pictureOfScan(await scan(tar)))
  })

  it('holds a window of it in memory, however long it is', async () => {
    const packed = zstd(
      tarOf(...Array.from({ length: 64 }, (_, i) => ({ name: `f${i}`, data: randomBytes(4_000_000) }))),
      '-1',
    )
    const source = tarArchive({ source: memorySource({ a: { bytes: packed } }), key: 'a' })
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    for await (const { body } of source.scan!()) {
      for await (const _ of body);
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
    }
    // Garbage that was not collected yet included; all of it would be twice 256 MB.
    expect(most).toBeLessThan(160_000_000)
  })

  it('tells a cut at any byte, and anything behind the end', async () => {
    const packed = zstd(
      tarOf({ name: 'a', data: 'some text '.repeat(500) }, { name: 'b', data: noise.subarray(0, 1_500) }),
    )
    for (let length = 0; length < packed.length; length++) {
      await expect(scan(packed.subarray(0, length)), `cut at ${length}`).rejects.toMatchObject({ code: 'corrupt' })
    }
    for (const rest of [Buffer.from('!'), Buffer.from('garbage'), Buffer.alloc(8), packed, packed.subarray(0, 9)]) {
      await expect(scan(Buffer.concat([packed, rest]))).rejects.toMatchObject({ code: 'corrupt' })
    }
  })

  it('tells any single damaged byte, or unpacks to the very same bytes', async () => {
    const small = tarOf({ name: 'a', data: 'some text '.repeat(30) }, { name: 'b', data: noise.subarray(0, 300) })
    const packed = zstd(small, '-1')
    const right = pictureOfScan(await scan(packed))
    let told = 0
    let same = 0
    for (let at = 0; at < packed.length; at++) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const damaged = Buffer.from(packed)
        damaged[at]! ^= flip
        try {
          expect(pictureOfScan(await scan(damaged))).toEqual(right)
          same += 1
        } catch (error) {
          if (!isBackupError(error)) throw error
          expect(['corrupt', 'unsupported']).toContain(error.code)
          told += 1
        }
      }
    }
    expect(told).toBeGreaterThan(10 * same)
  })

  it('property: changed, moved and lost bytes never crash, hang or give more than an error', async () => {
    const packed = zstd(tar.subarray(0, 100_000), '-9')
    const edit = fc.record({ at: fc.nat(packed.length - 1), with: fc.uint8Array({ maxLength: 30 }), cut: fc.nat(60) })
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
        let bytes: Buffer = packed
        for (const { at, with: put, cut } of edits) {
          bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)])
        }
        await expect(scan(bytes)).rejects.toSatisfy(isBackupError)
      }),
      { numRuns: 150 },
    )
  })
})

describe('the header of a zstd frame', () => {
  const magic = '28b52ffd'
  it.each([
    ['a window beyond 128 MiB', `${magic}0090`, 'unsupported'],
    ['a content beyond 128 MiB in one piece', `${magic}a000000010`, 'unsupported'],
    ['a dictionary', `${magic}01580a`, 'unsupported'],
    ['a reserved bit', `${magic}0858`, 'corrupt'],
    ['a block of the reserved type', `${magic}0058070000`, 'corrupt'],
    ['a block beyond 128 KiB', `${magic}0058f9ffff`, 'corrupt'],
    ['a size that is not that of its content', `${magic}2002090000ff`, 'corrupt'],
  ])('%s', async (_, hex, code) => {
    await expect(scan(Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(8)]))).rejects.toMatchObject({ code })
  })
})
