import type { JsonValue, ObjectEntry } from '@backproof/core/source'
import { keyToBytes, showValue } from '@backproof/core/source'
import { invalidConfig } from './errors.js'
import { ROOT_KEY } from './keys.js'

/** How an object is found again, and held to what was listed. Plain JSON. */
export type S3Ref = {
  /** The object's key without the source's prefix; empty for the object whose name is the prefix. */
  readonly key: string
  /** As the service wrote it. */
  readonly etag?: string
  readonly version?: string
  readonly size?: number
  /** `yes`: cannot be read without a restore. `ask`: in a class that needs one, and whether there was one is not known. */
  readonly archived?: 'yes' | 'ask'
}

/** The key of an entry: {@link ROOT_KEY} for the prefix itself; with its bytes where they are not UTF-8. */
export const keyFields = (relative: string): Pick<ObjectEntry, 'key' | 'keyBytes'> => {
  const key = relative === '' ? ROOT_KEY : relative
  return key.isWellFormed() ? { key } : { key, keyBytes: keyToBytes(key) }
}

/** Reads back what `list` or `stat` gave. Throws `invalid-config`: a ref of another source, or one that was tampered with. */
export const readRef = (ref: JsonValue): S3Ref => {
  const given = typeof ref === 'object' && ref !== null ? (ref as Readonly<Record<string, unknown>>) : {}
  const { key, etag, version, size, archived } = given
  if (
    typeof key !== 'string' ||
    !isOptionalText(etag) ||
    !isOptionalText(version) ||
    !(size === undefined || (Number.isSafeInteger(size) && (size as number) >= 0)) ||
    !(archived === undefined || archived === 'yes' || archived === 'ask')
  ) {
    throw invalidConfig(`The ref ${showValue(ref)} is none that this bucket gave out; pass refs of its own listing.`)
  }
  return {
    key,
    ...(etag !== undefined && { etag }),
    ...(version !== undefined && { version }),
    ...(size !== undefined && { size: size as number }),
    ...(archived !== undefined && { archived }),
  }
}

const isOptionalText = (value: unknown): value is string | undefined =>
  value === undefined || (typeof value === 'string' && value !== '')

/** Headers tell whole seconds; a listing that is more precise must not tell another time of the same object. */
export const wholeSeconds = (time: Date): number => Math.floor(time.getTime() / 1_000) * 1_000
