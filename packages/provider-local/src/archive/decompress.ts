import { createGunzip } from 'node:zlib'
import { corruptArchive, unsupportedArchive } from './archive-errors.js'
import { pump } from './pump.js'

/** How the bytes of an archive are packed, told by the bytes themselves: names lie. */
type Packing = 'none' | 'gzip' | 'zstd'

/** Enough bytes to tell a packing by. */
const MAGIC_LENGTH = 6

/** The tar stream in an archive. A damaged or cut stream throws `corrupt`, a packing that is not read `unsupported`. */
export async function* unpacked(chunks: AsyncIterable<Uint8Array>, archive: string): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]()
  try {
    const { head, ended } = await headOf(source)
    const packing = packingOf(head, archive)
    const all = resumed(head, ended, source)
    if (packing === 'none') yield* all
    else if (packing === 'gzip') yield* gunzipped(all, archive)
    else {
      const { unzstd } = await import('./zstd.js')
      yield* unzstd(all, archive)
    }
  } finally {
    await source.return?.()
  }
}

const headOf = async (
  source: AsyncIterator<Uint8Array>,
): Promise<{ readonly head: Uint8Array; readonly ended: boolean }> => {
  let head = Buffer.alloc(0)
  while (head.length < MAGIC_LENGTH) {
    const { done, value } = await source.next()
    if (done) return { head, ended: true }
    head = Buffer.concat([head, value])
  }
  return { head, ended: false }
}

async function* resumed(
  head: Uint8Array,
  ended: boolean,
  source: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield head
  while (!ended) {
    const { done, value } = await source.next()
    if (done) return
    yield value
  }
}

const packingOf = (head: Uint8Array, archive: string): Packing => {
  const hex = Buffer.from(head).toString('hex')
  if (head.length === 0) throw corruptArchive(archive, 'it is empty')
  if (hex.startsWith('1f8b')) return 'gzip'
  // A frame, or a skippable frame (RFC 8878, section 3.1.2).
  if (hex.startsWith('28b52ffd') || /^5.2a4d18/.test(hex)) return 'zstd'
  const other = OTHERS.find(([magic]) => hex.startsWith(magic))
  if (other === undefined) return 'none'
  throw unsupportedArchive(archive, other[1])
}

const OTHERS: readonly (readonly [magic: string, advice: string])[] = [
  ['425a68', 'it is packed by bzip2; unpack it, or give a source of what bzip2 -dc writes'],
  ['fd377a585a00', 'it is packed by xz; unpack it, or give a source of what xz -dc writes'],
  ['504b0304', 'it is a zip archive; open it with zipArchive()'],
  ['504b0506', 'it is a zip archive; open it with zipArchive()'],
]

/** Any number of gzip members, each with its CRC-32 and length (RFC 1952). After the last one only zeros may follow. */
async function* gunzipped(chunks: AsyncIterator<Uint8Array>, archive: string): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 128 * 1024 })
  let fed = 0
  let lastData = 0
  const counted: AsyncIterator<Uint8Array> = {
    next: async () => {
      const result = await chunks.next()
      if (result.done === true) return result
      let end = result.value.length
      while (end > 0 && result.value[end - 1] === 0) end -= 1
      if (end > 0) lastData = fed + end
      fed += result.value.length
      return result
    },
  }
  yield* pump(counted, gunzip, archive)
  // zlib stops in silence at zeros, whatever comes after them.
  while ((await counted.next()).done !== true) if (lastData > gunzip.bytesWritten) break
  if (lastData > gunzip.bytesWritten) {
    throw corruptArchive(archive, `what follows its gzip data, at byte ${gunzip.bytesWritten}, is none`)
  }
}
