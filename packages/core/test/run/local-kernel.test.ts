import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { linkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHasherCache } from '../../src/run/local-hashers.js'
import { createLocalKernel } from '../../src/run/local-kernel.js'
import {
  compared,
  localFile,
  MIB,
  only,
  openDescriptors,
  pattern,
  readAll,
  readOne,
  type TempDirectory,
  tempDirectory,
} from './local-files.js'

const CHUNK = 256 * 1024

let directory: TempDirectory
beforeAll(() => {
  directory = tempDirectory()
})
afterAll(() => directory.remove())

const at = (name: string): string => join(directory.path, name)

describe('comparing', () => {
  const sizes = [0, 1, 4095, 4096, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 17]

  test.each(sizes)('%i equal bytes', async (size) => {
    const bytes = pattern(size)
    const results = await readOne(compared(directory.write('a', bytes), directory.write('b', bytes)))
    expect(results).toEqual([
      { bytesRead: size, size },
      { bytesRead: size, size, equal: true },
    ])
  })

  test('a flipped byte is found wherever it is', async () => {
    const bytes = pattern(2 * CHUNK + 17)
    const first = directory.write('a', bytes)
    const position = fc.oneof(
      fc.integer({ min: 0, max: bytes.length - 1 }),
      fc.constantFrom(0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, bytes.length - 1),
    )
    await fc.assert(
      fc.asyncProperty(position, fc.integer({ min: 1, max: 255 }), async (offset, flip) => {
        const damaged = Buffer.from(bytes)
        damaged[offset]! ^= flip
        const read = Math.min(bytes.length, (Math.floor(offset / CHUNK) + 1) * CHUNK)
        expect(await readOne(compared(first, directory.write('b', damaged)))).toEqual([
          { bytesRead: read, size: bytes.length },
          { bytesRead: read, size: bytes.length, equal: false, firstDifference: offset },
        ])
      }),
      { numRuns: 60 },
    )
  })

  test('an inserted or removed byte is found, in files of any size', async () => {
    const near = fc.constantFrom(...sizes).chain((size) => fc.integer({ min: Math.max(1, size - 2), max: size + 2 }))
    await fc.assert(
      fc.asyncProperty(near, fc.nat(), fc.boolean(), async (size, place, insert) => {
        const bytes = pattern(size)
        const offset = place % size
        const changed = insert
          ? Buffer.concat([bytes.subarray(0, offset), Buffer.of(bytes[offset]! ^ 1), bytes.subarray(offset)])
          : Buffer.concat([bytes.subarray(0, offset), bytes.subarray(offset + 1)])
        const [, second] = await readOne(compared(directory.write('a', bytes), directory.write('b', changed)))
        expect(second!.equal).toBe(false)
        expect(second!.firstDifference).toBe(slowDifference(bytes, changed))
      }),
      { numRuns: 60 },
    )
  })

  test.each([
    [CHUNK, 2 * CHUNK],
    [0, 1],
    [CHUNK, CHUNK + 1],
    [100, 3 * CHUNK],
  ])('the beginning (%i bytes) of a longer file (%i bytes) differs where it ends', async (shorter, longer) => {
    const bytes = pattern(longer)
    const a = directory.write('a', bytes.subarray(0, shorter))
    const b = directory.write('b', bytes)
    for (const job of [compared(a, b), compared(b, a)]) {
      expect((await readOne(job))[1]).toMatchObject({ equal: false, firstDifference: shorter })
    }
  })

  test('reading stops at the difference unless a digest needs the rest', async () => {
    const bytes = pattern(20 * CHUNK)
    const a = directory.write('a', bytes)
    const b = directory.write('b', Buffer.concat([Buffer.of(bytes[0]! ^ 1), bytes.subarray(1)]))
    const same = directory.write('c', bytes)
    expect((await readOne(compared(a, b))).map((result) => result.bytesRead)).toEqual([CHUNK, CHUNK])
    // The third file still needs the base.
    expect((await readOne(compared(a, b, same))).map((result) => result.bytesRead)).toEqual([
      20 * CHUNK,
      CHUNK,
      20 * CHUNK,
    ])
    const recorded = await readOne({ files: compared(a, b).files.map((file) => ({ ...file, algorithms: ['sha256'] })) })
    expect(recorded.map((result) => result.bytesRead)).toEqual([20 * CHUNK, 20 * CHUNK])
    expect(recorded[1]).toMatchObject({ equal: false, firstDifference: 0 })
  })

  test('several files at once, each with its own outcome', async () => {
    const bytes = pattern(CHUNK + 5)
    const damaged = Buffer.from(bytes)
    damaged[CHUNK + 1]! ^= 1
    const base = directory.write('base', bytes)
    linkSync(at('base'), at('link'))
    const linked = localFile(at('link'))
    const job = compared(
      { ...base, pin: linked.pin },
      directory.write('b', bytes),
      directory.write('c', damaged),
      linked,
      { ...linked, path: at('absent') },
    )
    const [first, equal, different, same, absent] = await readOne(job)
    expect(first).toEqual({ bytesRead: bytes.length, size: bytes.length })
    expect(equal).toMatchObject({ equal: true })
    expect(different).toMatchObject({ equal: false, firstDifference: CHUNK + 1 })
    expect(same).toMatchObject({ equal: true, sameFile: true })
    expect(equal!.sameFile).toBeUndefined()
    expect(absent).toMatchObject({ bytesRead: 0, error: { code: 'not-found', subject: at('absent') } })
    expect(absent!.equal).toBeUndefined()
  })

  test('a base that fails leaves the others their digests and no comparison', async () => {
    const bytes = pattern(3 * CHUNK)
    const good = directory.write('b', bytes)
    const results = await readOne({
      files: [
        { file: { ...good, path: at('absent') }, algorithms: ['sha256'], compareToFirst: false },
        { file: good, algorithms: ['sha256'], compareToFirst: true },
        { file: good, algorithms: [], compareToFirst: true },
      ],
    })
    expect(results[0]!.error?.code).toBe('not-found')
    expect(results[1]).toEqual({ bytesRead: bytes.length, size: bytes.length, digests: { sha256: sha256(bytes) } })
    expect(results[2]).toEqual({ bytesRead: bytes.length, size: bytes.length })
  })

  test('files that are not compared are read to their end all the same', async () => {
    const a = directory.write('a', pattern(3 * CHUNK, 1))
    const b = directory.write('b', pattern(2 * CHUNK, 2))
    const results = await readOne({ files: [a, b].map((file) => ({ file, algorithms: [], compareToFirst: false })) })
    expect(results).toEqual([
      { bytesRead: 3 * CHUNK, size: 3 * CHUNK },
      { bytesRead: 2 * CHUNK, size: 2 * CHUNK },
    ])
  })

  test('agrees with cmp', async () => {
    const a = pattern(50_000)
    const b = Buffer.from(a)
    b[31_415]! ^= 4
    const files = [directory.write('a', a), directory.write('b', b)] as const
    const told = spawnSync('cmp', ['-b', at('a'), at('b')], { encoding: 'utf8', env: { LC_ALL: 'C' } }).stdout
    const offset = Number(/(?:byte|char) (\d+)/.exec(told)![1]) - 1
    expect((await readOne(compared(...files)))[1]!.firstDifference).toBe(offset)
  })
})

