import { corruptArchive, unsupportedArchive } from './archive-errors.js'
import type { ZipWindow } from './zip-window.js'

/** Where the central directory lies. Positions count from the first byte of the file. */
export interface ZipDirectory {
  readonly start: number
  readonly end: number
  /** Records it should have; `exact` unless the field may have overflowed (65,536 entries without zip64). */
  readonly count: number
  readonly exact: boolean
  /** What has to be added to stored offsets: bytes before the archive (a self-extracting program). */
  readonly shift: number
}

const END = 22
const LOCATOR = 20
const END64 = 56
const LONGEST_COMMENT = 0xffff

/**
 * Reads the end records (APPNOTE 6.3.10, sections 4.3.14 to 4.3.16). The directory must end where they begin, and the
 * last comment where the file does: a cut, an appendix or a damaged length shows.
 */
export const readZipEnd = async (file: ZipWindow, archive: string): Promise<ZipDirectory> => {
  const tailLength = Math.min(file.size, END + LONGEST_COMMENT)
  const tailStart = file.size - tailLength
  const tail = await file.read(tailStart, tailLength)
  const found = findEnd(tail)
  if (found === undefined) {
    throw corruptArchive(archive, 'it does not end with the record that ends every zip archive, or is no zip archive')
  }
  const at = tailStart + found
  const record = tail.subarray(found)
  const locator = at >= LOCATOR ? await file.read(at - LOCATOR, LOCATOR) : undefined
  if (locator?.readUInt32LE(0) === 0x07064b50) return readEnd64(file, archive, at - LOCATOR, locator, record)

  const disks = [record.readUInt16LE(4), record.readUInt16LE(6)]
  const count = record.readUInt16LE(10)
  const size = record.readUInt32LE(12)
  const offset = record.readUInt32LE(16)
  if (disks.some((disk) => disk !== 0)) throw split(archive)
  if (record.readUInt16LE(8) !== count) throw corruptArchive(archive, 'its end record contradicts itself')
  return await placed(file, archive, { end: at, size, offset, count, exact: false })
}

const split = (archive: string): Error =>
  unsupportedArchive(archive, 'it says that it is one part of several; join them first (zip -s 0)')

/** The last record whose comment reaches to the end. */
const findEnd = (tail: Buffer): number | undefined => {
  for (let at = tail.length - END; at >= 0; at--) {
    if (tail.readUInt32LE(at) === 0x06054b50 && tail.readUInt16LE(at + 20) === tail.length - at - END) return at
  }
  return undefined
}

const readEnd64 = async (
  file: ZipWindow,
  archive: string,
  locatorAt: number,
  locator: Buffer,
  record: Buffer,
): Promise<ZipDirectory> => {
  if (locator.readUInt32LE(4) !== 0 || locator.readUInt32LE(16) > 1) throw split(archive)
  const stated = integerAt(locator, 8)
  const broken = (): Error =>
    corruptArchive(archive, 'its zip64 end record cannot be read or contradicts the other one')
  // Behind a program that unpacks itself, the record is not where the locator says, but it still ends at the locator.
  for (const at of new Set([stated, locatorAt - END64])) {
    if (at === undefined || at < 0 || at + END64 > locatorAt) continue
    const end = await file.read(at, END64)
    const length = integerAt(end, 4)
    if (end.readUInt32LE(0) !== 0x06064b50 || length === undefined || at + 12 + length !== locatorAt) continue
    const [here, count, size, offset] = [integerAt(end, 24), integerAt(end, 32), integerAt(end, 40), integerAt(end, 48)]
    if (end.readUInt32LE(16) !== 0 || end.readUInt32LE(20) !== 0) throw split(archive)
    if (count === undefined || here !== count || size === undefined || offset === undefined) throw broken()
    const agrees =
      same16(record.readUInt16LE(10), count) &&
      same32(record.readUInt32LE(12), size) &&
      same32(record.readUInt32LE(16), offset)
    if (!agrees) throw broken()
    return placed(file, archive, { end: at, size, offset, count, exact: true })
  }
  throw broken()
}

const same16 = (short: number, value: number): boolean => short === 0xffff || short === value
const same32 = (short: number, value: number): boolean => short === 0xffffffff || short === value

/** An integer of 64 bits that JavaScript holds exactly. */
export const integerAt = (bytes: Buffer, at: number): number | undefined => {
  const value = Number(bytes.readBigUInt64LE(at))
  return Number.isSafeInteger(value) ? value : undefined
}

const placed = async (
  file: ZipWindow,
  archive: string,
  stated: {
    readonly end: number
    readonly size: number
    readonly offset: number
    readonly count: number
    readonly exact: boolean
  },
): Promise<ZipDirectory> => {
  const { end, size, offset, count, exact } = stated
  const start = end - size
  const shift = start - offset
  if (start < 0 || shift < 0) throw corruptArchive(archive, 'its end record states a directory that does not fit')
  // An archive without entries is nothing but its end record.
  if (size === 0 && start > 0) throw corruptArchive(archive, 'its end record states no entries, but something is there')
  if (shift > 0) {
    const first = (await file.read(0, 4)).readUInt32LE(0)
    // No program begins so: this is an archive, whose entries nobody would see.
    if (first === 0x04034b50 || first === 0x06054b50) {
      throw corruptArchive(archive, 'bytes are missing in it, or another archive was put before it')
    }
  }
  return { start, end, count, exact, shift }
}
