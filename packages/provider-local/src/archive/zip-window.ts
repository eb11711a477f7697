import type { JsonValue } from '@backproof/core/source'
import { corruptArchive } from './archive-errors.js'
import type { ArchivePlace } from './archive-place.js'

/** Any bytes of an archive, through a few blocks in memory: entries lie one after the other, and so does the directory. */
export interface ZipWindow {
  readonly size: number
  /** Exactly these bytes; what is kept of them keeps a whole block in memory. Throws `corrupt` when the archive does not have them. */
  read(position: number, length: number): Buffer | Promise<Buffer>
  /** From `position` on, what one block holds of it: at least one byte, at most `most`. */
  piece(position: number, most: number): Buffer | Promise<Buffer>
}

const BLOCK = 1 << 20
/** One for the directory, one for the entries, and those that each of them came from. */
const BLOCKS = 4

interface Block {
  readonly index: number
  readonly bytes: Buffer
}

/** The archive in the state that `ref` names. Holds nothing open between calls. */
export const zipWindow = (
  place: ArchivePlace,
  ref: JsonValue,
  size: number,
  signal: AbortSignal | undefined,
): ZipWindow => {
  /** Most recently used first. */
  let blocks: readonly Block[] = []

  const cached = (index: number): Block | undefined => {
    const found = blocks.find((block) => block.index === index)
    if (found !== undefined && blocks[0] !== found) blocks = [found, ...blocks.filter((block) => block !== found)]
    return found
  }

  const load = async (index: number): Promise<Block> => {
    const start = index * BLOCK
    const end = Math.min(size, start + BLOCK)
    const bytes = Buffer.allocUnsafeSlow(end - start)
    let filled = 0
    const { body } = await place.open(ref, signal, { start, end })
    for await (const chunk of body) {
      if (filled + chunk.length > bytes.length) break
      bytes.set(chunk, filled)
      filled += chunk.length
    }
    if (filled !== bytes.length) {
      throw corruptArchive(place.name, `${bytes.length} bytes from byte ${start} on cannot be read, ${filled} came`)
    }
    const block = { index, bytes }
    blocks = [block, ...blocks].slice(0, BLOCKS)
    return block
  }

  const within = ({ index, bytes }: Block, position: number, most: number): Buffer =>
    bytes.subarray(position - index * BLOCK, Math.min(bytes.length, position - index * BLOCK + most))

  const piece = (position: number, most: number): Buffer | Promise<Buffer> => {
    const index = Math.floor(position / BLOCK)
    const found = cached(index)
    return found === undefined
      ? load(index).then((block) => within(block, position, most))
      : within(found, position, most)
  }

  const gather = async (position: number, length: number): Promise<Buffer> => {
    const pieces: Buffer[] = []
    for (let at = position; at < position + length; at += pieces.at(-1)!.length) {
      pieces.push(await piece(at, position + length - at))
    }
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
  }

  return {
    size,
    piece,
    read: (position, length) => {
      if (position < 0 || position + length > size) {
        throw corruptArchive(place.name, `it should have ${length} bytes at byte ${position}, but has ${size} in all`)
      }
      if (length === 0) return Buffer.alloc(0)
      const found = cached(Math.floor(position / BLOCK))
      const bytes = found === undefined ? undefined : within(found, position, length)
      return bytes?.length === length ? bytes : gather(position, length)
    },
  }
}