describe('digests', () => {
  test('are those of node:crypto, of every size, with one hasher for all files', async () => {
    const sizes = [0, 1, 55, 64, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7]
    const all = sizes.map((size) => pattern(size, size + 3))
    const jobs = all.map((bytes, i) => only(directory.write(`d${i}`, bytes), ['sha256', 'md5']))
    expect(await readAll(jobs)).toEqual(
      all.map((bytes) => [
        { bytesRead: bytes.length, size: bytes.length, digests: { sha256: sha256(bytes), md5: hash('md5', bytes) } },
      ]),
    )
  })

  test('of the files of one job do not mix', async () => {
    const files = [3, 4, 5].map((seed) => pattern(2 * CHUNK + seed, seed))
    const results = await readOne({
      files: files.map((bytes, i) => ({
        file: directory.write(`m${i}`, bytes),
        algorithms: ['sha256'],
        compareToFirst: i > 0,
      })),
    })
    expect(results.map((result) => result.digests?.['sha256'])).toEqual(files.map(sha256))
  })

  test('after a file that failed half way the next one is right', async () => {
    const bytes = pattern(12 * MIB)
    const [bad, good] = [directory.write('bad', bytes), directory.write('good', bytes)]
    const jobs = [only(bad, ['sha256']), only(good, ['sha256'])]
    const results = await readAll(jobs, (turn) => turn === 0 && truncateSync(at('bad'), 100))
    expect(results[0]![0]!.error?.code).toBe('changed')
    expect(results[0]![0]!.digests).toBeUndefined()
    expect(results[1]![0]!.digests).toEqual({ sha256: sha256(bytes) })
  })
})

describe('descriptors', () => {
  test('none stays open, whatever happened', async () => {
    const before = openDescriptors()
    const good = directory.write('fd', pattern(10))
    await readAll([
      compared(good, { ...good, pin: { ...good.pin, size: 11 } }, { ...good, path: at('absent') }),
      only(localFile('/proc/self/mem')),
      only(localFile(directory.path)),
    ])
    expect(openDescriptors()).toBe(before)
  })

  test('none stays open when the reading is given up half way', async () => {
    const big = pattern(12 * MIB)
    const job = compared(directory.write('x', big), directory.write('y', big))
    const before = openDescriptors()
    const reading = createLocalKernel(createHasherCache()).read([job])
    expect(reading.next()).toEqual({ done: false, value: 4 * MIB })
    expect(openDescriptors()).toBe(before + 2)
    reading.return([])
    expect(openDescriptors()).toBe(before)
  })

  test('turns come after a few MiB and after some hundred small files', () => {
    const file = directory.write('small', pattern(10))
    const jobs = Array.from({ length: 1000 }, () => only(file))
    const steps = [...createLocalKernel(createHasherCache()).read(jobs)]
    expect(steps.length).toBeGreaterThanOrEqual(8)
    expect(steps.reduce((sum, bytes) => sum + bytes, 0)).toBe(10_000)
  })
})

const hash = (algorithm: string, bytes: Uint8Array): string => createHash(algorithm).update(bytes).digest('hex')
const sha256 = (bytes: Uint8Array): string => hash('sha256', bytes)

const slowDifference = (a: Uint8Array, b: Uint8Array): number => {
  let i = 0
  while (i < a.length && i < b.length && a[i] === b[i]) i += 1
  return i
}
