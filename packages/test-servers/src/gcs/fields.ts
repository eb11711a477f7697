import { invalidParameter } from './failure.js'
import { isJsonObject, type JsonObject, type JsonValue } from './json.js'

/** What a `fields` parameter selects: members by name, `*` for all; `true` takes a member whole. */
interface Selection {
  readonly [name: string]: Selection | true
}

/**
 * Applies the `fields` parameter: names, joined by commas, with `a/b` and `a(b,c)` for members of members, `*` for any
 * ("Partial responses" in the Cloud Storage documentation).
 *
 * @throws invalidParameter for a selector that is malformed, or names what no resource has.
 */
export const selectFields = (resource: JsonObject, fields: string | undefined): JsonObject => {
  if (fields === undefined || fields === '') return resource
  const reader = { text: fields, at: 0 }
  const selection = readList(reader)
  if (reader.at !== fields.length) throw malformed(fields)
  checkNames(selection)
  return apply(resource, selection) as JsonObject
}

/** Members whose own members have names that clients choose, or that are not of interest here. */
const OPEN: ReadonlySet<string> = new Set(['contexts', 'labels', 'lifecycle', 'metadata'])

/** Members of buckets, objects, policies, listings and rewrites: the reference of the JSON API. */
const KNOWN: ReadonlySet<string> = new Set(
  `* acl action age allowedMethods autoclass billing bindings bucket bucketPolicyOnly bytes cacheControl componentCount
  condition contentDisposition contentEncoding contentLanguage contentType contexts cors crc32c customerEncryption
  customPlacementConfig customTime dataLocations defaultEventBasedHold defaultKmsKeyName defaultObjectAcl done domain
  effectiveTime email enabled encryption encryptionAlgorithm entity entityId etag eventBasedHold generation hardDeleteTime
  hierarchicalNamespace iamConfiguration id ipFilter isLocked items keySha256 kind kmsKeyName labels lifecycle location
  locationType lockedTime logBucket logging logObjectPrefix mainPageSuffix md5Hash mediaLink members metadata
  metageneration mode name nextPageToken notFoundPage objectRetention objectSize owner permissions prefixes projectNumber
  projectTeam publicAccessPrevention requesterPays resource resourceId restoreToken retainUntilTime retention
  retentionDurationSeconds retentionExpirationTime retentionPeriod retentionPolicy rewriteToken role rpo rule
  satisfiesPZI satisfiesPZS selfLink size softDeletePolicy softDeleteTime storageClass temporaryHold
  terminalStorageClass terminalStorageClassUpdateTime timeCreated timeDeleted timeFinalized timeStorageClassUpdated
  toggleTime totalBytesRewritten uniformBucketLevelAccess updated version versioning website`.split(/\s+/),
)

const checkNames = (selection: Selection): void => {
  for (const [name, inner] of Object.entries(selection)) {
    if (!KNOWN.has(name)) throw malformed(name)
    if (inner !== true && !OPEN.has(name)) checkNames(inner)
  }
}

interface Reader {
  readonly text: string
  at: number
}

const readList = (reader: Reader): Selection => {
  const list: Record<string, Selection | true> = {}
  for (;;) {
    const [name, inner] = readPath(reader)
    const before = list[name]
    list[name] = before === undefined || before === true || inner === true ? inner : { ...before, ...inner }
    if (reader.text[reader.at] !== ',') return list
    reader.at++
  }
}

const readPath = (reader: Reader): [string, Selection | true] => {
  const name = /^[\w.*-]+/.exec(reader.text.slice(reader.at))?.[0]
  if (name === undefined) throw malformed(reader.text)
  reader.at += name.length
  const next = reader.text[reader.at]
  if (next === '/') {
    reader.at++
    return [name, Object.fromEntries([readPath(reader)])]
  }
  if (next !== '(') return [name, true]
  reader.at++
  const inner = readList(reader)
  if (reader.text[reader.at] !== ')') throw malformed(reader.text)
  reader.at++
  return [name, inner]
}

const apply = (value: JsonValue, selection: Selection | true): JsonValue => {
  if (selection === true) return value
  if (Array.isArray(value)) return value.map((item: JsonValue) => apply(item, selection))
  if (!isJsonObject(value)) return value
  const selected: Record<string, JsonValue> = {}
  for (const [name, member] of Object.entries(value)) {
    const wanted = selection[name] ?? selection['*']
    if (wanted !== undefined) selected[name] = apply(member, wanted)
  }
  return selected
}

const malformed = (fields: string): Error => invalidParameter('fields', `Invalid field selection ${fields}`)
