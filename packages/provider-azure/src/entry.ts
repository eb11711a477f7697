import { type JsonValue, showValue } from '@backproof/core/source'
import { invalidConfig } from './errors.js'

/** How a blob is found again, and held to what was listed. Plain JSON. */
export type AzureRef = {
  /** The blob's name without the source's prefix; empty for the blob whose name is the prefix. */
  readonly key: string
  /** Without quotes. */
  readonly etag?: string
  readonly version?: string
  /** Its time, which is its name. */
  readonly snapshot?: string
  readonly size?: number
  /** In the archive tier, or on its way out of it. */
  readonly archived?: 'yes'
  /** Encrypted with a key that its reader has to bring. */
  readonly sealed?: 'yes'
  /** Without a Content-MD5: one that comes with the bytes is of what was sent, and not the blob's. */
  readonly unhashed?: 'yes'
}

/** Reads back what `list` or `stat` gave. Throws `invalid-config`: a ref of another source, or one that was tampered with. */
export const readRef = (ref: JsonValue): AzureRef => {
  const given = typeof ref === 'object' && ref !== null ? (ref as Readonly<Record<string, unknown>>) : {}
  const { key, etag, version, snapshot, size, archived, sealed, unhashed } = given
  if (
    typeof key !== 'string' ||
    !isOptionalText(etag) ||
    !isOptionalText(version) ||
    !isOptionalText(snapshot) ||
    !(size === undefined || (Number.isSafeInteger(size) && (size as number) >= 0)) ||
    !(archived === undefined || archived === 'yes') ||
    !(sealed === undefined || sealed === 'yes') ||
    !(unhashed === undefined || unhashed === 'yes')
  ) {
    throw invalidConfig(`The ref ${showValue(ref)} is none that this container gave out; pass refs of its own listing.`)
  }
  return {
    key,
    ...(etag !== undefined && { etag }),
    ...(version !== undefined && { version }),
    ...(snapshot !== undefined && { snapshot }),
    ...(size !== undefined && { size: size as number }),
    ...(archived !== undefined && { archived }),
    ...(sealed !== undefined && { sealed }),
    ...(unhashed !== undefined && { unhashed }),
  }
}

/** What an entry of the state of a ref is called: a version's id, or a snapshot's time with a word before it. */
export const versionName = ({
  version,
  snapshot,
}: {
  readonly version?: string | undefined
  readonly snapshot?: string | undefined
}): string | undefined => (snapshot === undefined ? version : `snapshot:${snapshot}`)

const isOptionalText = (value: unknown): value is string | undefined =>
  value === undefined || (typeof value === 'string' && value !== '')
