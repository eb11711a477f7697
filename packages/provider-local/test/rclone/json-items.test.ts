import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type JsonItem, jsonItems } from '../../src/rclone/json-items.js'

const fault = (line: number, why: string): Error => new Error(`${line}: ${why}`)

/** In chunks of these sizes, in one buffer that the next one overwrites. */
async function* chunked(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  const shared = Buffer.alloc(1_024)
  let at = 0
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = Math.min(sizes[turn % sizes.length] ?? 1_024, 1_024)
    const chunk = bytes.subarray(at, at + size)
    shared.set(chunk)
    yield shared.subarray(0, chunk.length)
    at += size
  }
}

const read = async (text: string | Uint8Array, sizes: readonly number[] = [7]): Promise<JsonItem[]> => {
  const items: JsonItem[] = []
  for await (const page of jsonItems(chunked(Buffer.from(text as string), sizes), fault)) items.push(...page)
  return items
}

describe('elements of an array', () => {
  it('property: whatever is in them, however it is laid out, wherever chunks end', async () => {
    const object = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue())
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(object),
        sizes,
        fc.constantFrom(undefined, 1, '\r\n\t'),
        async (values, chunks, indent) => {
          const text = JSON.stringify(values, undefined, indent)
          expect((await read(text, chunks)).map(({ value }) => value)).toEqual(JSON.parse(text))
        },
      ),
    )
  })

  it('property: no beginning of an array is an array', async () => {
    const text = JSON.stringify([{ a: '}]"\\' }, { b: [{}, 'é'] }, {}])
    const bytes = Buffer.from(text)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), async (length) => {
        await expect(read(bytes.subarray(0, length))).rejects.toThrow('it was cut short')
      }),
    )
  })

  it('come in pages, with the lines on which they begin', async () => {
    const items = await read('\ufeff\n[{"a":\n1},\n\n{"b":"\\n"}]\n')
    expect(items).toEqual([
      { line: 2, value: { a: 1 } },
      { line: 5, value: { b: '\n' } },
    ])
    const pages: number[] = []
    const many = Buffer.from(JSON.stringify(Array.from({ length: 2_500 }, (_, i) => ({ i }))))
    for await (const page of jsonItems(chunked(many, [1_000]), fault)) pages.push(page.length)
    expect(pages).toEqual([1_000, 1_000, 500])
  })

  it.each([
    ['{"a":1}', '1: does not begin an array'],
    ['[1]', '1: has something in the array that is no object'],
    ['[{},\n]', '2: has something in the array that is no object'],
    ['[{}\n{}]', '2: has no comma between two elements of the array'],
    ['[{}]\n\n[]', '3: has something behind the end of the array'],
    ['[\n{"a":}]', '2: holds an element that is not valid JSON'],
    ['[{"a":[}]]', '1: holds an element that is not valid JSON'],
    ['', '1: is the last, and the array does not end there: it was cut short'],
  ])('%j', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message)
  })

  it('what is not UTF-8, and what PowerShell makes of it', async () => {
    await expect(read(Buffer.from('[{"a":"\xff"}]', 'latin1'))).rejects.toThrow('1: holds bytes that are not UTF-8')
    await expect(read(Buffer.from('\ufeff[]', 'utf16le'))).rejects.toThrow('UTF-16')
  })

  it('an element that does not end is not held', async () => {
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('[\n{"a":"')
      for (;;) yield Buffer.alloc(65_536, 'x')
    }
    const reading = async (): Promise<void> => {
      for await (const _ of jsonItems(endless(), fault));
    }
    await expect(reading()).rejects.toThrow('2: has an element of more than 1048576 bytes')
  })
})
