import { type JsonValue, showValue } from '@backproof/core/source'
import { invalidConfig } from './errors.js'

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
