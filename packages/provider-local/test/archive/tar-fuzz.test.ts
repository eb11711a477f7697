import { gunzipSync, gzipSync } from 'node:zlib'
import { isBackupError } from '@backproof/core/errors'
import type { BackupSource } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import { tarArchive } from '@backproof/provider-local'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pictureOfScan, type Scanned, scanAll } from './support/archives.js'
import { paxMember, tarMember, tarOf, withChecksum } from './support/tar-writer.js'

const inMemory = (bytes: Uint8Array): BackupSource => tarArchive({ source: memorySource({ a: { bytes } }), key: 'a' })

/** What a scan came to: entries, or the one class of errors that may come out. */
const outcome = async (bytes: Uint8Array): Promise<readonly Scanned[] | string> => {
  try {
    return await scanAll(inMemory(bytes))
  } catch (error) {
    if (!isBackupError(error)) throw error
    return error.code
  }
}

const expectInside = (all: readonly Scanned[] | string): void => {
  if (typeof all === 'string') {
    expect(['corrupt', 'unsupported']).toContain(all)
    return
  }
  for (const { info, bytes } of all) {
    expect(info.key).not.toMatch(/^\/|\0|^$/)
    expect(info.key.split('/')).not.toContain('..')
    if (info.kind === 'object' && info.linkTo === undefined && info.problem === undefined)
      expect(bytes).toHaveLength(info.size!)
  }
}

const members = tarOf(
  paxMember([
    ['path', 'long/name'],
    ['mtime', '1700000000.5'],
    ['size', '5'],
  ]),
  { name: 'a', data: '12345' },
  paxMember([
    ['GNU.sparse.major', '1'],
    ['GNU.sparse.minor', '0'],
    ['GNU.sparse.realsize', '3000'],
    ['GNU.sparse.name', 's'],
  ]),
  { name: 'x', data: Buffer.concat([Buffer.from('2\n0\n3\n2000\n4\n'.padEnd(512, '\0')), Buffer.from('abcdefg')]) },
  tarMember({ name: '././@LongLink', type: 'L', data: 'long\0' }),
  { name: 'b', data: 'x'.repeat(600) },
  { name: 'l', type: '1', linkName: 'long' },
)

describe('property', () => {
  it('random bytes give entries inside, or an error that says corrupt', async () => {
    const noise = fc.uint8Array({ maxLength: 4_000 })
    const packed = noise.map((bytes) => gzipSync(bytes))
    const framed = fc
      .tuple(fc.constantFrom('1f8b0800', '28b52ffd', '7573746172'), noise)
      .map(([head, bytes]) => Buffer.concat([Buffer.from(head, 'hex'), bytes]))
    await fc.assert(
      fc.asyncProperty(fc.oneof(noise, packed, framed), async (bytes) => expectInside(await outcome(bytes))),
      { numRuns: 300 },
    )
  })

  it('headers of any fields with right checksums give entries inside, or an error that says corrupt', async () => {
    const name = fc.oneof(
      fc
        .array(fc.constantFrom('..', '.', '', 'a', 'C:', '\\', '\xff', '\n'), { maxLength: 6 })
        .map((parts) => parts.join('/')),
      fc.string({ unit: 'binary-ascii', maxLength: 99 }),
    )
    const member = fc
      .record({
        name,
        linkName: name,
        type: fc.constantFrom('\0', ...'01234567DKLMNSVXgxAZ'),
        data: fc.uint8Array({ maxLength: 700 }),
        noise: fc.uint8Array({ minLength: 0, maxLength: 20 }),
        at: fc.nat(490),
      })
      .map(({ noise, at, ...rest }) => tarMember({ ...rest, patch: (block) => block.set(noise, at) }))
    await fc.assert(
      fc.asyncProperty(fc.array(member, { maxLength: 5 }), async (all) => expectInside(await outcome(tarOf(...all)))),
      { numRuns: 400 },
    )
  })

  it('a real archive with changed, moved or lost bytes gives entries inside, or an error that says corrupt', async () => {
    const edit = fc.record({ at: fc.nat(members.length - 1), with: fc.uint8Array({ maxLength: 40 }), cut: fc.nat(600) })
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), fc.boolean(), async (edits, repair) => {
        let bytes: Buffer = Buffer.from(members)
        for (const { at, with: put, cut } of edits)
          bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)])
        if (repair && bytes.length >= 512) withChecksum(bytes.subarray(0, 512))
        expectInside(await outcome(bytes))
      }),
      { numRuns: 400 },
    )
  })

  it('a name of any bytes is a key of the same bytes', async () => {
    const part = fc
      .uint8Array({ minLength: 1, maxLength: 60 })
      .map((bytes) => Buffer.from(bytes).toString('latin1').replace(/[\0/]/g, '_'))
    const path = fc
      .array(
        part.filter((text) => text !== '.' && text !== '..'),
        { minLength: 1, maxLength: 5 },
      )
      .map((parts) => parts.join('/'))
    await fc.assert(
      fc.asyncProperty(
        path.filter((text) => !/^[A-Za-z]:[\\/]/.test(text)),
        async (text) => {
          const [found] = await scanAll(inMemory(tarOf(paxMember([['path', text]]), { name: 'x', data: 'y' })))
          const { key, keyBytes, problem } = found!.info
          expect(problem).toBeUndefined()
          expect(Buffer.from(keyBytes ?? Buffer.from(key)).toString('latin1')).toBe(text)
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('any single damaged byte of a compressed archive', () => {
  it('is told, unless it unpacks to the very same bytes (gzip)', async () => {
    const bytes = gzipSync(members)
    const right = pictureOfScan(await scanAll(inMemory(bytes)))
    let told = 0
    let same = 0
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const damaged = Buffer.from(bytes)
        damaged[at]! ^= flip
        const found = await outcome(damaged)
        if (typeof found === 'string') {
          told += 1
          continue
        }
        // Time and system in the header say nothing of the content, and deflate can say the same in several ways.
        expect(pictureOfScan(found)).toEqual(right)
        expect(gunzipSync(damaged).equals(members)).toBe(true)
        same += 1
      }
    }
    expect(told).toBeGreaterThan(20 * same)
  })
})
