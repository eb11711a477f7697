import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvField, csvParser, LONGEST_FIELD } from '../../src/inventory/index.js'
import { csvRows, digestOf } from './support.js'

const parse = (pieces: readonly string[]): (readonly string[])[] => {
  const parser = csvParser((line, what) => new Error(`line ${line}: ${what}`))
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()].map(({ fields }) => fields)
}

describe('a CSV parser', () => {
  const character = fc.constantFrom('"', ',', '\r', '\n', ' ', 'a', 'é', '=', '\u0000')
  const field = fc.array(character, { maxLength: 8 }).map((all) => all.join(''))

  it('reads what was written, in any quoting that RFC 4180 allows, with any line ends, cut anywhere', () => {
    const record = fc.array(fc.tuple(field, fc.boolean()), { minLength: 1, maxLength: 5 })
    const options = fc.record({
      records: fc.array(record, { minLength: 1, maxLength: 6 }),
      end: fc.constantFrom('\n', '\r\n'),
      last: fc.boolean(),
      cuts: fc.array(fc.nat(200), { maxLength: 6 }),
    })
    fc.assert(
      fc.property(options, ({ records, end, last, cuts }) => {
        const lines = records.map((fields) =>
          fields.map(([text, quote]) => (quote ? `"${text.replaceAll('"', '""')}"` : csvField(text))).join(','),
        )
        const text = lines.join(end) + (last || lines.at(-1) === '' ? end : '')
        const places = [...cuts.map((cut) => Math.min(cut, text.length)), 0, text.length].sort((a, b) => a - b)
        const pieces = places.slice(1).map((place, i) => text.slice(places[i], place))
        expect(parse(pieces)).toEqual(records.map((fields) => fields.map(([one]) => one)))
      }),
      { numRuns: 2_000 },
    )
  })

  it('never takes what is no CSV for something else: every text is read or refused, the same however it is cut', () => {
    const read = (pieces: readonly string[]): unknown => {
      try {
        return parse(pieces)
      } catch (error) {
        return (error as Error).message
      }
    }
    fc.assert(
      fc.property(field, field, (a, b) => {
        expect(read([a, b])).toEqual(read([...(a + b)]))
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['a,"b', /line 1: a quote is not closed/],
    ['a\nb,"c\n\n', /line 2: a quote is not closed/],
    ['"a"b,c\n', /line 1: after the quotes of field 1 comes "b"/],
    ['a,b"c\n', /line 1: field 2 has a quote, but does not begin with one/],
    ['x\na\rb\n', /line 2: field 1 has a carriage return/],
    ['a\r', /half a line end/],
  ])('refuses %j', (text, message) => {
    expect(() => parse([text])).toThrow(message)
  })

  it('refuses a field that is longer than any key, before all of it is in memory', () => {
    const parser = csvParser((line, what) => new Error(`line ${line}: ${what}`))
    parser.push('a\n"')
    const piece = 'x'.repeat(LONGEST_FIELD / 4)
    for (let i = 0; i < 4; i++) parser.push(piece)
    expect(() => parser.push('x')).toThrow(/^line 2: field 1 is longer than 1048576 bytes$/)
  })
})

describe('a table of CSV', () => {
  const header = ['Key', 'Size', 'ETag']

  it('gives the columns that are asked for, by any spelling, and where each row stands', async () => {
    const text = 'a.txt,1,"x"\n"b\n.txt",2,y\nc,3,'
    const { rows, places } = await csvRows(text, { header, columns: ['e_tag', 'key', 'Version-Id'] })
    expect(rows).toEqual([
      ['x', 'a.txt', undefined],
      ['y', 'b\n.txt', undefined],
      ['', 'c', undefined],
    ])
    expect(places).toEqual(['line 1', 'line 2', 'line 4'])
  })

  it('takes names from the first row, behind a byte order mark, and unpacks gzip of several members', async () => {
    const packed = Buffer.concat([gzipSync('\ufeffName,"Content-Length"\r\na,'), gzipSync('5\r\nbä,6\r\n')])
    const { rows, places } = await csvRows(packed, { header: 'first-row', columns: ['ContentLength', 'Name'] })
    expect(rows).toEqual([
      ['5', 'a'],
      ['6', 'bä'],
    ])
    expect(places).toEqual(['line 2', 'line 3'])
  })

  it('keeps bytes that are no UTF-8 told apart', async () => {
    const { rows } = await csvRows(Buffer.from([0x61, 0xff, 0x0a, 0x61, 0xfe, 0x0a]), { header: ['k'], columns: ['k'] })
    expect(rows).toEqual([['a\udcff'], ['a\udcfe']])
  })

  it.each([
    [
      'too few fields',
      'a,1,x\nb,2\n',
      /"list\.csv" of memory:\/\/lists: line 2 cannot be read: it has 2 fields, but there are 3 columns/,
    ],
    ['too many fields', 'a,1,x,\n', /line 1 cannot be read: it has 4 fields/],
    ['an empty line', 'a,1,x\n\nb,2,y\n', /line 2 cannot be read: it has 1 fields/],
  ])('refuses %s as corrupt, naming file and line', async (_, text, message) => {
    const reading = csvRows(text, { header, columns: ['Key'] })
    await expect(reading).rejects.toMatchObject({ code: 'corrupt', message: expect.stringMatching(message) })
  })

  it('refuses a table without a column that it must have, with a column twice, or without any names', async () => {
    const read = (text: string): Promise<unknown> =>
      csvRows(text, { header: 'first-row', columns: ['key'], required: ['Key'] })
    await expect(read('Name\na\n')).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(/no column "Key"/),
    })
    await expect(read('Key,k_ey\na,b\n')).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(/two of its columns/),
    })
    await expect(read('')).rejects.toMatchObject({ code: 'corrupt', message: expect.stringMatching(/is empty/) })
  })

  it('refuses gzip that is cut short, damaged, or has something else behind it', async () => {
    const rows = Array.from({ length: 5_000 }, (_, i) => `key-${i},${i},${(i * 7919).toString(36)}\n`).join('')
    const whole = gzipSync(rows)
    const read = (bytes: Uint8Array): Promise<unknown> => csvRows(bytes, { header, columns: ['Key'] })
    for (const length of [3, 1_000, whole.length - 9, whole.length - 1]) {
      await expect(read(whole.subarray(0, length))).rejects.toMatchObject({
        code: 'corrupt',
        message: expect.stringMatching(/gzip data is damaged/),
      })
    }
    const damaged = Buffer.from(whole)
    damaged[20_000]! ^= 0x10
    await expect(read(damaged)).rejects.toMatchObject({ code: 'corrupt' })
    await expect(read(Buffer.concat([whole, Buffer.from('more')]))).rejects.toMatchObject({ code: 'corrupt' })
    await expect(read(Buffer.concat([whole, Buffer.alloc(4), Buffer.from('more')]))).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(/what follows its gzip data/),
    })
  })

  it('refuses a file of another size or digest than its manifest says', async () => {
    const text = 'a,1,x\n'
    const read = (size: number, value: string): Promise<unknown> =>
      csvRows(text, { header, columns: ['Key'], expected: { size, digest: { algorithm: 'md5', value } } })
    const md5 = await digestOf('md5', text)
    await expect(read(6, md5)).resolves.toMatchObject({ rows: [['a']] })
    await expect(read(7, md5)).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(/6 bytes, but its manifest says 7/),
    })
    await expect(
      read(
        6,
        md5.replace(/^./, (c) => (c === '0' ? '1' : '0')),
      ),
    ).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(/its md5 is .* but its manifest says/),
    })
  })
})

describe('another delimiter', () => {
  it.each([';', '\t', '|', '\u0001'])('%j', async (delimiter) => {
    const d = delimiter
    const text = `name${d}size\n"a${d}b,c"${d}1\r\nd,e${d}2\n`
    const { rows } = await csvRows(text, { columns: ['name', 'size'], header: 'first-row', delimiter })
    expect(rows).toEqual([
      [`a${d}b,c`, '1'],
      ['d,e', '2'],
    ])
  })

  it.each(['', '::', '"', '\n', 'é'])('refuses %j', async (delimiter) => {
    const reading = csvRows('name\n', { columns: ['name'], header: 'first-row', delimiter })
    await expect(reading).rejects.toMatchObject({ code: 'unsupported' })
  })
})
