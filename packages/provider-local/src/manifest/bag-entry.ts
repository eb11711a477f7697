import type { Algorithm, Digest } from '@backproof/core/digest'
import type { BackupErrorJson } from '@backproof/core/errors'
import { type JsonValue, keyToBytes, type ObjectEntry } from '@backproof/core/source'
import { invalidConfig } from '../errors.js'

interface BagDigest {
  readonly algorithm: Algorithm
  readonly value: string
}

/** What a bag promises of one file. Its ref holds all there is to know. */
export const bagEntry = (
  key: string,
  digests: readonly BagDigest[],
  problem: BackupErrorJson | undefined,
): ObjectEntry => {
  const pairs = digests.map(({ algorithm, value }) => [algorithm, value])
  // Through JSON: refs are plain data, and the interface of errors has no index signature.
  const told = problem === undefined ? {} : { problem: JSON.parse(JSON.stringify(problem)) as JsonValue }
  return {
    key,
    ...(!key.isWellFormed() && { keyBytes: keyToBytes(key) }),
    ref: { key, digests: pairs, ...told },
    kind: 'object',
    digests: digests.map(({ algorithm, value }): Digest => ({ algorithm, value, provenance: 'recorded' })),
    ...(problem !== undefined && { problem }),
  }
}

export const entryOfBagRef = (ref: JsonValue): ObjectEntry => {
  const given = typeof ref === 'object' && ref !== null ? (ref as Readonly<Record<string, unknown>>) : {}
  const { key, digests, problem } = given
  if (typeof key !== 'string' || key === '' || !Array.isArray(digests) || !digests.every(isPair))
    throw invalidConfig('The ref is none that this bag gave out; pass refs of its own listing.')
  const told = typeof problem === 'object' && problem !== null ? (problem as BackupErrorJson) : undefined
  return bagEntry(
    key,
    digests.map(([algorithm, value]) => ({ algorithm, value })),
    told,
  )
}

const isPair = (value: unknown): value is readonly [string, string] =>
  Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string')
