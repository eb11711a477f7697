import type { ListedEntry } from '../../../src/compare/row.js'
import type { Digest, KnownAlgorithm } from '../../../src/digest/digest.js'
import type { OfferedDigest } from '../../../src/source/entry.js'
import type { NativeDigest, SourceTraits } from '../../../src/source/traits.js'
import { type Content, SIZE } from './content.js'

export type Family =
  | 'S3, one upload'
  | 'S3, in parts'
  | 'S3, in parts, SSE-KMS'
  | 'Cloud Storage'
  | 'Azure'
  | 'Disks'
  | 'Lists'

/** One object in one kind of place, and what the place tells of it. */
export interface Place {
  readonly name: string
  readonly family: Family
  readonly traits: SourceTraits
  readonly listed: ListedEntry
  /** Digests that asking tells, and those that asking for the sizes of parts at any cost tells. Absent: it tells nothing. */
  readonly told?: { readonly digests: readonly Digest[]; readonly 'part-sizes': readonly Digest[] } | undefined
  /** A file of this machine. */
  readonly local?: boolean | undefined
}

const service = (algorithm: string): NativeDigest => ({ algorithm, provenance: 'service' })
const claim = (algorithm: string): NativeDigest => ({ algorithm, provenance: 'claimed' })

const traitsOf = (some: Partial<SourceTraits>): SourceTraits => ({
  keyOrder: 'utf8',
  access: 'random',
  pinning: 'etag',
  listingDigests: [],
  statDigests: [],
  rangeReads: true,
  versions: false,
  readCost: 'paid',
  ...some,
})

/** As `describe` of the providers tells them. */
export const TRAITS = {
  s3: traitsOf({ listingDigests: [service('md5')], statDigests: [service('md5'), service('crc64nvme')] }),
  gcs: traitsOf({
    listingDigests: [service('crc32c'), service('md5')],
    statDigests: [service('crc32c'), service('md5')],
  }),
  azure: traitsOf({ listingDigests: [claim('md5')], statDigests: [claim('md5')] }),
  local: traitsOf({ readCost: 'free' }),
} as const

const entryOf = (digests: readonly Digest[], more: Partial<ListedEntry> = {}): ListedEntry => ({
  key: 'a',
  ref: 'a',
  kind: 'object',
  size: SIZE,
  ...(digests.length > 0 && { digests }),
  ...more,
})

/** What an ETag under SSE-KMS looks like: an MD5, and none of the bytes. */
const OPAQUE = '5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e'

interface Upload {
  readonly checksum?: KnownAlgorithm | undefined
  readonly kms?: boolean | undefined
  readonly archived?: boolean | undefined
}

const s3Single = async (name: string, content: Content, upload: Upload): Promise<Place> => {
  const { checksum = 'crc64nvme', kms = false, archived } = upload
  const etag = await content.full('md5', 'service')
  const listed: Digest = { ...etag, equalityOnly: true, ...(kms && { value: OPAQUE }) }
  const told = [...(kms ? [] : [etag]), await content.full(checksum, 'service')]
  const offers: OfferedDigest[] = [{ algorithm: checksum, coverage: 'full', provenance: 'service' }]
  return {
    name,
    family: 'S3, one upload',
    traits: TRAITS.s3,
    listed: entryOf([listed], { offers, ...(archived === true && { archived }) }),
    told: { digests: told, 'part-sizes': told },
  }
}

const s3Parts = async (
  name: string,
  content: Content,
  upload: Upload & { readonly composite?: boolean | undefined },
): Promise<Place> => {
  const { checksum, composite = false, kms = false, archived } = upload
  const coverage = composite ? 'parts' : 'full'
  const offers: OfferedDigest[] =
    checksum === undefined ? [] : [{ algorithm: checksum, coverage, provenance: 'service' }]
  const etag = await content.ofParts('md5', 'service', 'count')
  const listed: Digest = { ...etag, equalityOnly: true, ...(kms && { value: OPAQUE }) }
  const told = async (every: boolean): Promise<readonly Digest[]> => {
    // Rows of parts come with checksums of parts; else the size of the first part is asked for, or of all.
    const sizes = composite || every ? 'sizes' : 'concluded'
    const ofEtag = kms ? [] : [await content.ofParts('md5', 'service', sizes)]
    if (checksum === undefined) return ofEtag
    const own = composite ? content.ofParts(checksum, 'service', 'values') : content.full(checksum, 'service')
    return [...ofEtag, await own]
  }
  return {
    name,
    family: kms ? 'S3, in parts, SSE-KMS' : 'S3, in parts',
    traits: TRAITS.s3,
    listed: entryOf([listed], { ...(offers.length > 0 && { offers }), ...(archived === true && { archived }) }),
    told: { digests: await told(false), 'part-sizes': await told(true) },
  }
}

