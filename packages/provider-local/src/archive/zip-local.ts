import type { ZipRecord } from './zip-directory.js'
import type { ZipWindow } from './zip-window.js'

const HEADER = 30
/** Bytes are encrypted; the name is UTF-8. */
const COMPARED_FLAGS = 0x0801
/** Sizes and CRC-32 follow the bytes, because the writer did not know them before. */
const DESCRIPTOR = 0x0008

/**
 * Where the bytes of an entry start, or what its local header says otherwise than the directory (APPNOTE 6.3.10, section
 * 4.3.7). The two hold the same twice, so a damaged name, size or checksum shows.
 */
export const localStart = async (
  file: ZipWindow,
  record: ZipRecord,
  directoryStart: number,
): Promise<number | { readonly differs: string }> => {
  if (record.offset + HEADER > directoryStart) return { differs: 'its place is beyond the entries' }
  const ready = file.read(record.offset, HEADER)
  const fixed = ready instanceof Promise ? await ready : ready
  if (fixed.readUInt32LE(0) !== 0x04034b50) return { differs: 'there is no header where the directory says' }
  const flags = fixed.readUInt16LE(6)
  const method = fixed.readUInt16LE(8)
  const [crc, packed, size] = [fixed.readUInt32LE(14), fixed.readUInt32LE(18), fixed.readUInt32LE(22)]
  const nameLength = fixed.readUInt16LE(26)
  const start = record.offset + HEADER + nameLength + fixed.readUInt16LE(28)
  if (start + record.packed > directoryStart) return { differs: 'its bytes reach beyond the entries' }
  const nameReady = file.read(record.offset + HEADER, nameLength)
  const name = (nameReady instanceof Promise ? await nameReady : nameReady).toString('latin1')
  // A directory that is encrypted hides what local headers say.
  if ((record.flags & 0x2000) !== 0) return start
  const later = (flags & DESCRIPTOR) !== 0
  const agrees = (short: number, value: number): boolean =>
    short === value || short === 0xffffffff || (later && short === 0)
  if (name !== record.name) return { differs: 'its name there is another' }
  if (method !== record.method || ((flags ^ record.flags) & COMPARED_FLAGS) !== 0)
    return { differs: 'it is packed otherwise there' }
  if (!agrees(size, record.size) || !agrees(packed, record.packed)) return { differs: 'its size there is another' }
  return crc === record.crc32 || (later && crc === 0) ? start : { differs: 'its CRC-32 there is another' }
}
