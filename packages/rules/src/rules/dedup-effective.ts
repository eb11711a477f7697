import { defineRule, numberOption } from '@backproof/core/audit'
import { type RecoveryPoint, recoveryPoints } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { doubtOfNewest, foldNewest, newestPointMessages, sampleOfNewest } from '../recovery-points/newest.js'
import { isoTime } from '../time.js'

/** Backups do not store the same content again and again. */
export const dedupEffective = defineRule({
  id: 'dedup-effective',
  title: 'Backups do not store the same content again and again',
  description: [
    'Over the newest `sample` recovery points of the asset: the share of bytes that repeat what the same or an older recovery point of the store holds already (`duplicateBytes`, by the digests of objects). Of a recovery point that does not tell that, all bytes repeat where an older one in the same store has the same digest and size; else nothing is known of it. It fails where more than `maxDuplicatePercent` of all bytes are known to repeat, and passes where no more than that could, counting all of what is not known.',
    'Digests are of whole objects: what repeats within objects that differ elsewhere does not show. Where the store itself keeps equal content once, tell the bytes that it keeps.',
  ],
  rationale:
    'What is stored twice costs twice, in space, network and the time that checks take, and protects from nothing: both lie in one place.',
  category: 'capacity',
  severity: 'low',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ supporting: 'A1.1' }),
  remediation: {
    action: 'Switch on deduplication, or make incremental backups in place of full ones',
    effort: 'medium',
  },
  messages: {
    'little-repeats': {
      status: 'pass',
      text: 'of {bytes} bytes in {points} recovery points at most {percent} % repeat; up to {maxDuplicatePercent} % are allowed',
    },
    repeats: {
      status: 'fail',
      text: 'of {bytes} bytes in {points} recovery points at least {percent} % repeat what the store holds already; up to {maxDuplicatePercent} % are allowed',
    },
    'not-measured': {
      status: 'unknown',
      text: 'of {points} recovery points {untold} do not tell their size and how much of it repeats',
    },
    ...newestPointMessages,
  },
  options: {
    sample: numberOption({
      default: 200,
      min: 1,
      max: 1_000,
      unit: 'recovery points',
      stricter: 'higher',
      source: 'own choice: half a year of daily backups',
      description: 'So many of the newest are looked at.',
    }),
    maxDuplicatePercent: numberOption({
      default: 20,
      max: 100,
      unit: 'percent',
      stricter: 'lower',
      source: 'audit catalogue',
      description: 'So much of what is stored may repeat.',
    }),
  },
  folds: (fold) => ({
    points: fold(
      recoveryPoints,
      foldNewest((point) => storedOf(point)),
    ),
  }),
  evaluate: ({ folds: { points }, options: { sample, maxDuplicatePercent } }) => {
    const newest = withRepeated(points.value.kept.items())
    const doubt = doubtOfNewest(points, sample)
    if (newest.length === 0) return doubt ?? { message: 'no-points' }
    let [bytes, repeated, open, untold] = [0, 0, 0, 0]
    for (const { bytes: size, repeated: again } of newest) {
      bytes += size ?? 0
      repeated += again ?? 0
      if (again === null) {
        untold += 1
        open += size ?? Number.POSITIVE_INFINITY
      }
    }
    const told = { points: newest.length, bytes, maxDuplicatePercent }
    const limit = (bytes * maxDuplicatePercent) / 100
    const evidence = [...newest]
      .sort((a, b) => (b.repeated ?? 0) - (a.repeated ?? 0))
      .map(({ id, created, bytes: size, repeated: again }) => ({
        kind: 'recovery-point',
        id,
        at: isoTime(created),
        data: { bytes: size, repeated: again },
      }))
    const of = { evidence, ...sampleOfNewest(points.value, sample) }
    if (repeated > limit) {
      const percent = Math.floor((repeated * 1_000) / bytes) / 10
      return { message: 'repeats', data: { ...told, repeated, percent }, ...of }
    }
    if (doubt !== undefined) return doubt
    const most = repeated + open
    if (bytes === 0 || most > limit) return { message: 'not-measured', data: { ...told, untold } }
    return { message: 'little-repeats', data: { ...told, percent: Math.ceil((most * 1_000) / bytes) / 10 }, ...of }
  },
})

interface Stored {
  readonly id: string
  readonly created: number
  readonly bytes: number | null
  /** `null`: it does not tell. */
  readonly duplicateBytes: number | null
  /** Store, size and digest, where it tells all three. */
  readonly content: string | null
}

const storedOf = ({ id, created, bytes, duplicateBytes, digest, store }: RecoveryPoint): Stored => {
  const size = isAmount(bytes) ? bytes : null
  const tells = size !== null && digest !== undefined && digest !== null && isProof(digest) && typeof store === 'string'
  return {
    id,
    created,
    bytes: size,
    duplicateBytes: isAmount(duplicateBytes) ? duplicateBytes : null,
    content: tells ? JSON.stringify([store, size, digest.algorithm, digest.value]) : null,
  }
}

/** Checksums against errors of transmission, such as CRCs, are equal by chance. */
const isProof = ({ algorithm }: NonNullable<RecoveryPoint['digest']>): boolean => /^(?:sha|md5|blake)/i.test(algorithm)

/** Bytes of each that repeat; `null` where nobody can say. Oldest first. */
const withRepeated = (points: readonly Stored[]): readonly (Stored & { readonly repeated: number | null })[] => {
  const seen = new Set<string>()
  return points.map((point) => {
    const { bytes, duplicateBytes, content } = point
    const isAgain = content !== null && seen.has(content)
    if (content !== null) seen.add(content)
    if (bytes === null) return { ...point, repeated: null }
    if (bytes === 0) return { ...point, repeated: 0 }
    if (duplicateBytes !== null) return { ...point, repeated: Math.min(duplicateBytes, bytes) }
    return { ...point, repeated: isAgain ? bytes : null }
  })
}

const isAmount = (value: number | null | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