const UPLOADS = [
  { name: 'ETag only' },
  { name: 'COMPOSITE CRC32', checksum: 'crc32', composite: true },
  { name: 'COMPOSITE CRC32C', checksum: 'crc32c', composite: true },
  { name: 'COMPOSITE SHA-1', checksum: 'sha1', composite: true },
  { name: 'COMPOSITE SHA-256', checksum: 'sha256', composite: true },
  { name: 'FULL_OBJECT CRC32', checksum: 'crc32' },
  { name: 'FULL_OBJECT CRC32C', checksum: 'crc32c' },
  { name: 'FULL_OBJECT CRC64NVME', checksum: 'crc64nvme' },
] as const satisfies readonly ({ name: string; composite?: boolean } & Upload)[]

const gcs = async (name: string, content: Content, md5: boolean): Promise<Place> => {
  const digests = [await content.full('crc32c', 'service'), ...(md5 ? [await content.full('md5', 'service')] : [])]
  return {
    name,
    family: 'Cloud Storage',
    traits: TRAITS.gcs,
    listed: entryOf(digests),
    told: { digests, 'part-sizes': digests },
  }
}

const azure = async (name: string, content: Content, algorithms: readonly KnownAlgorithm[]): Promise<Place> => {
  const digests = await Promise.all(algorithms.map((algorithm) => content.full(algorithm, 'claimed')))
  // The CRC64 stands in listings only.
  const told = digests.filter(({ algorithm }) => algorithm === 'md5')
  return {
    name,
    family: 'Azure',
    traits: TRAITS.azure,
    listed: entryOf(digests, { offers: [] }),
    told: { digests: told, 'part-sizes': told },
  }
}

const list = async (
  name: string,
  content: Content,
  algorithms: readonly KnownAlgorithm[],
  provenance: 'recorded' | 'service' | 'claimed',
): Promise<Place> => {
  const digests = await Promise.all(algorithms.map((algorithm) => content.full(algorithm, provenance)))
  const listingDigests = algorithms.map((algorithm) => ({ algorithm, provenance }))
  const traits = traitsOf({
    listingDigests,
    readCost: 'impossible',
    rangeReads: false,
    ...(provenance !== 'recorded' && { asOf: 0 }),
  })
  return { name, family: 'Lists', traits, listed: entryOf(digests) }
}

/** Every kind of place that the table is of. */
export const createPlaces = async (content: Content): Promise<readonly Place[]> => {
  const single = (name: string, upload: Upload): Promise<Place> => s3Single(`S3 ${name}`, content, upload)
  const multipart = ({ name, ...upload }: (typeof UPLOADS)[number], more: Upload): Promise<Place> =>
    s3Parts(`S3 parts, ${name}${more.kms === true ? ', SSE-KMS' : ''}`, content, { ...upload, ...more })
  return Promise.all([
    single('default (CRC64NVME)', {}),
    single('CRC32', { checksum: 'crc32' }),
    single('CRC32C', { checksum: 'crc32c' }),
    single('SHA-256', { checksum: 'sha256' }),
    single('SSE-KMS', { kms: true }),
    single('GLACIER', { archived: true }),
    ...UPLOADS.map((upload) => multipart(upload, {})),
    s3Parts('S3 parts, COMPOSITE CRC32C, GLACIER', content, { checksum: 'crc32c', composite: true, archived: true }),
    ...UPLOADS.map((upload) => multipart(upload, { kms: true })),
    gcs('GCS', content, true),
    gcs('GCS composed', content, false),
    azure('Azure, MD5', content, ['md5']),
    azure('Azure, MD5, CRC64', content, ['md5', 'crc64nvme']),
    azure('Azure, CRC64', content, ['crc64nvme']),
    azure('Azure, no digest', content, []),
    Promise.resolve<Place>({
      name: 'local',
      family: 'Disks',
      traits: TRAITS.local,
      listed: entryOf([]),
      local: true,
    }),
    Promise.resolve<Place>({
      name: 'archive',
      family: 'Disks',
      traits: traitsOf({ access: 'sequential', readCost: 'impossible', keyOrder: 'none' }),
      listed: entryOf([]),
    }),
    list('manifest SHA-256', content, ['sha256'], 'recorded'),
    list('manifest MD5', content, ['md5'], 'recorded'),
    list('GCS inventory', content, ['crc32c', 'md5'], 'service'),
    list('list, MD5 claimed', content, ['md5'], 'claimed'),
  ])
}
