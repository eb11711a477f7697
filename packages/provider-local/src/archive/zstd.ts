import { Decompress } from 'fzstd'
import type { IHasher } from 'hash-wasm'
import { corruptArchive, unsupportedArchive } from './archive-errors.js'
import { type ByteStream, byteStream } from './byte-stream.js'

/** As the command zstd takes without `--long`: a header of a few bytes must not claim all memory. */
const LARGEST_WINDOW = 128 * 1024 * 1024
const LARGEST_BLOCK = 128 * 1024

/**
 * What a zstd stream holds: any number of frames, some of which may be skippable (RFC 8878, section 3.1). The frames are
 * taken apart here and fzstd decodes their blocks, because it checks neither checksums nor the size of the window, and
 * takes a stream that ends between two blocks for a whole one. Closes `source`.
 */
export async function* unzstd(source: AsyncIterable<Uint8Array>, archive: string): AsyncGenerator<Uint8Array> {
  const stream = byteStream(source)
  let hasher: Promise<IHasher> | undefined
  // One for all frames: some writers make very many.
  const checksum = (): Promise<IHasher> => {
    hasher ??= import('hash-wasm').then(({ createXXHash64 }) => createXXHash64())
    return hasher
  }
  try {
    for (;;) {
      const magic = Buffer.from(await stream.take(4))
      if (magic.length === 0) return
      const number = magic.length === 4 ? magic.readUInt32LE(0) : 0
      if (number === 0xfd2fb528) yield* frame(stream, magic, archive, checksum)
      else if (number >>> 4 === 0x184d2a5) await skippable(stream, archive)
      else {
        throw corruptArchive(archive, `what follows its zstd data, at byte ${stream.position - magic.length}, is none`)
      }
    }
  } finally {
    await stream.close()
  }
}

const exactly = async (stream: ByteStream, length: number, archive: string): Promise<Buffer> => {
  const bytes = await stream.take(length)
  if (bytes.length === length) return bytes
  throw corruptArchive(archive, `it ends within a zstd frame, at byte ${stream.position}`)
}

const skippable = async (stream: ByteStream, archive: string): Promise<void> => {
  const length = (await exactly(stream, 4, archive)).readUInt32LE(0)
  if ((await stream.skip(length)) === length) return
  throw corruptArchive(archive, `it ends within a zstd frame, at byte ${stream.position}`)
}

async function* frame(
  stream: ByteStream,
  magic: Buffer,
  archive: string,
  checksum: () => Promise<IHasher>,
): AsyncGenerator<Uint8Array> {
  const header = await readHeader(stream, archive)
  const hasher = header.hasChecksum ? (await checksum()).init() : undefined
  const decode = decoder(header.hasChecksum, archive)
  let size = 0
  let head = Buffer.from(await exactly(stream, 3, archive))
  let carried: Buffer = Buffer.concat([magic, header.bytes, head])
  for (let isLast = false; !isLast; ) {
    const at = stream.position - 3
    const told = head.readUIntLE(0, 3)
    const type = (told >> 1) & 3
    isLast = (told & 1) === 1
    if (type === 3 || told >>> 3 > LARGEST_BLOCK) {
      throw corruptArchive(archive, `a block of zstd, at byte ${at}, is none`)
    }
    // Of a repeated byte the size is that of the result.
    const bytes = Buffer.from(await exactly(stream, type === 1 ? 1 : told >>> 3, archive))
    head = isLast ? NONE : Buffer.from(await exactly(stream, 3, archive))
    // With one byte of the next block: fzstd keeps all that it was ever given as long as nothing is left over of it.
    const part = Buffer.concat([carried, bytes, head.subarray(0, 1)])
    carried = head.subarray(1)
    for (const content of decode(part, isLast, at)) {
      size += content.length
      hasher?.update(content)
      yield content
    }
  }
  if (header.size !== undefined && header.size !== size) {
    throw corruptArchive(archive, `a zstd frame holds ${size} bytes, but states ${header.size}`)
  }
  if (hasher === undefined) return
  const stored = (await exactly(stream, 4, archive)).readUInt32LE(0)
  // The low half of XXH64 (RFC 8878, section 3.1.1, Content_Checksum).
  if (stored !== Number.parseInt(hasher.digest().slice(8), 16)) {
    throw corruptArchive(archive, `a zstd frame, which ends at byte ${stream.position}, does not have its checksum`)
  }
}

const NONE: Buffer<ArrayBuffer> = Buffer.alloc(0)

interface FrameHeader {
  readonly bytes: Buffer
  readonly hasChecksum: boolean
  /** Bytes of the content, where the frame states them. */
  readonly size: number | undefined
}

/** The header behind the magic number (RFC 8878, section 3.1.1.1). */
const readHeader = async (stream: ByteStream, archive: string): Promise<FrameHeader> => {
  const descriptor = Buffer.from(await exactly(stream, 1, archive))
  const flags = descriptor[0]!
  if ((flags & 0x18) !== 0) throw corruptArchive(archive, 'the header of a zstd frame has bits that nobody sets')
  if ((flags & 0x03) !== 0) {
    throw unsupportedArchive(archive, 'its zstd data needs a dictionary; unpack it by zstd -D, and compare that')
  }
  const single = (flags & 0x20) !== 0
  const sizeLength = [single ? 1 : 0, 2, 4, 8][flags >> 6]!
  const rest = Buffer.from(await exactly(stream, (single ? 0 : 1) + sizeLength, archive))
  const sizeAt = single ? 0 : 1
  const size =
    sizeLength === 0
      ? undefined
      : sizeLength === 8
        ? Number(rest.readBigUInt64LE(sizeAt))
        : rest.readUIntLE(sizeAt, sizeLength) + (sizeLength === 2 ? 256 : 0)
  const window = single ? size! : (1 << 10) * 2 ** (rest[0]! >> 3) * (1 + (rest[0]! & 7) / 8)
  if (window > LARGEST_WINDOW) {
    throw unsupportedArchive(
      archive,
      `its zstd data takes a window of ${window} bytes, at most ${LARGEST_WINDOW} are given; pack it without --long=28 or more`,
    )
  }
  return { bytes: Buffer.concat([descriptor, rest]), hasChecksum: (flags & 0x04) !== 0, size }
}

/** Decodes the parts of one frame, each up to the end of a block at least. */
const decoder = (
  hasChecksum: boolean,
  archive: string,
): ((part: Uint8Array, isLast: boolean, at: number) => readonly Uint8Array[]) => {
  let contents: Uint8Array[] = []
  const engine = new Decompress((content) => {
    if (content.length > 0) contents.push(content)
  })
  return (part, isLast, at) => {
    contents = []
    try {
      // It wants the checksum as well, and does not look at it.
      engine.push(isLast && hasChecksum ? Buffer.concat([part, Buffer.alloc(4)]) : part, isLast)
    } catch (error) {
      // Whatever it throws (also a TypeError: it trusts its input), the block cannot be decoded.
      const told = error instanceof Error ? error.message : String(error)
      throw corruptArchive(archive, `a block of zstd, at byte ${at}, cannot be read (${told})`)
    }
    return contents
  }
}
