import { type Digest, digestFromHex } from '@backproof/core/digest'
import { BackupError, type BackupErrorJson, type ErrorCode, isBackupError } from '@backproof/core/errors'
import { type Cell, cellText } from '@backproof/core/inventory'
import { hexOfBase64, keyFields, malformedDigest } from '@backproof/core/object-store'
import type { ObjectEntry } from '@backproof/core/source'
import type { S3Ref } from '../entry.js'
import { PROVIDER } from '../errors.js'
import { decodeListedKey } from '../keys.js'
import { algorithmOf, etagDigest } from '../object/digests.js'

/** The columns of a completion report, in the order in which {@link checksumEntry} takes them. */
export const REPORT_COLUMNS: readonly string[] = [
  'Bucket',
  'Key',
  'VersionId',
  'TaskStatus',
  'ErrorCode',
  'HTTPStatusCode',
  'ResultMessage',
]

/**
 * The entry of a task of a job "Compute checksum"; `undefined` for one outside the prefix. A task that succeeded has the digest
 * that S3 computed from the bytes it stores; one that failed has a `problem`.
 *
 * @param refuse The error for a row that cannot be.
 */
export const checksumEntry = (
  [ofBucket, ofKey, ofVersion, ofStatus, ofError, ofHttp, ofResult]: readonly Cell[],
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  refuse: (what: string) => Error,
): ObjectEntry | undefined => {
  if (cellText(ofBucket) !== bucket) {
    throw refuse(`it is of the bucket ${JSON.stringify(ofBucket ?? '')}, but the report is read for "${bucket}".`)
  }
  const name = decodeListedKey(cellText(ofKey) ?? '')
  if (name === undefined || name === '') throw refuse('it has no key, or one that is not URL-encoded.')
  if (!name.startsWith(prefix)) return undefined
  const key = name.slice(prefix.length)
  const version = cellText(ofVersion)
  const ref: S3Ref = { key, ...(version !== undefined && { version }) }
  const common = { ...keyFields(key), ref, kind: 'object', ...(version !== undefined && { version }) } as const
  const status = cellText(ofStatus)?.toLowerCase()
  if (status === 'succeeded') return { ...common, ...told(cellText(ofResult) ?? '', refuse) }
  if (status !== 'failed') throw refuse(`its TaskStatus is ${JSON.stringify(ofStatus ?? '')}.`)
  // The documentation names ErrorCode before HTTPStatusCode, its examples have them the other way round.
  const codes = [cellText(ofError), cellText(ofHttp)].filter((code) => code !== undefined)
  return { ...common, problem: failedTask(common.key, codes, cellText(ofResult)) }
}

/** `{"checksum_base64":"...","etag":"...","checksumAlgorithm":"CRC32","checksumType":"FULL_OBJECT","checksum_hex":"..."}` */
const told = (message: string, refuse: (what: string) => Error): Pick<ObjectEntry, 'digests' | 'etag'> => {
  const fields = parsed(message)
  const text = (name: string): string | undefined => {
    const found = fields?.[name]
    return typeof found === 'string' && found.trim() !== '' ? found.trim() : undefined
  }
  const [name, type] = [text('checksumAlgorithm'), text('checksumType')]
  const [base64, hex] = [text('checksum_base64'), text('checksum_hex')]
  if (name === undefined || type === undefined || (base64 ?? hex) === undefined) {
    throw refuse('its ResultMessage is none of a job "Compute checksum".')
  }
  const etag = text('etag')
  const ofEtag = etagDigest(etag, { profile: 'aws', directoryBucket: false, encryption: 'unknown' })
  const digest = digestOf(algorithmOf(name), type.toUpperCase(), { base64, hex, etag }, refuse)
  return { ...(etag !== undefined && { etag }), digests: ofEtag === undefined ? [digest] : [digest, ofEtag] }
}

const parsed = (message: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(message)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

interface ToldChecksum {
  readonly base64: string | undefined
  readonly hex: string | undefined
  readonly etag: string | undefined
}

/** A number of parts stands behind the value, or else behind the ETag; without one a composite is of no use. */
const digestOf = (
  algorithm: string,
  type: string,
  { base64, hex, etag }: ToldChecksum,
  refuse: (what: string) => Error,
): Digest => {
  const [fromBase64, fromHex] = [toldValue(base64, algorithm, 'base64'), toldValue(hex, algorithm, 'hex')]
  if (fromBase64?.value !== undefined && fromHex?.value !== undefined && fromBase64.value !== fromHex.value) {
    throw refuse('its checksum_base64 and its checksum_hex are different.')
  }
  const value = fromBase64?.value ?? fromHex?.value
  const malformed = malformedDigest(algorithm, base64 ?? hex ?? '', 'service')
  if (value === undefined) return malformed
  const parts = fromBase64?.parts ?? fromHex?.parts ?? partsOf(etag)
  if (type === 'FULL_OBJECT') return { algorithm, value, provenance: 'service' }
  if (type !== 'COMPOSITE' || parts === undefined) return malformed
  return { algorithm, value, coverage: { parts }, provenance: 'service' }
}

const toldValue = (
  text: string | undefined,
  algorithm: string,
  form: 'base64' | 'hex',
): { readonly value: string | undefined; readonly parts: number | undefined } | undefined => {
  if (text === undefined) return undefined
  const parts = partsOf(text)
  const bare = parts === undefined ? text : text.slice(0, text.lastIndexOf('-'))
  return { value: form === 'base64' ? hexOfBase64(bare, algorithm) : hexOrNone(bare, algorithm), parts }
}

const partsOf = (text: string | undefined): number | undefined => {
  const [, parts] = /-([1-9][0-9]{0,4})"?$/.exec(text ?? '') ?? []
  return parts === undefined ? undefined : Number(parts)
}

const hexOrNone = (hex: string, algorithm: string): string | undefined => {
  try {
    return digestFromHex(hex, algorithm)
  } catch (error) {
    if (isBackupError(error)) return undefined
    throw error
  }
}

const CODES: Readonly<Record<string, ErrorCode>> = { 403: 'access-denied', 404: 'not-found' }

const failedTask = (key: string, codes: readonly string[], message: string | undefined): BackupErrorJson => {
  const http = codes.find((code) => /^[0-9]{3}$/.test(code))
  const shown = [...codes, ...(message === undefined ? [] : [message.slice(0, 300)])].join(', ')
  return new BackupError({
    code: CODES[http ?? ''] ?? 'unavailable',
    message: `S3 could not compute its checksum (${shown === '' ? 'no reason is given' : shown}). Run the job again for it, or read the object.`,
    retryable: false,
    provider: PROVIDER,
    operation: 'ComputeObjectChecksum',
    subject: key,
  }).toJSON()
}
