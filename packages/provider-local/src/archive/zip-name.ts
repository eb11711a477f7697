import { crc32 } from 'node:zlib'
import type { ZipRecord } from './zip-directory.js'

/** Upper half of code page 437, the character set of names that say nothing else (APPNOTE 6.3.10, appendix D). */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0'

const UTF8_FLAG = 0x0800
/** FAT, HPFS, NTFS, VFAT: no name on them holds a backslash, so one that does has it for a separator. */
const WITH_BACKSLASH: ReadonlySet<number> = new Set([0, 6, 10, 14])
/** Unix and macOS: archivers there store the bytes of the name as they are. */
const BYTE_NAMES: ReadonlySet<number> = new Set([3, 19])

/** The name's bytes in UTF-8, or as the system that wrote them had them; one byte a character. */
export const zipName = ({ name, flags, host, extra }: ZipRecord): string => {
  const text = unicodePath(name, extra.get(0x7075)) ?? (isBytes(name, flags, host) ? name : fromCp437(name))
  return WITH_BACKSLASH.has(host) ? text.replaceAll('\\', '/') : text
}

const isBytes = (name: string, flags: number, host: number): boolean =>
  (flags & UTF8_FLAG) !== 0 || BYTE_NAMES.has(host) || !/[\x80-\xff]/.test(name)

const fromCp437 = (name: string): string => {
  const text = name.replace(/[\x80-\xff]/g, (byte) => CP437[byte.charCodeAt(0) - 0x80]!)
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** Info-ZIP's field: a version, the CRC-32 of the name it stands for, the name in UTF-8 (APPNOTE 6.3.10, section 4.6.9). */
const unicodePath = (name: string, field: Buffer | undefined): string | undefined => {
  if (field === undefined || field.length < 6 || field[0] !== 1) return undefined
  // A tool that renamed the entry without knowing the field left a name that no longer is the entry's.
  return field.readUInt32LE(1) === crc32(Buffer.from(name, 'latin1')) ? field.toString('latin1', 5) : undefined
}
