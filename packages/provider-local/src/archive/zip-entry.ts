import { constants } from 'node:fs'
import type { BackupErrorJson } from '@backproof/core/errors'
import type { ObjectInfo, ObjectMetadata } from '@backproof/core/source'
import { localError } from '../errors.js'
import { entryName, nameFields } from './entry-name.js'
import { DEFLATED, STORED } from './zip-body.js'
import type { ZipRecord } from './zip-directory.js'
import { zipName } from './zip-name.js'

/** An entry as the directory tells it; of a symbolic link the target is still to be read. */
export type ZipEntry = ObjectInfo

const UNIX_HOSTS: ReadonlySet<number> = new Set([3, 19])
/** Encrypted bytes, and an encrypted directory. */
const ENCRYPTED = 0x0001 | 0x2000

/** The entry of a record; `undefined` for a directory. `number` counts records. */
export const zipEntry = (record: ZipRecord, number: number): ZipEntry | undefined => {
  const written = zipName(record)
  const mode = UNIX_HOSTS.has(record.host) ? record.attributes >>> 16 : 0
  const type = mode & constants.S_IFMT
  const isDirectory =
    written.endsWith('/') || type === constants.S_IFDIR || (type === 0 && (record.attributes & 0x10) !== 0)
  if (isDirectory && record.size === 0) return undefined
  const name = entryName(written)
  const metadata = metadataOf(record, mode)
  const problem = name.problem ?? problemOf(record, name.key, isDirectory)
  const base = {
    ...nameFields(name),
    ref: { entry: number },
    ...(metadata.mtimeNs !== undefined && { modified: Number(metadata.mtimeNs) / 1e6 }),
    metadata,
    ...(problem !== undefined && { problem }),
  }
  if (type === constants.S_IFLNK) return { ...base, kind: 'symlink' }
  if (type !== 0 && type !== constants.S_IFREG) return { ...base, kind: 'special' }
  // `claimed`: whoever wrote the archive stated it, and nothing has checked it since. Reading the body does.
  const value = record.crc32.toString(16).padStart(8, '0')
  return { ...base, kind: 'object', size: record.size, digests: [{ algorithm: 'crc32', value, provenance: 'claimed' }] }
}

const problemOf = (record: ZipRecord, key: string, isDirectory: boolean): BackupErrorJson | undefined => {
  const unsupported = (what: string): BackupErrorJson =>
    localError('unsupported', 'scan', key, `The archive holds it ${what}.`).toJSON()
  if (isDirectory) return unsupported('as a directory with bytes, which no tool makes')
  if ((record.flags & ENCRYPTED) !== 0)
    return unsupported('encrypted; unpack it by a tool that has the password, and compare that')
  if (record.method === STORED || record.method === DEFLATED) return undefined
  const method = METHODS[record.method] ?? `method ${record.method}`
  return unsupported(`packed by ${method}, which is not read; pack it by deflate (zip -Z deflate)`)
}

const METHODS: Readonly<Record<number, string>> = {
  1: 'shrink',
  6: 'implode',
  9: 'deflate64',
  12: 'bzip2',
  14: 'LZMA',
  20: 'zstd',
  93: 'zstd',
  95: 'xz',
  98: 'PPMd',
  99: 'AES encryption',
}

/**
 * Times only where they are told in UTC, by Info-ZIP's field 0x5455 or NTFS's 0x000a: the time of DOS has no zone. Owners
 * from 0x7875.
 */
const metadataOf = ({ extra }: ZipRecord, mode: number): ObjectMetadata => {
  const mtimeNs = unixTime(extra.get(0x5455)) ?? ntfsTime(extra.get(0x000a))
  return {
    ...(mode !== 0 && { mode: mode & 0o7777 }),
    ...ownersOf(extra.get(0x7875)),
    ...(mtimeNs !== undefined && { mtimeNs: String(mtimeNs) }),
  }
}

const unixTime = (field: Buffer | undefined): bigint | undefined =>
  field !== undefined && field.length >= 5 && (field[0]! & 1) !== 0
    ? BigInt(field.readInt32LE(1)) * 1_000_000_000n
    : undefined

/** 100 ns since 1601, after 4 reserved bytes and the tag 1 with its length. */
const ntfsTime = (field: Buffer | undefined): bigint | undefined =>
  field !== undefined && field.length >= 16 && field.readUInt16LE(4) === 1
    ? (field.readBigInt64LE(8) - 116_444_736_000_000_000n) * 100n
    : undefined

const ownersOf = (field: Buffer | undefined): Pick<ObjectMetadata, 'uid' | 'gid'> => {
  if (field === undefined || field.length < 3 || field[0] !== 1) return {}
  const uidLength = field[1]!
  const gidLength = field[2 + uidLength]
  if (gidLength === undefined || uidLength < 1 || uidLength > 6 || gidLength < 1 || gidLength > 6) return {}
  if (field.length < 3 + uidLength + gidLength) return {}
  return { uid: field.readUIntLE(2, uidLength), gid: field.readUIntLE(3 + uidLength, gidLength) }
}
