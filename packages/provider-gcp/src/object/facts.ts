import type { Digest } from '@backproof/core/digest'
import { storedDigests } from './digests.js'

/** What a resource of an object tells, as far as it is needed. */
export interface ObjectFacts {
  readonly size?: number | undefined
  /** Decimal. */
  readonly generation?: string | undefined
  /** When its bytes were written, milliseconds since 1970; changes of metadata leave it. */
  readonly created?: number | undefined
  /** When another generation, or none, took its place, or when it was soft-deleted. */
  readonly replaced?: number | undefined
  readonly digests: readonly Digest[]
  readonly underCustomerKey: boolean
  readonly storageClass?: string | undefined
}

/**
 * Reads a resource of the JSON API ("Objects", its reference), where numbers of 64 bits are strings. `undefined` for a size or
 * a generation that is no number: nothing of such an answer can be trusted.
 */
export const factsOf = (resource: Readonly<Record<string, unknown>>): ObjectFacts | undefined => {
  const { storageClass, customerEncryption } = resource
  const size = wholeNumber(resource['size'])
  const generation = wholeNumber(resource['generation'])
  if (size === null || generation === null) return undefined
  const created = timeOf(resource['timeCreated'])
  const replaced = timeOf(resource['timeDeleted']) ?? timeOf(resource['softDeleteTime'])
  return {
    ...(size !== undefined && Number.isSafeInteger(Number(size)) && { size: Number(size) }),
    ...(generation !== undefined && { generation }),
    ...(created !== undefined && { created }),
    ...(replaced !== undefined && { replaced }),
    digests: storedDigests(resource),
    underCustomerKey: typeof customerEncryption === 'object' && customerEncryption !== null,
    ...(typeof storageClass === 'string' && storageClass !== '' && { storageClass }),
  }
}

/** Decimal digits; `null` for what is there and is none. */
const wholeNumber = (value: unknown): string | undefined | null => {
  if (value === undefined || value === null) return undefined
  const text = typeof value === 'string' ? value : Number.isSafeInteger(value) ? String(value) : ''
  return /^\d{1,20}$/.test(text) ? text : null
}

/** Milliseconds of a time of RFC 3339. */
export const timeOf = (value: unknown): number | undefined => {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}
