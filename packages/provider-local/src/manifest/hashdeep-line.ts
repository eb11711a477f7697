import type { Algorithm } from '@backproof/core/digest'
import { algorithmFromTag, digitsOf } from './checksum-algorithm.js'

/** Names of the digests of a line, in order; the size comes before them and the name after. */
export type HashdeepColumns = readonly Algorithm[]

/** One file. */
export interface HashdeepLine {
  readonly size: number
  readonly digests: Readonly<Record<string, string>>
  /** One byte a character. */
  readonly name: string
}

export type HashdeepRow =
  | { readonly columns: HashdeepColumns }
  | { readonly file: HashdeepLine }
  | { readonly malformed: string }
  | undefined

/** The first line of what hashdeep writes. */
export const HASHDEEP_START = '%%%% HASHDEEP-1.0'

/**
 * Reads a line (one byte a character, without its end) as hashdeep 4 writes it (md5deep manual, "hashdeep file format"):
 * the version, `%%%% size,md5,sha256,filename` with the columns, comments (`##`), and files. The name is all that
 * follows the last digest: it is not quoted and may hold commas. `undefined`: version, comment or nothing.
 */
export const parseHashdeepLine = (line: string, columns: HashdeepColumns | undefined): HashdeepRow => {
  if (line === '' || line.startsWith('#') || line === HASHDEEP_START) return undefined
  if (line.startsWith('%%%% ')) return parseColumns(line.slice(5))
  if (columns === undefined) return { malformed: 'no line with the names of the columns comes before it' }
  const fields: string[] = []
  let at = 0
  while (fields.length <= columns.length) {
    const comma = line.indexOf(',', at)
    if (comma === -1) return { malformed: `expected "size,${columns.join(',')},filename"` }
    fields.push(line.slice(at, comma))
    at = comma + 1
  }
  const [size, ...values] = fields
  if (!/^\d{1,16}$/.test(size!) || !Number.isSafeInteger(Number(size))) return { malformed: 'its size is no number' }
  const digests: Record<string, string> = {}
  for (const [i, algorithm] of columns.entries()) {
    const value = values[i]!.toLowerCase()
    const digits = digitsOf(algorithm)
    if (!/^(?:[0-9a-f]{2})+$/.test(value) || (digits !== undefined && digits !== value.length))
      return { malformed: `its ${algorithm} digest is not ${digits ?? 'some'} hexadecimal digits` }
    digests[algorithm] = value
  }
  const name = line.slice(at)
  return name === '' ? { malformed: 'it has no name' } : { file: { size: Number(size), digests, name } }
}

const parseColumns = (text: string): HashdeepRow => {
  const [first, ...rest] = text.split(',')
  const last = rest.pop()
  if (first === 'size' && last === 'filename' && rest.length > 0 && rest.every((name) => /^[a-z0-9-]+$/.test(name)))
    return { columns: rest.map(algorithmFromTag) }
  return { malformed: 'expected "%%%% size,<algorithms>,filename"' }
}
