import { keyOf } from './tree.js'

/** Extended attributes of one file: name to lowercase hexadecimal value. */
export type Xattrs = Readonly<Record<string, string>>

const FILE = '# file: '

/**
 * Reads what `getfattr -d -e hex` writes: a `# file: ` line, then `name=0x...` lines, then an empty line. In paths and
 * names, `\ooo` (octal) stands for newline, carriage return, backslash and, in names, `=` (attr's `quote()`). Paths are
 * given back with one byte a character. A file without attributes is not in the output.
 */
export const parseXattrs = (output: Uint8Array): ReadonlyMap<string, Xattrs> => {
  const files = new Map<string, [name: string, value: string][]>()
  let current: [string, string][] = []
  for (const line of Buffer.from(output).toString('latin1').split('\n')) {
    if (line.startsWith(FILE)) {
      current = []
      files.set(octalUndone(line.slice(FILE.length)), current)
      continue
    }
    const equals = line.indexOf('=')
    if (equals < 0) continue
    const value = line.slice(equals + 1).replace(/^0x/, '')
    current.push([keyOf(octalUndone(line.slice(0, equals))), value.toLowerCase()])
  }
  // Not by assignment: an attribute may be called __proto__.
  return new Map([...files].map(([path, attributes]) => [path, Object.fromEntries(attributes)]))
}

const octalUndone = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
