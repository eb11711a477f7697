import type { GetObjectAttributesCommandOutput, ObjectPart } from '@aws-sdk/client-s3'
import { createHasher, type Digest, hexToBytes, isKnownAlgorithm, type PartCoverage } from '@backproof/core/digest'
import { isBackupError } from '@backproof/core/errors'
import { bareEtag, hexOfBase64 } from '@backproof/core/object-store'
import { type CallOptions, escapeKey } from '@backproof/core/source'
import type { Connection } from '../client/connection.js'
import { headObject, objectAttributes } from '../client/requests.js'
import type { S3Ref } from '../entry.js'
import { s3Error } from '../errors.js'
import { algorithmOf } from './digests.js'

/** What HeadObject told of the object whose parts are asked for. */
export interface PartedObject {
  readonly ref: S3Ref
  readonly size: number
  readonly etag: string
  /** Number of parts, as its digests tell it. */
  readonly parts: number
}

/** How an object was uploaded, as far as the service tells it. */
export interface PartLayout {
  readonly sizes: readonly number[]
  /** True when the sizes of the parts but the first were concluded. */
  readonly inferred: boolean
  /** Digests of the parts in order, in hexadecimal, by algorithm; those that every part has. */
  readonly values: ReadonlyMap<string, readonly string[]>
}

/**
 * The parts of a multipart upload: from GetObjectAttributes, where the service has it, permits it and knows parts; else from
 * the size of the first part (HeadObject with PartNumber), or with `every` from those of all. `undefined` where none tells:
 * then nothing is known.
 *
 * @throws BackupError `changed` when the object was replaced meanwhile; `corrupt` when the service contradicts itself.
 */
export const partLayout = async (
  connection: Connection,
  object: PartedObject,
  every: boolean,
  call: CallOptions | undefined,
): Promise<PartLayout | undefined> => {
  const rows = await fromAttributes(connection, object, call)
  if (rows !== undefined) return rows
  const first = await partSize(connection, object, 1, call)
  if (first === undefined) return undefined
  const concluded = concludedLayout(first, object.parts, object.size)
  return every && concluded?.inferred !== false ? fromEveryPart(connection, object, first, call) : concluded
}

const fromAttributes = async (
  connection: Connection,
  object: PartedObject,
  call: CallOptions | undefined,
): Promise<PartLayout | undefined> => {
  const rows: ObjectPart[] = []
  for (let marker: string | undefined; ; ) {
    const output = await attributesPage(connection, object, marker, call)
    if (output === undefined) return undefined
    const { Parts = [], IsTruncated, NextPartNumberMarker } = output.ObjectParts ?? {}
    rows.push(...Parts)
    if (IsTruncated !== true) break
    if (Parts.length === 0 || rows.length > object.parts || NextPartNumberMarker === marker) {
      throw contradiction(object, 'its list of parts goes round')
    }
    marker = NextPartNumberMarker
  }
  // Parts without rows: general purpose buckets have them only where there is an additional checksum.
  return rows.length === 0 ? undefined : layoutOf(object, rows)
}

/** One page, of the object that was looked at; `undefined` where the service does not answer such requests. */
const attributesPage = async (
  connection: Connection,
  { ref, etag, size }: PartedObject,
  marker: string | undefined,
  call: CallOptions | undefined,
): Promise<GetObjectAttributesCommandOutput | undefined> => {
  let output: GetObjectAttributesCommandOutput
  if (connection.unknown.has('attributes')) return undefined
  try {
    output = (await objectAttributes(connection, ref, marker, call)).output
  } catch (error) {
    if (isBackupError(error) && error.code === 'unsupported') connection.unknown.add('attributes')
    if (isBackupError(error) && NOT_OFFERED.has(error.code) && !error.retryable) return undefined
    // What answers with something else than S3's XML does not know the request.
    if (isBackupError(error) && error.code === 'unavailable' && connection.profile() !== 'aws') return undefined
    throw error
  }
  // A service that does not know the request may answer as if it were another one.
  if (output.ETag === undefined || output.ObjectSize === undefined) return undefined
  if (bareEtag(output.ETag) === bareEtag(etag) && output.ObjectSize === size) return output
  throw s3Error('changed', 'GetObjectAttributes', ref.key, `${escapeKey(ref.key)} was replaced while it was looked at.`)
}

/** Denied, or not known to the service. */
const NOT_OFFERED: ReadonlySet<string> = new Set(['access-denied', 'unsupported', 'invalid-config', 'not-found'])

