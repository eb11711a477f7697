/** One line of a checksum file. */
export interface ChecksumLine {
  /** As the line says it (`SHA256`), where it is in BSD form. */
  readonly tag?: string | undefined
  /** Lowercase hexadecimal. */
  readonly value: string
  /** The name, one byte a character, escapes undone. */
  readonly name: string
}

/** Why a line is none; for people, to stand after the line number. */
export interface MalformedLine {
  readonly malformed: string
}

const GNU = /^([0-9a-fA-F]+) [ *](.+)$/s
const BSD = /^([A-Za-z][A-Za-z0-9/_-]*) ?\((.+)\) ?= ([0-9a-fA-F]+)$/s

/**
 * Reads a line (one byte a character, without its end) as coreutils and b3sum write it: `hex  name`, `hex *name`, or
 * with `--tag`, `SHA256 (name) = hex`. A `\` in front of all means that in the name `\\`, `\n` and `\r` stand for
 * backslash, newline and carriage return (coreutils manual, "cksum output modes"). `undefined`: nothing, or a comment (`#`).
 */
export const parseChecksumLine = (line: string): ChecksumLine | MalformedLine | undefined => {
  if (line === '' || line.startsWith('#')) return undefined
  const isEscaped = line.startsWith('\\')
  const text = isEscaped ? line.slice(1) : line
  const gnu = GNU.exec(text)
  const bsd = gnu === null ? BSD.exec(text) : null
  const value = gnu?.[1] ?? bsd?.[3]
  const written = gnu?.[2] ?? bsd?.[2]
  if (value === undefined || written === undefined) {
    return { malformed: 'expected "<hex digest>  <name>" or "<ALGORITHM> (<name>) = <hex digest>"' }
  }
  const name = isEscaped ? unescapeName(written) : written
  if (name === undefined) return { malformed: 'a backslash in the name is not followed by "\\", "n" or "r"' }
  return { tag: bsd?.[1], value: value.toLowerCase(), name }
}

const unescapeName = (written: string): string | undefined => {
  if (/\\(?:[^\\nr]|$)/.test(written.replaceAll('\\\\', ''))) return undefined
  return written.replace(/\\([\\nr])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter === 'r' ? '\r' : '\\'))
}
