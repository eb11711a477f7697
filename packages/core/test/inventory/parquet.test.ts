import { readFileSync } from 'node:fs'
import * as zlib from 'node:zlib'
import fc from 'fast-check'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import { isBackupError } from '../../src/errors.js'
import { type Cell, inventoryFiles, parquetTable } from '../../src/inventory/index.js'
import { checkDeltas } from '../../src/inventory/parquet-delta.js'
import { parquetParts } from '../../src/inventory/parquet-parts.js'
import { checkRuns } from '../../src/inventory/parquet-runs.js'
import { thriftEnd } from '../../src/inventory/parquet-thrift.js'
import { memorySource } from '../../src/testing/index.js'
import { digestOf, filesOf, parquetRows, rowsOf } from './support.js'

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}.parquet`, import.meta.url))
const hasZstd = 'zstdDecompressSync' in zlib

/** As fixtures/make-parquet.py computes it. */
const ROWS = 120
const columns = [
  'Bucket',
  'Key',
  'IsLatest',
  'Size',
  'LastModifiedDate',
  'ETag',
  'seen',
  'part',
  'share',
  'raw',
  'none',
]
const written = (i: number): readonly Cell[] => {
  const at = Date.parse('2026-01-01T00:00:00Z') + i * 60_000
  const key = `photos/${String(i).padStart(4, '0')} ü,"${(i * 7919) % 120}".jpg`
  const raw = i < 0x80 ? `a\udcff${String.fromCharCode(i)}` : undefined
  return [
    'shop',
    key,
    i % 7 === 0 ? undefined : i % 2 === 0,
    i % 11 === 0 ? undefined : i * 1_000_000_007,
    at,
    i % 5 === 0 ? undefined : i.toString(16).padStart(32, '0'),
    at,
    i - 60,
    i / 8,
    raw,
    undefined,
  ]
}

const sample = (count: number, options: Readonly<Record<string, unknown>> = {}): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'key', data: Array.from({ length: count }, (_, i) => `key-${i}`), type: 'STRING', nullable: false },
        { name: 'size', data: Array.from({ length: count }, (_, i) => BigInt(i)), type: 'INT64' },
        { name: 'class', data: Array.from({ length: count }, (_, i) => (i % 3 ? 'COLD' : undefined)), type: 'STRING' },
        { name: 'latest', data: Array.from({ length: count }, (_, i) => i % 2 === 0), type: 'BOOLEAN' },
      ],
      ...options,
    }),
  )
const sampleColumns = { columns: ['key', 'size', 'class', 'latest'] }

describe('a Parquet table', () => {
  it.each(['snappy-v1', 'gzip-v2', 'brotli-plain', 'none-int96', ...(hasZstd ? ['zstd-v2'] : [])])(
    'has the rows that pyarrow wrote: %s',
    async (name) => {
      const { rows, places } = await parquetRows(fixture(name), { columns, required: ['key'] })
      expect(rows).toEqual(Array.from({ length: ROWS }, (_, i) => written(i)))
      expect(places).toEqual(Array.from({ length: ROWS }, (_, i) => `row ${i + 1}`))
    },
  )

  it.each(['delta-v1', 'delta-v2'])('has the rows that pyarrow encoded by deltas: %s', async (name) => {
    const wanted = ['key', 'is_latest', 'size', 'last_modified_date', 'e_tag', 'part']
    const places = ['Key', 'IsLatest', 'Size', 'LastModifiedDate', 'ETag', 'part'].map((column) =>
      columns.indexOf(column),
    )
    const { rows } = await parquetRows(fixture(name), { columns: wanted })
    expect(rows).toEqual(Array.from({ length: ROWS }, (_, i) => places.map((place) => written(i)[place])))
  })

  it('has the rows that hyparquet-writer wrote, over row groups and pages', async () => {
    const { rows } = await parquetRows(sample(3_000, { rowGroupSize: 1_100, pageSize: 2_048 }), sampleColumns)
    expect(rows).toEqual(
      Array.from({ length: 3_000 }, (_, i) => [`key-${i}`, i, i % 3 ? 'COLD' : undefined, i % 2 === 0]),
    )
  })

  it('reads only what the columns need that are asked for', async () => {
    const content = { 'list.parquet': sample(20_000, { codec: 'UNCOMPRESSED' }) }
    const source = memorySource(content)
    let bytes = 0
    const counting = {
      ...source,
      read: async (...call: Parameters<typeof source.read>) => {
        const { range } = call[1] ?? {}
        bytes += range === undefined ? content['list.parquet'].length : range.end - range.start
        return source.read(...call)
      },
    }
    const files = inventoryFiles(counting, 'test')
    const { rows } = await rowsOf(parquetTable(files, await files.get(['list.parquet']), { columns: ['latest'] }))
    expect(rows).toHaveLength(20_000)
    expect(bytes).toBeLessThan(content['list.parquet'].length / 10)
  })

  it('says what it does not read, and what to choose instead', async () => {
    const refused = (bytes: Uint8Array, wanted: readonly string[]) =>
      expect(parquetRows(bytes, { columns: wanted })).rejects
    const unsupported = (message: RegExp) => ({ code: 'unsupported', message: expect.stringMatching(message) })
    await refused(fixture('lz4'), ['key']).toMatchObject(unsupported(/packed by LZ4_RAW.*Choose CSV/))
    await refused(fixture('snappy-v1'), ['tags']).toMatchObject(unsupported(/column "tags" is nested/))
    await refused(fixture('delta-v1'), ['share']).toMatchObject(unsupported(/encoded by BYTE_STREAM_SPLIT/))
    if (!hasZstd) await refused(fixture('zstd-v2'), ['key']).toMatchObject(unsupported(/zstd.*Node 22\.15 or newer/))
    const files = inventoryFiles(memorySource({ f: fixture('snappy-v1') }, { traits: { rangeReads: false } }), 'test')
    const reading = rowsOf(parquetTable(files, await files.get(['f']), { columns: ['key'] }))
    await expect(reading).rejects.toMatchObject(unsupported(/reads no ranges/))
  })

  it('refuses a file without a column that it must have, or that is not what is expected of it', async () => {
    const bytes = fixture('snappy-v1')
    const corrupt = (message: RegExp) => ({ code: 'corrupt', message: expect.stringMatching(message) })
    const required = parquetRows(bytes, { columns: ['key', 'none'], required: ['none'] })
    await expect(required).rejects.toMatchObject(corrupt(/no column "none"/))
    const expected = { size: bytes.length, digest: { algorithm: 'md5', value: await digestOf('md5', bytes) } } as const
    await expect(parquetRows(bytes, { columns: ['key'], expected })).resolves.toBeDefined()
    const damaged = Buffer.from(bytes)
    damaged[100]! ^= 1
    // Nothing of it was parsed: a column that is not there would have been told.
    const reading = parquetRows(damaged, { columns: ['key'], required: ['none'], expected })
    await expect(reading).rejects.toMatchObject(corrupt(/its md5 is/))
  })
})

describe('Parquet that is hostile or damaged', () => {
  const read = async (bytes: Uint8Array, wanted = columns): Promise<number | string> => {
    try {
      return (await parquetRows(bytes, { columns: wanted })).rows.length
    } catch (error) {
      if (!isBackupError(error)) throw error
      return error.code
    }
  }

  it('is refused when it is cut short, anywhere', async () => {
    const bytes = fixture('snappy-v1')
    for (const length of [0, 3, 8, 11, 12, 100, bytes.length - 1_000, bytes.length - 9, bytes.length - 1]) {
      expect(await read(bytes.subarray(0, length))).toBe('corrupt')
    }
  })

  it.each(['snappy-v1', 'gzip-v2', 'none-int96', 'delta-v1', 'delta-v2'])(
    'gives all rows or an error of ours, whatever bytes are changed: %s',
    async (name) => {
      const bytes = fixture(name)
      const change = fc.record({
        at: fc.oneof(fc.nat(bytes.length - 1), fc.integer({ min: bytes.length - 6_000, max: bytes.length - 1 })),
        to: fc.integer({ min: 0, max: 255 }),
      })
      const outcomes = new Set<unknown>()
      await fc.assert(
        fc.asyncProperty(
          fc.array(change, { minLength: 1, maxLength: 4 }),
          fc.constantFrom(...columns),
          async (changes, one) => {
            const damaged = Buffer.from(bytes)
            for (const { at, to } of changes) damaged[at] = to
            // One column: the fault of one hides what another would do.
            const outcome = await read(damaged, [one])
            outcomes.add(outcome)
            // An object that vanishes from a list without a word would be called missing.
            expect([ROWS, 'corrupt', 'unsupported']).toContain(outcome)
          },
        ),
        { numRuns: 150 },
      )
      expect(outcomes).toContain('corrupt')
    },
  )

  it('has levels for its columns only, whatever is said of the root', async () => {
    // Found by changing bytes at random: a root that repeats, whose levels a reader takes for runs of a billion values.
    const damaged = Buffer.from(fixture('delta-v1'))
    damaged[9_151] = 106
    expect(await read(damaged, ['size'])).toBe(ROWS)
  })

  it('is refused when a page breaks its CRC-32', async () => {
    const bytes = fixture('snappy-v1')
    const at = bytes.indexOf('photos/')
    expect(at).toBeGreaterThan(0)
    const damaged = Buffer.from(bytes)
    damaged[at] = 0x50
    await expect(parquetRows(damaged, { columns: ['key'] })).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(/column "key" of row group 1: a page of it breaks its CRC-32/),
    })
  })

  const refuse = (what: string): Error => new Error(what)
  const walk = (...bytes: readonly number[]): number =>
    thriftEnd(new DataView(Uint8Array.from(bytes).buffer), 0, refuse)

  it('has its metadata walked before anything is allocated for it', () => {
    expect(walk(0x15, 0x02, 0x00, 0xff)).toBe(3)
    // A list that claims more elements than there are bytes.
    expect(() => walk(0x19, 0xf8, 0xff, 0xff, 0xff, 0xff, 0x07, 0x00)).toThrow(/larger than itself/)
    // Text that claims 2 GiB.
    expect(() => walk(0x18, 0xff, 0xff, 0xff, 0xff, 0x07, 0x00)).toThrow(/larger than itself/)
    // A number without an end.
    expect(() => walk(0x16, ...Array<number>(40).fill(0x80))).toThrow(/too long/)
    // Structures within structures.
    expect(() => walk(...Array<number>(40).fill(0x1c))).toThrow(/nested too deep/)
    // Lists within lists, each of which claims all that is left.
    expect(() => walk(0x19, ...Array<number>(200).fill(0x79))).toThrow(/nested too deep/)
    expect(() => walk(0x1b, 0x00)).toThrow(/type 11/)
    expect(() => walk(0x17, 0, 0, 0)).toThrow(/no end/)
    expect(() => walk()).toThrow(/no end/)
    // Empty structures, which cost a byte each, and much more once they are read.
    const many = new Uint8Array(1_100_010)
    many.set([0x19, 0xfc, 0xe0, 0x91, 0x43])
    expect(() => thriftEnd(new DataView(many.buffer), 0, refuse)).toThrow(/more than 1000000 values/)
  })

  it('has its runs of values counted before they are written', () => {
    const check = (count: number, width: number, ...bytes: readonly number[]): void =>
      checkRuns(Uint8Array.from(bytes), { width, count }, refuse)
    expect(() => check(8, 1, 0x10, 0x01)).not.toThrow()
    expect(() => check(5, 3, 0x03, 0x88, 0xc6, 0xfa)).not.toThrow()
    // A run that repeats one value a billion times.
    expect(() => check(8, 1, 0x80, 0x94, 0xeb, 0xdc, 0x07, 0x01)).toThrow(/longer than the page/)
    expect(() => check(8, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x01)).toThrow(/longer than the page/)
    // Runs that end before the values do: a reader would take what lies behind for runs.
    expect(() => check(9, 1, 0x10, 0x01)).toThrow(/fewer values/)
    expect(() => check(8, 1, 0x80)).toThrow(/no length/)
    expect(() => check(8, 40, 0x10)).toThrow(/40 bits/)
  })

  it('has its deltas walked before they are read, and what texts add up to', async () => {
    const parts = await parquetParts()
    const check = (encoding: string, count: number, ...bytes: readonly number[]): void =>
      checkDeltas(Uint8Array.from(bytes), { start: 0, count, encoding, longest: 1_000 }, parts, refuse)
    const packed = 'DELTA_BINARY_PACKED'
    // Blocks of 128 in 4 miniblocks, 3 values from 7 on, each one more than the one before.
    const three = [0x80, 0x01, 0x04, 0x03, 0x0e, 0x02, 0, 0, 0, 0]
    expect(() => check(packed, 3, ...three)).not.toThrow()
    expect(() => check(packed, 4, ...three)).toThrow(/has 4 values, but encodes 3/)
    // Blocks of nothing, in which a reader never gets on.
    expect(() => check(packed, 3, 0x00, 0x04, 0x03, 0x0e, 0x02, 0, 0, 0, 0)).toThrow(/damaged/)
    expect(() => check(packed, 3, 0x80, 0x01, 0x00, 0x03, 0x0e, 0x02)).toThrow(/damaged/)
    expect(() => check(packed, 3, ...three.slice(0, 6), 65, 0, 0, 0)).toThrow(/damaged/)
    expect(() => check(packed, 3, ...three.slice(0, 6), 1, 0, 0, 0)).toThrow(/damaged/)
    expect(() => check(packed, 3, ...three.slice(0, 8))).toThrow(/damaged/)
    expect(() => check(packed, 3, ...Array<number>(40).fill(0x80))).toThrow(/damaged/)
    const numbers = (...values: readonly number[]): readonly number[] => [
      ...[0x80, 0x01, 0x04, values.length, values[0]! * 2],
      // One block of 8 bits for each difference, which is not negative here.
      ...[0x00, 8, 0, 0, 0],
      ...Array.from({ length: 32 }, (_, i) => (i + 1 < values.length ? values[i + 1]! - values[i]! : 0)),
    ]
    const texts = 'DELTA_BYTE_ARRAY'
    expect(() => check(texts, 2, ...numbers(0, 3), ...numbers(3, 3), 0x61, 0x62, 0x63, 0x64)).not.toThrow()
    expect(() => check(texts, 2, ...numbers(0, 4), ...numbers(3, 3))).toThrow(/begins with more than there is/)
    // Each text holds the one before and adds to it: a page of some bytes becomes as large as one likes.
    expect(() =>
      check(
        texts,
        30,
        ...numbers(...Array.from({ length: 30 }, (_, i) => i * 2)),
        ...numbers(...Array<number>(30).fill(2)),
      ),
    ).not.toThrow()
    expect(() =>
      check(
        texts,
        33,
        ...numbers(...Array.from({ length: 33 }, (_, i) => i * 2)),
        ...numbers(...Array<number>(33).fill(2)),
      ),
    ).toThrow(/more than 1000 bytes/)
    expect(() => check('DELTA_LENGTH_BYTE_ARRAY', 2, 0x80, 0x01, 0x04, 0x02, 0x03, 0x00, 0, 0, 0, 0)).toThrow(
      /a length that is none/,
    )
  })

  it('is refused when it is encrypted, or its metadata is larger than any', async () => {
    const bytes = Buffer.alloc(20 * 1024 * 1024)
    bytes.write('PARE', bytes.length - 4)
    expect(await read(bytes)).toBe('unsupported')
    bytes.write('PAR1', bytes.length - 4)
    bytes.writeUInt32LE(17 * 1024 * 1024, bytes.length - 8)
    expect(await read(bytes)).toBe('unsupported')
    bytes.writeUInt32LE(0xffff_ffff, bytes.length - 8)
    expect(await read(bytes)).toBe('corrupt')
  })

  it('ends a reading that is cancelled', async () => {
    const files = filesOf({ f: sample(5_000) })
    const controller = new AbortController()
    const pages = parquetTable(files, await files.get(['f']), sampleColumns, { signal: controller.signal })
    await pages.next()
    controller.abort(new Error('enough'))
    await expect(pages.next()).rejects.toThrow('enough')
  })
})
