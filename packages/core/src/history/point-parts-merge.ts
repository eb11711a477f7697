import { BackupError } from '../errors.js'
import { compareKeys } from '../source/key.js'
import { addEntropy, meanEntropy } from './point-entropy.js'
import { type PointPart, type PointRules, sameClass } from './point-parts.js'
import type { RecoveryPoint } from './recovery-point.js'

type PointName = Pick<PointPart, 'asset' | 'created' | 'id'>

/** The order of recovery points as histories have it; parts of one point are neighbours. */
export const comparePoints = (a: PointName, b: PointName): number =>
  compareKeys(a.asset, b.asset) || (a.created ?? 0) - (b.created ?? 0) || compareKeys(a.id, b.id)

const PAGE = 1_000

/** Points from sorted parts. */
export async function* mergedPoints(
  pages: AsyncIterable<readonly PointPart[]>,
  rules: PointRules,
): AsyncGenerator<readonly RecoveryPoint[]> {
  let held: PointPart | undefined
  let out: RecoveryPoint[] = []
  for await (const page of pages) {
    for (const part of page) {
      if (held !== undefined && held.id === part.id && held.asset === part.asset) {
        held = mergeParts(held, part)
        continue
      }
      if (held !== undefined) out.push(pointOf(held, rules))
      held = part
      if (out.length < PAGE) continue
      yield out
      out = []
    }
  }
  if (held !== undefined) out.push(pointOf(held, rules))
  if (out.length > 0) yield out
}

const mergeParts = (a: PointPart, b: PointPart): PointPart => {
  const modified = newer(a.modified, b.modified)
  const storageClass = sameClass(a.storageClass, b.storageClass)
  const entropy = addEntropy(a.entropy, b.entropy)
  const duplicateBytes = sumOf(a.duplicateBytes, b.duplicateBytes)
  return {
    ...a,
    objects: a.objects + b.objects,
    bytes: a.bytes + b.bytes,
    unsized: a.unsized || b.unsized,
    marked: a.marked || b.marked,
    ...(modified !== undefined && { modified }),
    ...(storageClass !== undefined && { storageClass }),
    ...(entropy !== undefined && { entropy }),
    ...(duplicateBytes !== undefined && { duplicateBytes }),
  }
}

/** Known where both are. */
const sumOf = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b

const newer = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)

const pointOf = (part: PointPart, { store, complete, details, uri }: PointRules): RecoveryPoint => {
  const { id, asset, objects, bytes, unsized, marked, storageClass, entropy, duplicateBytes } = part
  const created = part.created ?? part.modified
  if (created === undefined) {
    throw new BackupError({
      code: 'unsupported',
      operation: 'list',
      subject: uri,
      message: `${uri} does not say when ${id} was written, and the pattern has no date; give a pattern with {date:YYYY-MM-DD}.`,
    })
  }
  const point: RecoveryPoint = {
    id,
    asset,
    created,
    uri: id,
    // A marker alone vouches for nothing.
    complete: complete === undefined ? null : marked && objects > 0,
    bytes: unsized ? null : bytes,
    objects,
    ...(store !== undefined && { store }),
    ...(storageClass !== undefined && { storageClass }),
    ...(entropy !== undefined && { entropy: meanEntropy(entropy), entropyBytes: entropy.bytes }),
    ...(duplicateBytes !== undefined && { duplicateBytes }),
  }
  return details === undefined ? point : { ...point, ...details(point), id, asset, created }
}
