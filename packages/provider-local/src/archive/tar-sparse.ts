import type { ByteStream } from './byte-stream.js'
import { BLOCK, numberAt } from './tar-header.js'
import { type PaxRecords, paxInteger } from './tar-pax.js'

/**
 * GNU sparse files: the old form (type `S`) and those of pax headers, 0.0, 0.1 and 1.0.
 * https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html
 */
export interface SparseMap {
  /** Bytes of the file with its holes. */
  readonly size: number
  /** Offset and length of what is stored, by turns, ascending. */
  readonly pieces: readonly number[]
}

/** Pieces of one file: a map is held in memory. */
const MOST_PIECES = 1_000_000

const PIECE = 24

/** The map of an old GNU header, with the blocks that continue it. `undefined`: it cannot be read. */
export const readOldSparse = async (header: Buffer, stream: ByteStream): Promise<SparseMap | undefined> => {
  const size = numberAt(header, 483, 12)
  const pieces = piecesAt(header, 386, 4)
  let extended = header[482] !== 0
  if (size === undefined || pieces === undefined) return undefined
  while (extended) {
    const block = await stream.take(BLOCK)
    if (block.length < BLOCK) return undefined
    const more = piecesAt(block, 0, 21)
    if (more === undefined || pieces.length > 2 * MOST_PIECES) return undefined
    for (const value of more) pieces.push(value)
    extended = block[504] !== 0
  }
  return { size, pieces }
}

const piecesAt = (block: Buffer, start: number, count: number): number[] | undefined => {
  const pieces: number[] = []
  for (let at = start; at < start + count * PIECE; at += PIECE) {
    if (block[at] === 0) break
    const offset = numberAt(block, at, 12)
    const length = numberAt(block, at + 12, 12)
    if (offset === undefined || length === undefined) return undefined
    pieces.push(offset, length)
  }
  return pieces
}

/** What pax records say of holes: nothing, a whole map, or that the map stands before the bytes (1.0). */
export type PaxSparse =
  | { readonly form: 'none' | 'broken' }
  | { readonly form: 'map'; readonly map: SparseMap }
  | { readonly form: 'leading'; readonly size: number }

export const paxSparse = (local: PaxRecords): PaxSparse => {
  const values = new Map(local)
  const major = values.get('GNU.sparse.major')
  if (major !== undefined) {
    const size = paxInteger(values.get('GNU.sparse.realsize') ?? '')
    const known = major === '1' && values.get('GNU.sparse.minor') === '0'
    return known && size !== undefined ? { form: 'leading', size } : { form: 'broken' }
  }
  const stated = values.get('GNU.sparse.size')
  if (stated === undefined) return { form: 'none' }
  const size = paxInteger(stated)
  const count = paxInteger(values.get('GNU.sparse.numblocks') ?? '')
  const pieces = (values.get('GNU.sparse.map')?.split(',') ?? repeated(local))
    .filter((text) => text !== '')
    .map(paxInteger)
  if (size === undefined || count === undefined || pieces.length !== 2 * count || count > MOST_PIECES)
    return { form: 'broken' }
  return pieces.every((piece) => piece !== undefined) ? { form: 'map', map: { size, pieces } } : { form: 'broken' }
}

const repeated = (local: PaxRecords): string[] =>
  local.filter(([name]) => name === 'GNU.sparse.offset' || name === 'GNU.sparse.numbytes').map(([, value]) => value)

/** The map of form 1.0: lines of decimal numbers before the bytes, padded to a block. `used` counts its bytes. */
export const readLeadingMap = async (
  stream: ByteStream,
  stored: number,
): Promise<{ readonly pieces: readonly number[]; readonly used: number } | undefined> => {
  const pieces: number[] = []
  let used = 0
  let count: number | undefined
  let text = ''
  while (count === undefined || pieces.length < 2 * count) {
    if (used + BLOCK > stored) return undefined
    const block = await stream.take(BLOCK)
    if (block.length < BLOCK) return undefined
    used += BLOCK
    const lines = (text + block.toString('latin1')).split('\n')
    text = lines.pop() ?? ''
    for (const line of lines) {
      const value = paxInteger(line)
      if (value === undefined) return undefined
      if (count === undefined) count = value
      else pieces.push(value)
      if (count > MOST_PIECES) return undefined
      if (pieces.length === 2 * count) break
    }
  }
  return { pieces, used }
}

/** Whether the pieces are in order, apart, within the file, and as long in all as what is stored. */
export const fits = ({ size, pieces }: SparseMap, stored: number): boolean => {
  let end = 0
  let sum = 0
  for (let i = 0; i < pieces.length; i += 2) {
    const offset = pieces[i]!
    const length = pieces[i + 1]!
    if (offset < end || length < 0) return false
    end = offset + length
    sum += length
  }
  return end <= size && sum === stored
}

const ZEROS = Buffer.alloc(64 * 1024)

/** The file's bytes: what is stored, with zeros in the holes. */
export async function* withHoles(
  stored: (most: number) => Promise<Buffer>,
  map: SparseMap,
): AsyncGenerator<Uint8Array> {
  let at = 0
  for (let i = 0; i <= map.pieces.length; i += 2) {
    const offset = map.pieces[i] ?? map.size
    for (; at < offset; at += Math.min(ZEROS.length, offset - at)) yield ZEROS.subarray(0, offset - at)
    const end = offset + (map.pieces[i + 1] ?? 0)
    while (at < end) {
      const bytes = await stored(end - at)
      at += bytes.length
      yield bytes
    }
  }
}
