import { type JsonValue, showValue } from '@backproof/core/source'
import { invalidConfig } from './errors.js'

/** How an object is found again, and held to what was listed. Plain JSON. */
export type GcsRef = {
  /** The object's key without the source's prefix; empty for the object whose name is the prefix. */
  readonly key: string
  /** Decimal. Reads get the bytes of this generation or none. */
  readonly generation?: string
  readonly size?: number
  /** Of a listing of versions: `stat` tells of this generation too, not of the present one. */
  readonly version?: true
  /** Under a key of the customer's own (CSEK). */
  readonly customerKey?: true
  /** Cannot be read before it is restored. */
  readonly softDeleted?: true
  /** Milliseconds since 1970 at which another generation, or none, took its place. */
  readonly replaced?: number
}

/** Reads back what `list` or `stat` gave. Throws `invalid-config`: a ref of another source, or one that was tampered with. */
export const readRef = (ref: JsonValue): GcsRef => {
  const given = typeof ref === 'object' && ref !== null ? (ref as Readonly<Record<string, unknown>>) : {}
  const { key, generation, size, version, customerKey, softDeleted, replaced } = given
  if (
    typeof key !== 'string' ||
    !(generation === undefined || (typeof generation === 'string' && /^\d{1,20}$/.test(generation))) ||
    !isOptionalCount(size) ||
    !isOptionalCount(replaced) ||
    ![version, customerKey, softDeleted].every((flag) => flag === undefined || flag === true)
  ) {
    throw invalidConfig(`The ref ${showValue(ref)} is none that this bucket gave out; pass refs of its own listing.`)
  }
  return {
    key,
    ...(generation !== undefined && { generation }),
    ...(size !== undefined && { size }),
    ...(version === true && { version }),
    ...(customerKey === true && { customerKey }),
    ...(softDeleted === true && { softDeleted }),
    ...(replaced !== undefined && { replaced }),
  }
}

const isOptionalCount = (value: unknown): value is number | undefined =>
  value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0)
