import type { KnownAlgorithm } from '@backproof/core/digest'
import { escapeKey } from '@backproof/core/source'
import { type ChecksumLineOptions, checksumLine as lineForTools } from '@backproof/provider-local'

/** Algorithms whose plain lines every checksum tool reads; the others need a tag, or their digests could be taken for another's. */
const PLAIN: ReadonlySet<KnownAlgorithm> = new Set(['md5', 'sha1', 'sha256', 'sha512'])

/** Whether lines have to name their algorithm: with several, or with one that plain lines cannot tell. */
export const needsTag = (algorithms: readonly KnownAlgorithm[]): boolean =>
  algorithms.length > 1 || algorithms.some((algorithm) => !PLAIN.has(algorithm))

/** One line of a checksum file. `forPeople` escapes whatever could drive a terminal, which no tool reads back. */
export const checksumLine = ({
  forPeople,
  ...line
}: ChecksumLineOptions & { readonly forPeople: boolean }): Uint8Array =>
  lineForTools(forPeople ? { ...line, shown: escapeKey(line.name) } : line)
