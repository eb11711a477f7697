import { corruptArchive } from './archive-errors.js'
import { integerAt, type ZipDirectory } from './zip-end.js'
import type { ZipWindow } from './zip-window.js'

/** A record of the central directory (APPNOTE 6.3.10, section 4.3.12). */
export interface ZipRecord {
  /** The system that `attributes` follow: 0 FAT, 3 Unix, 10 NTFS, 14 VFAT, 19 macOS. */
  readonly host: number
  readonly flags: number
  readonly method: number
  readonly crc32: number
  /** Bytes in the archive. */
  readonly packed: number
  readonly size: number
  readonly attributes: number
  /** Position of the local header in the file. */
  readonly offset: number
  /** As stored, one byte a character. */
  readonly name: string
  readonly extra: ReadonlyMap<number, Buffer>
}

const RECORD = 46

/** The records in the directory's order, streamed. Throws `corrupt` unless they fill the directory and are as many as stated. */
export async function* readZipDirectory(
  file: ZipWindow,
  archive: string,
  { start, end, count, exact, shift }: ZipDirectory,
): AsyncGenerator<ZipRecord> {
  let at = start
  let seen = 0
  let bytes = 0
  while (at < end) {
    const where = `its directory, at byte ${at},`
    if (at + RECORD > end) throw corruptArchive(archive, `${where} ends in the middle of a record`)
    const fixedReady = file.read(at, RECORD)
    const fixed = fixedReady instanceof Promise ? await fixedReady : fixedReady
    if (fixed.readUInt32LE(0) !== 0x02014b50)
      throw corruptArchive(archive, `${where} holds something else than a record`)
    const nameLength = fixed.readUInt16LE(28)
    const extraLength = fixed.readUInt16LE(30)
    const length = RECORD + nameLength + extraLength + fixed.readUInt16LE(32)
    if (at + length > end) throw corruptArchive(archive, `${where} ends in the middle of a record`)
    const ready = file.read(at, length)
    const record = parseRecord(ready instanceof Promise ? await ready : ready, nameLength, extraLength)
    if (record === undefined) throw corruptArchive(archive, `${where} holds a record that contradicts itself`)
    at += length
    seen += 1
    bytes += record.packed + 30
    // Entries that share bytes let a small archive unpack to any size: such archives are made to do harm.
    if (bytes > start) throw corruptArchive(archive, 'its entries overlap: together they are longer than the archive')
    yield { ...record, offset: record.offset + shift }
  }
  if (exact ? seen !== count : (seen & 0xffff) !== count) {
    throw corruptArchive(archive, `its directory has ${seen} records, but should have ${count}`)
  }
}

const parseRecord = (bytes: Buffer, nameLength: number, extraLength: number): ZipRecord | undefined => {
  const extra = extraFields(bytes.subarray(RECORD + nameLength, RECORD + nameLength + extraLength))
  if (extra === undefined) return undefined
  // Zip64: what does not fit its field stands here, in this order.
  const wide = extra.get(0x0001) ?? Buffer.alloc(0)
  let at = 0
  const number = (position: number): number | undefined => {
    const short = bytes.readUInt32LE(position)
    if (short !== 0xffffffff) return short
    if (at + 8 > wide.length) return undefined
    at += 8
    return integerAt(wide, at - 8)
  }
  const size = number(24)
  const packed = number(20)
  const offset = number(42)
  const disk = bytes.readUInt16LE(34)
  if (size === undefined || packed === undefined || offset === undefined || (disk !== 0 && disk !== 0xffff))
    return undefined
  return {
    host: bytes[5]!,
    flags: bytes.readUInt16LE(8),
    method: bytes.readUInt16LE(10),
    crc32: bytes.readUInt32LE(16),
    packed,
    size,
    attributes: bytes.readUInt32LE(38),
    offset,
    name: bytes.toString('latin1', RECORD, RECORD + nameLength),
    extra,
  }
}

/** Extra fields by number; the first of each. `undefined` when a length leads out. */
const extraFields = (bytes: Buffer): ReadonlyMap<number, Buffer> | undefined => {
  if (bytes.length < 4) return NO_FIELDS
  const fields = new Map<number, Buffer>()
  let at = 0
  while (at + 4 <= bytes.length) {
    const id = bytes.readUInt16LE(at)
    const end = at + 4 + bytes.readUInt16LE(at + 2)
    if (end > bytes.length) return undefined
    // A copy: a view would keep the whole block in memory.
    if (!fields.has(id)) fields.set(id, Buffer.from(bytes.subarray(at + 4, end)))
    at = end
  }
  return fields
}

const NO_FIELDS: ReadonlyMap<number, Buffer> = new Map()