const layoutOf = (object: PartedObject, rows: readonly ObjectPart[]): PartLayout => {
  const sizes = rows.map(({ Size }) => Size)
  const isWhole = rows.every(({ PartNumber }, i) => i === 0 || PartNumber! > rows[i - 1]!.PartNumber!)
  if (!isWhole || !sizes.every((size): size is number => size !== undefined)) {
    throw contradiction(object, 'its list of parts has gaps')
  }
  if (sizes.length !== object.parts)
    throw contradiction(object, `it has ${object.parts} parts, and lists ${sizes.length}`)
  checkSum(object, sizes)
  return { sizes, inferred: false, values: valuesOf(rows) }
}

const checkSum = (object: PartedObject, sizes: readonly number[]): void => {
  const sum = sizes.reduce((total, size) => total + size, 0)
  if (sum !== object.size) throw contradiction(object, `its parts have ${sum} bytes, and it has ${object.size}`)
}

const CHECKSUM = 'Checksum'

const valuesOf = (rows: readonly ObjectPart[]): ReadonlyMap<string, readonly string[]> => {
  const values = new Map<string, readonly string[]>()
  const names = Object.keys(rows[0] ?? {}).filter((name) => name.startsWith(CHECKSUM))
  for (const name of names) {
    const algorithm = algorithmOf(name.slice(CHECKSUM.length))
    const column = rows.map((row) => {
      const text = (row as Readonly<Record<string, unknown>>)[name]
      return typeof text === 'string' ? hexOfBase64(text, algorithm) : undefined
    })
    if (column.every((value): value is string => value !== undefined)) values.set(algorithm, column)
  }
  return values
}

/** Bytes of one part, from 1. Services that do not know PartNumber answer for the whole object, without a count. */
const partSize = async (
  connection: Connection,
  { ref, etag, parts }: PartedObject,
  part: number,
  call: CallOptions | undefined,
): Promise<number | undefined> => {
  if (connection.unknown.has('part-number')) return undefined
  const { output } = await headObject(connection, ref, { ifMatch: etag, part }, call)
  if (output.PartsCount === undefined) connection.unknown.add('part-number')
  return output.PartsCount === parts ? output.ContentLength : undefined
}

/** Requests in flight about the parts of one object. */
const PARTS_AT_ONCE = 8

const fromEveryPart = async (
  connection: Connection,
  object: PartedObject,
  first: number,
  call: CallOptions | undefined,
): Promise<PartLayout | undefined> => {
  const sizes = [first]
  while (sizes.length < object.parts) {
    const count = Math.min(PARTS_AT_ONCE, object.parts - sizes.length)
    const numbers = Array.from({ length: count }, (_, i) => sizes.length + 1 + i)
    const told = await Promise.all(numbers.map((number) => partSize(connection, object, number, call)))
    if (!told.every((size): size is number => size !== undefined)) return undefined
    sizes.push(...told)
  }
  checkSum(object, sizes)
  return { sizes, inferred: false, values: new Map() }
}

/**
 * From the first part's size. Certain for one part and two; for more, uploads whose parts are equal but for the last have
 * these sizes, and others have not: `inferred`. `undefined` when parts of that size cannot make up the object.
 */
export const concludedLayout = (first: number, parts: number, size: number): PartLayout | undefined => {
  const last = size - first * (parts - 1)
  const fits = parts === 1 ? first === size : parts === 2 ? last >= 0 : last > 0 && last <= first
  if (!fits) return undefined
  const sizes = Array.from({ length: parts }, (_, i) => (i === parts - 1 ? last : first))
  return { sizes, inferred: parts > 2, values: new Map() }
}

/**
 * The digest with what is known of its parts. Where the service tells the digests of the parts, the whole must follow from
 * them.
 *
 * @throws BackupError `corrupt` when it does not.
 */
export const withLayout = async (digest: Digest, layout: PartLayout, object: PartedObject): Promise<Digest> => {
  const { coverage } = digest
  if (coverage === undefined || coverage === 'full' || coverage.parts !== layout.sizes.length) return digest
  const values = layout.values.get(digest.algorithm)
  if (values !== undefined && isKnownAlgorithm(digest.algorithm)) {
    const hasher = await createHasher([digest.algorithm])
    hasher.update(Buffer.concat(values.map(hexToBytes)))
    if (hasher.digest()[digest.algorithm] !== digest.value) {
      throw contradiction(object, `its ${digest.algorithm} does not follow from those of its parts`)
    }
  }
  const parts: PartCoverage = {
    parts: coverage.parts,
    sizes: layout.sizes,
    ...(layout.inferred && { inferred: true }),
    ...(values !== undefined && { values }),
  }
  return { ...digest, coverage: parts }
}

const contradiction = ({ ref }: PartedObject, what: string): Error =>
  s3Error(
    'corrupt',
    'GetObjectAttributes',
    ref.key,
    `The service contradicts itself about ${escapeKey(ref.key)}: ${what}.`,
  )
