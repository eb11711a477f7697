import type { KnownAlgorithm } from '@backproof/core/digest'
import { escapeKey, keyToBytes } from '@backproof/core/source'

/** Algorithms whose plain lines every checksum tool reads; the others need a tag, or their digests could be taken for another's. */
const PLAIN: ReadonlySet<KnownAlgorithm> = new Set(['md5', 'sha1', 'sha256', 'sha512'])

/** Whether lines have to name their algorithm: with several, or with one that plain lines cannot tell. */
export const needsTag = (algorithms: readonly KnownAlgorithm[]): boolean =>
  algorithms.length > 1 || algorithms.some((algorithm) => !PLAIN.has(algorithm))

/**
 * One line of a checksum file as GNU coreutils writes it: `<hex>  <name>`, or `ALGORITHM (<name>) = <hex>` (BSD, `--tag`).
 * A name with a newline, carriage return or backslash is escaped and the line begins with a backslash (coreutils
 * manual, md5sum). Names keep their bytes; `forPeople` escapes whatever could drive a terminal, which no tool reads back.
 */
export const checksumLine = (options: {
  readonly name: string
  readonly algorithm: KnownAlgorithm
  readonly digest: string
  readonly tag: boolean
  readonly forPeople: boolean
}): Uint8Array => {
  const { name, algorithm, digest, tag, forPeople } = options
  const escaped = name.replace(/[\\\n\r]/g, (character) => ESCAPES[character] ?? character)
  const mark = escaped === name ? '' : '\\'
  const shown = forPeople ? escapeKey(name) : escaped
  const line = tag ? `${mark}${algorithm.toUpperCase()} (${shown}) = ${digest}\n` : `${mark}${digest}  ${shown}\n`
  return keyToBytes(line)
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' }
