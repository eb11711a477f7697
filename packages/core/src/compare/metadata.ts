import { type BackupErrorJson, toBackupError } from '../errors.js'
import type { MetadataDifference, MetadataField, SideName } from '../report/finding.js'
import type { ObjectInfo, ObjectMetadata } from '../source/entry.js'
import { type Judgement, judgeFailure } from './judge.js'

type Found = NonNullable<Judgement>

/**
 * Adds the comparison of attributes to a pair whose contents match. An attribute that differs makes it a mismatch; one
 * that a side does not have, or that could not be read, makes it unproven: contents alone were not what was asked for.
 */
export const judgeMetadata = (
  found: Found,
  fields: readonly MetadataField[],
  names: readonly [SideName, SideName],
  infos: readonly [PromiseSettledResult<ObjectInfo>, PromiseSettledResult<ObjectInfo>],
): Found => {
  for (const [i, info] of infos.entries()) {
    if (info.status === 'rejected') {
      const error: BackupErrorJson = toBackupError(info.reason, { operation: 'stat' }).toJSON()
      return {
        ...judgeFailure(names[i]!, error, 'metadata', []),
        ...(found.sides !== undefined && { sides: found.sides }),
      }
    }
  }
  const [a, b] = infos.map((info) => (info as PromiseFulfilledResult<ObjectInfo>).value.metadata ?? {})
  const differences: MetadataDifference[] = []
  let unknown = false
  for (const field of fields) {
    const x = READ[field](a!)
    const y = READ[field](b!)
    if (x === undefined || y === undefined) {
      unknown = true
      differences.push({ field, source: x ?? 'unknown', replica: y ?? 'unknown' })
    } else if (x !== y) {
      differences.push({ field, source: x, replica: y })
    }
  }
  if (differences.length === 0) return found
  const { grade: _, ...rest } = found
  const onlyUnknown = unknown && differences.every((d) => d.source === 'unknown' || d.replica === 'unknown')
  return { ...rest, outcome: onlyUnknown ? 'unverifiable' : 'mismatch', reason: 'metadata', metadata: differences }
}

const READ: Readonly<Record<MetadataField, (metadata: ObjectMetadata) => string | undefined>> = {
  mode: ({ mode }) => mode?.toString(8).padStart(4, '0'),
  owner: ({ uid, gid }) => (uid === undefined || gid === undefined ? undefined : `${uid}:${gid}`),
  mtime: ({ mtimeNs }) => mtimeNs,
  xattrs: ({ xattrs }) =>
    xattrs === undefined
      ? undefined
      : Object.keys(xattrs)
          .sort()
          .map((name) => `${name}=${xattrs[name]}`)
          .join(' '),
}
