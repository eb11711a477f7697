import type { KnownAlgorithm } from '@backproof/core/digest'
import { keyToBytes } from '@backproof/core/source'

export interface ChecksumLineOptions {
  readonly name: string
  readonly algorithm: KnownAlgorithm
  /** Lowercase hexadecimal. */
  readonly digest: string
  /** BSD form, which names the algorithm. */
  readonly tag: boolean
  /** What stands for the name. Default: the name, escaped as the tools read it back. */
  readonly shown?: string | undefined
}

/**
 * One line of a checksum file as GNU coreutils writes it: `<hex>  <name>`, or `ALGORITHM (<name>) = <hex>` (BSD, `--tag`).
 * A name with a newline, carriage return or backslash is escaped and the line begins with a backslash (coreutils
 * manual, md5sum). Names keep their bytes.
 */
export const checksumLine = ({ name, algorithm, digest, tag, shown }: ChecksumLineOptions): Uint8Array => {
  const escaped = name.replace(algorithm === 'blake3' ? B3SUM_ESCAPED : ESCAPED, (character) => ESCAPES[character]!)
  const mark = escaped === name ? '' : '\\'
  const written = shown ?? escaped
  return keyToBytes(
    tag ? `${mark}${algorithm.toUpperCase()} (${written}) = ${digest}\n` : `${mark}${digest}  ${written}\n`,
  )
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' }
const ESCAPED = /[\\\n\r]/g
/** Versions of b3sum before 1.5 know no `\r`. */
const B3SUM_ESCAPED = /[\\\n]/g
