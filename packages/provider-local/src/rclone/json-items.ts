import { isUtf8 } from 'node:buffer'

/** One element of a JSON array, and the line of the file on which it begins. */
export interface JsonItem {
  readonly line: number
  readonly value: unknown
}

/** Why bytes are no array of objects, for people: it follows "Line 7 of list.json". `missing`: they end too early. */
export type JsonFault = (line: number, why: string) => Error

/** More than an element of a listing can have. */
const LONGEST_ITEM = 1024 * 1024
const ITEMS_A_PAGE = 1_000

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const LINE_FEED = 0x0a
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

const isSpace = (byte: number): boolean => byte === 0x20 || byte === LINE_FEED || byte === 0x0d || byte === 0x09

/**
 * The elements of one JSON array of objects, in pages, from chunks that are valid until the next one. Holds a page of elements
 * and the one being read, of at most 1 MiB, however long the array is and wherever its lines end. What is no such array, has
 * something behind it, or was cut short, throws what `fault` makes of it.
 */
export async function* jsonItems(
  chunks: AsyncIterable<Uint8Array>,
  fault: JsonFault,
): AsyncGenerator<readonly JsonItem[], void, undefined> {
  let expected = 'array' as keyof typeof WHY
  let line = 1
  let depth = 0
  let inText = false
  let escaped = false
  let itemLine = 0
  let held: Buffer[] = []
  let heldBytes = 0
  let page: JsonItem[] = []
  let isStart = true

  const hold = (bytes: Uint8Array): void => {
    held.push(Buffer.from(bytes))
    heldBytes += bytes.length
    if (heldBytes > LONGEST_ITEM) throw fault(itemLine, `has an element of more than ${LONGEST_ITEM} bytes`)
  }
  const take = (bytes: Uint8Array): void => {
    const whole = held.length === 0 ? bytes : Buffer.concat([...held, bytes])
    held = []
    heldBytes = 0
    if (whole.length > LONGEST_ITEM) throw fault(itemLine, `has an element of more than ${LONGEST_ITEM} bytes`)
    page.push({ line: itemLine, value: parsed(whole, itemLine, fault) })
  }
  /** What stands between elements. */
  const between = (byte: number): void => {
    if (isSpace(byte)) return
    if (expected === 'array' && byte === OPEN_ARRAY) expected = 'first'
    else if ((expected === 'first' || expected === 'separator') && byte === CLOSE_ARRAY) expected = 'nothing'
    else if (expected === 'separator' && byte === COMMA) expected = 'item'
    else throw fault(line, WHY[expected])
  }

  for await (const chunk of chunks) {
    const bytes = isStart ? withoutMark(chunk, fault) : chunk
    isStart = false
    let start = 0
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at]!
      if (byte === LINE_FEED) line += 1
      if (depth === 0) {
        if (byte !== OPEN_OBJECT || (expected !== 'first' && expected !== 'item')) {
          between(byte)
          continue
        }
        depth = 1
        itemLine = line
        start = at
      } else if (inText) {
        if (escaped) escaped = false
        else if (byte === BACKSLASH) escaped = true
        else if (byte === QUOTE) inText = false
      } else if (byte === QUOTE) inText = true
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1
      else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && --depth === 0) {
        take(bytes.subarray(start, at + 1))
        expected = 'separator'
        if (page.length < ITEMS_A_PAGE) continue
        yield page
        page = []
      }
    }
    if (depth > 0) hold(bytes.subarray(start))
  }
  if (expected !== 'nothing') throw fault(line, 'is the last, and the array does not end there: it was cut short')
  if (page.length > 0) yield page
}

const WHY = {
  array: 'does not begin an array',
  first: 'has something in the array that is no object',
  item: 'has something in the array that is no object',
  separator: 'has no comma between two elements of the array',
  nothing: 'has something behind the end of the array',
} as const

const parsed = (bytes: Uint8Array, line: number, fault: JsonFault): unknown => {
  if (!isUtf8(bytes)) throw fault(line, 'holds bytes that are not UTF-8')
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) throw fault(line, 'holds an element that is not valid JSON')
    throw error
  }
}

/** Without the mark of UTF-8 that Windows' tools put in front. Those of UTF-16 are PowerShell's. */
const withoutMark = (chunk: Uint8Array, fault: JsonFault): Uint8Array => {
  const [a, b, c] = chunk
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw fault(1, 'begins a file in UTF-16, as ">" of Windows PowerShell writes it; write it from cmd, or in UTF-8')
  }
  return a === 0xef && b === 0xbb && c === 0xbf ? chunk.subarray(3) : chunk
}
