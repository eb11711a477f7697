import { type Algorithm, digestBits, isKnownAlgorithm, type KnownAlgorithm } from '@backproof/core/digest'

/** Endings, and whole names in front of `SUMS`, that tell the algorithm of a checksum file. */
const BY_NAME: readonly (readonly [RegExp, KnownAlgorithm])[] = (
  [
    ['md5', 'md5'],
    ['sha1?', 'sha1'],
    ['sha256', 'sha256'],
    ['sha512', 'sha512'],
    ['(?:b3|blake3)', 'blake3'],
  ] as const
).map(([name, algorithm]) => [new RegExp(`(?:^|[._-])${name}(?:sums?)?(?:\\.txt)?$`, 'i'), algorithm])

/**
 * The algorithm that the name of a checksum file tells: `SHA256SUMS`, `sha256sums.txt`, `backup.sha256`,
 * `manifest-sha256.txt`, `B3SUMS`, ... `undefined`: the name looks like no checksum file.
 */
export const algorithmFromFileName = (name: string): KnownAlgorithm | undefined =>
  BY_NAME.find(([pattern]) => pattern.test(name))?.[1]

/** What digests of so many hexadecimal digits are, unless something says otherwise. CRCs and 64-bit hashes are too much alike. */
const BY_LENGTH: Readonly<Record<number, KnownAlgorithm>> = { 32: 'md5', 40: 'sha1', 64: 'sha256', 128: 'sha512' }

export const algorithmFromLength = (digits: number): KnownAlgorithm | undefined => BY_LENGTH[digits]

/** The algorithm of a BSD tag: `SHA256`, `SHA2-256`, `BLAKE3`. What we do not know keeps its name, in lower case. */
export const algorithmFromTag = (tag: string): Algorithm => {
  const name = tag.toLowerCase()
  const short = name.replace(/^sha-?(?:2-)?(?=\d)/, 'sha')
  return isKnownAlgorithm(short) ? short : name
}

/** Hexadecimal digits of a digest; `undefined` for an algorithm we do not know. */
export const digitsOf = (algorithm: Algorithm): number | undefined => {
  const bits = digestBits(algorithm)
  return bits === undefined ? undefined : bits / 4
}
