import type { Digest } from '@backproof/core/digest'
import { hexOfBase64, malformedDigest } from '@backproof/core/object-store'

/** What a resource of an object tells of its bytes. */
export interface StoredDigests {
  readonly crc32c?: unknown
  readonly md5Hash?: unknown
}

/**
 * The digests that the service keeps, which it computed itself from the bytes: `crc32c` (base64 of four bytes, big-endian)
 * and, of objects that were not composed of others, `md5Hash`. Objects under a customer's key tell none to who has not the
 * key. What is no digest of its algorithm is reported as `malformed:<algorithm>`, its text in hexadecimal: seen, and of no use.
 *
 * Source: `Objects: crc32c, md5Hash`, JSON API reference; "Data validation and change detection".
 */
export const storedDigests = ({ crc32c, md5Hash }: StoredDigests): readonly Digest[] => [
  ...storedDigest('crc32c', crc32c),
  ...storedDigest('md5', md5Hash),
]

/** The same from the header `x-goog-hash: crc32c=<base64>,md5=<base64>` of a download. Unknown algorithms keep their name. */
export const headerDigests = (header: string | undefined): readonly Digest[] =>
  (header ?? '').split(',').flatMap((part) => {
    const [, name, value] = /^\s*([a-z0-9_-]+)=(.*?)\s*$/i.exec(part) ?? []
    return name === undefined ? [] : storedDigest(name.toLowerCase(), value)
  })

const storedDigest = (algorithm: string, told: unknown): readonly Digest[] => {
  if (told === undefined || told === null || told === '') return []
  const text = typeof told === 'string' ? told : (JSON.stringify(told) ?? '')
  const value = hexOfBase64(text, algorithm)
  return [
    value === undefined ? malformedDigest(algorithm, text, 'service') : { algorithm, value, provenance: 'service' },
  ]
}
