import { createHash, type KeyObject } from 'node:crypto'
import type { KnownAlgorithm } from '@backproof/core/digest'
import { jsonLine } from '@backproof/core/report'
import { checksumLine } from './checksum-write.js'
import { headerLine, type ManifestHeader, trailerLine } from './manifest-ends.js'
import type { ManifestRecord } from './manifest-record.js'
import { signDigest } from './manifest-signature.js'

/** A manifest as it grows. */
export interface ManifestLines {
  /** The bytes of these entries. */
  readonly add: (records: readonly ManifestRecord[]) => Uint8Array
  /** The bytes that close it. */
  readonly end: (omitted: number) => Uint8Array
  readonly totals: () => {
    readonly entries: number
    readonly bytes: number
    readonly leftOut: Readonly<Record<string, number>>
  }
}

/** Our manifest, signed if there is a key. The header comes with the first bytes. */
export const createBackproofLines = (header: ManifestHeader, key: KeyObject | undefined): ManifestLines => {
  const hash = createHash('sha256')
  let pending = `${headerLine(header)}\n`
  let entries = 0
  let bytes = 0
  const take = (lines: readonly string[]): Uint8Array => {
    const text = Buffer.from(pending + lines.map((line) => `${line}\n`).join(''), 'utf8')
    pending = ''
    hash.update(text)
    return text
  }
  return {
    add: (records) => {
      entries += records.length
      for (const { size } of records) bytes += size ?? 0
      return take(records.map(jsonLine))
    },
    end: (omitted) => {
      const rest = take([])
      const sha256 = hash.digest('hex')
      const signature = key === undefined ? undefined : signDigest(sha256, key)
      return Buffer.concat([rest, Buffer.from(`${trailerLine({ entries, bytes, omitted, sha256, signature })}\n`)])
    },
    totals: () => ({ entries, bytes, leftOut: {} }),
  }
}

/** A checksum file: plain lines for one algorithm, lines that name theirs for several. */
export const createChecksumLines = (algorithms: readonly KnownAlgorithm[]): ManifestLines => {
  const tag = algorithms.length > 1
  const leftOut: Record<string, number> = {}
  let entries = 0
  let bytes = 0
  const linesOf = (record: ManifestRecord): readonly Uint8Array[] => {
    const { kind, key: name, size, digests } = record
    if (digests === undefined) {
      leftOut[kind] = (leftOut[kind] ?? 0) + 1
      return []
    }
    entries += 1
    bytes += size ?? 0
    return algorithms.map((algorithm) => checksumLine({ name, algorithm, digest: digests[algorithm]!, tag }))
  }
  return {
    add: (records) => Buffer.concat(records.flatMap(linesOf)),
    end: () => new Uint8Array(),
    totals: () => ({ entries, bytes, leftOut }),
  }
}
