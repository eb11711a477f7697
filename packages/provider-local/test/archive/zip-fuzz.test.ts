import { randomBytes } from 'node:crypto'
import { isBackupError } from '@backproof/core/errors'
import { memorySource } from '@backproof/core/testing'
import { zipArchive } from '@backproof/provider-local'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pictureOfScan } from './support/archives.js'
import { extraField, MODE, type ZipMember, zipOf } from './support/zip-writer.js'

/**
 * What a scan came to: a picture of its entries, or the code of the error that ended it. A body that fails is shown by its
 * code. Whatever is no error of ours fails the test.
 */
const outcome = async (bytes: Uint8Array): Promise<Readonly<Record<string, string>> | string> => {
  const picture: Record<string, string> = {}
  try {
    for await (const { info, body } of zipArchive({ source: memorySource({ a: { bytes } }), key: 'a' }).scan!()) {
      expect(info.key).not.toMatch(/^\/|\0|^$/)
      expect(info.key.split('/')).not.toContain('..')
      const chunks: Buffer[] = []
      try {
        for await (const chunk of body) chunks.push(Buffer.from(chunk))
        Object.assign(picture, pictureOfScan([{ info, bytes: Buffer.concat(chunks) }]))
      } catch (error) {
        if (!isBackupError(error)) throw error
        picture[info.key] = `unreadable ${error.code}`
      }
    }
    return picture
  } catch (error) {
    if (!isBackupError(error)) throw error
    expect(['corrupt', 'unsupported']).toContain(error.code)
    return error.code
  }
}

const whole = zipOf(
  [
    { name: 'text', data: 'some text '.repeat(40) },
    { name: 'stored', data: 'stored', method: 0 },
    { name: 'noise', data: randomBytes(300), extra: extraField(0x5455, Buffer.from('0100f15365', 'hex')) },
    { name: 'link', data: 'target', attributes: MODE(0o120777) },
  ],
  { comment: 'end' },
)

describe('property', () => {
  it('random bytes, with an end record or without, give an error that says corrupt', async () => {
    const noise = fc.uint8Array({ maxLength: 3_000 })
    const ended = fc
      .tuple(noise, fc.uint8Array({ minLength: 16, maxLength: 16 }))
      .map(([bytes, fields]) => Buffer.concat([bytes, Buffer.from('PK\x05\x06'), fields, Buffer.alloc(2)]))
    await fc.assert(
      fc.asyncProperty(fc.oneof(noise, ended), async (bytes) => {
        const found = await outcome(bytes)
        // Zeros in all fields are an archive without entries, if nothing else is there.
        if (typeof found === 'string') expect(['corrupt', 'unsupported']).toContain(found)
        else expect([found, bytes.length]).toEqual([{}, 22])
      }),
      { numRuns: 300 },
    )
  })

  it('entries of any fields stay inside', async () => {
    const member: fc.Arbitrary<ZipMember> = fc.record({
      name: fc.oneof(
        fc
          .array(fc.constantFrom('..', '.', '', 'a', 'C:', '\\', '\xff'), { maxLength: 5 })
          .map((parts) => parts.join('/')),
        fc.string({ unit: 'binary-ascii', maxLength: 60 }),
      ),
      data: fc.uint8Array({ maxLength: 400 }),
      method: fc.constantFrom(0, 8, 8, 12),
      host: fc.constantFrom(0, 3, 10, 19),
      flags: fc.constantFrom(0, 1, 8, 0x0800, 0x2000),
      attributes: fc.constantFrom(0, 0x10, MODE(0o120777), MODE(0o100644), MODE(0o040755)),
      extra: fc.uint8Array({ maxLength: 40 }).map((bytes) => extraField(bytes[0] ?? 0x7075, bytes)),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(member, { maxLength: 5 }), async (members) => {
        const bytes = zipOf(members)
        expect(typeof (await outcome(bytes))).toBe('object')
      }),
      { numRuns: 300 },
    )
  })

  it('an archive with changed, moved or lost bytes never crashes or leads out', async () => {
    const edit = fc.record({ at: fc.nat(whole.length - 1), with: fc.uint8Array({ maxLength: 20 }), cut: fc.nat(40) })
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
        let bytes: Buffer = Buffer.from(whole)
        for (const { at, with: put, cut } of edits)
          bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)])
        await outcome(bytes)
      }),
      { numRuns: 500 },
    )
  })
})

describe('any single damaged byte', () => {
  it('is told, or leaves every name and every byte as it was', async () => {
    const right = await outcome(whole)
    expect(Object.values(right)).toHaveLength(4)
    const untold: number[] = []
    let told = 0
    for (let at = 0; at < whole.length; at++) {
      for (const flip of [0x01, 0x10, 0x80, 0xff]) {
        const damaged = Buffer.from(whole)
        damaged[at]! ^= flip
        const found = await outcome(damaged)
        const problems =
          typeof found === 'string' || Object.values(found).some((line) => /^(?:problem|unreadable)/.test(line))
        if (problems) told += 1
        else if (kindsOf(found) === kindsOf(right)) {
          expect(found).toEqual(right)
          untold.push(at)
        } else {
          // Attributes stand once in a zip archive, with nothing to check them by: a file may turn into a link.
          told += 1
        }
      }
    }
    expect(told).toBeGreaterThan(4 * untold.length)
  })
})

/** Key and kind of each entry: these differ visibly from the original when compared. */
const kindsOf = (picture: Readonly<Record<string, string>> | string): string =>
  JSON.stringify(Object.entries(picture).map(([key, line]) => [key, line.split(' ')[0]]))
