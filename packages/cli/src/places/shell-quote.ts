import { escapeKey, keyToBytes } from '@backproof/core/source'

/**
 * One word for a POSIX shell that means exactly `text`. Names with control characters, bytes that are not UTF-8 or
 * characters that do not show are written as `$'...'` with their bytes in hexadecimal, which bash, zsh and ksh read:
 * what is printed can be pasted and cannot drive the terminal.
 */
export const shellQuote = (text: string): string => {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text
  const backslashesApart = text.replaceAll('\\', '')
  if (escapeKey(backslashesApart) === backslashesApart) return `'${text.replaceAll("'", "'\\''")}'`
  let out = ''
  for (const byte of keyToBytes(text)) {
    const character = String.fromCharCode(byte)
    out +=
      byte < 0x20 || byte > 0x7e
        ? `\\x${byte.toString(16).padStart(2, '0')}`
        : /['\\]/.test(character)
          ? `\\${character}`
          : character
  }
  return `$'${out}'`
}
