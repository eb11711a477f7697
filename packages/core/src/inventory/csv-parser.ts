/** A record: its fields, and the number of the line that it begins in, from 1. */
export interface CsvRecord {
  readonly fields: readonly string[]
  readonly line: number
}

/** Longer than any field of a list of objects: keys have 1,024 bytes, in escapes three times as many. */
export const LONGEST_FIELD: number = 1024 * 1024
/** Fields of a record in all: what a quote that is never closed can hold in memory. */
const LONGEST_RECORD = 4 * LONGEST_FIELD
const MOST_FIELDS = 4_096

export interface CsvParser {
  /** The records that end in this text, one character a byte. */
  push(text: string): readonly CsvRecord[]
  /** The record that ends with the text, if it has no end of its own. */
  end(): readonly CsvRecord[]
}

/** What can stand between fields: one character of ASCII that is none of a quote or a line's end. */
export const isDelimiter = (text: string): boolean => /^[^"\r\n\u0080-\uffff]$/.test(text)

/**
 * Records of CSV (RFC 4180) from pieces of text: fields in quotes may hold commas, line ends, and quotes twice; lines end in LF
 * or CRLF. What is not CSV is refused, never guessed at: a row that is read wrong would prove the wrong thing.
 *
 * @param refuse The error for a text that is none: where, and what is wrong. @param delimiter What stands between fields in
 * place of a comma; one character of ASCII, no quote and no end of a line.
 */
export const csvParser = (refuse: (line: number, what: string) => Error, delimiter = ','): CsvParser => {
  const between = delimiter.charCodeAt(0)
  let fields: string[] = []
  let recordLength = 0
  /** Of the field that is being read: what earlier pieces held of it. */
  let held = ''
  let state: 'start' | 'plain' | 'quoted' | 'quote' | 'return' = 'start'
  let line = 1
  let recordLine = 1
  let out: CsvRecord[] = []

  const take = (text: string): void => {
    if (held.length + text.length > LONGEST_FIELD) {
      throw refuse(recordLine, `field ${fields.length + 1} is longer than ${LONGEST_FIELD} bytes`)
    }
    held = held === '' ? text : held + text
  }
  const endField = (): void => {
    recordLength += held.length
    if (recordLength > LONGEST_RECORD) throw refuse(recordLine, `the record is longer than ${LONGEST_RECORD} bytes`)
    if (fields.length === MOST_FIELDS) throw refuse(recordLine, `the record has more than ${MOST_FIELDS} fields`)
    fields.push(held)
    held = ''
    state = 'start'
  }
  const endRecord = (): void => {
    endField()
    out.push({ fields, line: recordLine })
    fields = []
    recordLength = 0
    line += 1
    recordLine = line
  }
  const taken = (): readonly CsvRecord[] => {
    const records = out
    out = []
    return records
  }

  /** Goes on behind a field: its comma or the end of its line. Gives the place after it. */
  const afterField = (text: string, i: number): number => {
    const character = text[i]
    if (character === delimiter) endField()
    else if (character === '\n') endRecord()
    else if (character === '\r') state = 'return'
    else
      throw refuse(
        line,
        `after the quotes of field ${fields.length + 1} comes ${JSON.stringify(character)}, not ${JSON.stringify(delimiter)}`,
      )
    return i + 1
  }

  const plain = (text: string, i: number): number => {
    let end = i
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end)
      if (code === between || code === LF || code === CR || code === QUOTE) break
    }
    if (text.charCodeAt(end) === QUOTE)
      throw refuse(line, `field ${fields.length + 1} has a quote, but does not begin with one`)
    take(text.slice(i, end))
    return end === text.length ? end : afterField(text, end)
  }

  const quoted = (text: string, i: number): number => {
    const close = text.indexOf('"', i)
    const end = close === -1 ? text.length : close
    for (let at = text.indexOf('\n', i); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) line += 1
    take(text.slice(i, end))
    if (close === -1) return end
    state = 'quote'
    return close + 1
  }

  const push = (text: string): readonly CsvRecord[] => {
    for (let i = 0; i < text.length; ) {
      switch (state) {
        case 'start':
          state = text[i] === '"' ? 'quoted' : 'plain'
          if (state === 'quoted') i += 1
          break
        case 'plain':
          i = plain(text, i)
          break
        case 'quoted':
          i = quoted(text, i)
          break
        case 'quote':
          if (text[i] === '"') {
            take('"')
            state = 'quoted'
            i += 1
          } else i = afterField(text, i)
          break
        case 'return':
          if (text[i] !== '\n') throw refuse(line, `field ${fields.length + 1} has a carriage return, but no quotes`)
          endRecord()
          i += 1
      }
    }
    return taken()
  }

  return {
    push,
    end: () => {
      if (state === 'quoted') throw refuse(recordLine, 'a quote is not closed before the end of the file')
      if (state === 'return') throw refuse(line, 'the last line ends in half a line end')
      if (state !== 'start' || fields.length > 0) endRecord()
      return taken()
    },
  }
}

const LF = 0x0a
const CR = 0x0d
const QUOTE = 0x22

/** A field as CSV writes it: in quotes where it has to be. */
export const csvField = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
