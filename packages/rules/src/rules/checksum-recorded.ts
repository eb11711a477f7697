import { defineRule, type Evidence, flagOption, numberOption, textsOption } from '@backproof/core/audit'
import { type RecoveryPoint, recoveryPoints } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { isShort, shortVerdict, windowMessages } from '../runs.js'
import { days, isAhead, isoTime } from '../time.js'

/** Recovery points of one kind: how many there are, and the first of them. */
interface Group {
  count: number
  readonly shown: RecoveryPoint[]
}

const SHOWN = 20

const createGroup = (): Group => ({ count: 0, shown: [] })

const add = (group: Group, point: RecoveryPoint): void => {
  group.count += 1
  if (group.shown.length < SHOWN) group.shown.push(point)
}

/** A digest that was made with each recovery point, so that it can be proven later. */
export const checksumRecorded = defineRule({
  id: 'checksum-recorded',
  title: 'A strong digest is recorded with each recovery point',
  description: [
    'Each recovery point that exists has a digest, recorded when it was made, of one of the `algorithms`; the spelling does not matter. Checksums that storage services compute and check (CRC32, CRC32C, CRC64NVME, MD5, SHA-1) count with `allowProviderChecksum`. A digest of digests of parts, as a multipart ETag is, does not count, nor does a value that is no hexadecimal digest of that algorithm.',
    'Recovery points of which nobody tells a digest are `unknown`: it may be recorded elsewhere. Those that are known to be incomplete do not count. Whether digests are kept apart from the data is not known here.',
  ],
  rationale:
    'Without a digest from the time of the backup nobody can say later whether bytes are still those that were backed up.',
  category: 'restore',
  severity: 'medium',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'SI-7; PI1.5', supporting: 'CP-9(1); A.8.13; 312(c)(2)' }),
  remediation: {
    action: 'Write a manifest of digests with each backup, and keep it apart from the data',
    steps: [
      'Have the job compute SHA-256 while it reads, or run `backproof record` at its end',
      'Store the manifest in another place than the backup',
      'Give the digest of each recovery point to the audit (digest in a history file)',
    ],
    effort: 'small',
  },
  messages: {
    recorded: { status: 'pass', text: 'a strong digest is recorded with each of {points} recovery points' },
    weak: {
      status: 'fail',
      text: 'the digests of {weak} of {points} recovery points do not count: that of {id} of {created} is {characters} characters of {algorithm}',
    },
    'not-told': {
      status: 'unknown',
      text: 'of {untold} of {points} recovery points nobody tells a digest, for example {id} of {created}',
    },
    'in-future': {
      status: 'unknown',
      text: '{ahead} of {points} recovery points are dated in the future, for example {id} of {created}: a clock is wrong',
    },
    'history-short': windowMessages['history-short'],
    'no-points': { status: 'unknown', text: 'there is no recovery point of it to judge' },
  },
  options: {
    algorithms: textsOption({
      default: ['SHA-256', 'SHA-512', 'BLAKE3'],
      source: 'audit catalogue',
      description: 'Algorithms whose digests count.',
    }),
    allowProviderChecksum: flagOption({
      default: true,
      source: 'audit catalogue',
      description: 'Whether checksums count that storage services compute and check, though they are weaker.',
    }),
    windowDays: numberOption({
      default: undefined,
      otherwise: 'all that exist',
      min: 1,
      max: 36_525,
      unit: 'days',
      stricter: 'higher',
      source: 'own choice: the oldest one may be the one that is needed',
      description: 'Only recovery points of the last days are asked about.',
    }),
  },
  folds: (fold) => ({
    points: fold(recoveryPoints, {
      init: () => ({ points: 0, weak: createGroup(), untold: createGroup(), ahead: createGroup() }),
      step: (state, point, { now, observedAt, options }) => {
        if (point.complete === false || point.created < beginOf(options, Math.min(now, observedAt))) return state
        state.points += 1
        if (isAhead(point.created, now)) add(state.ahead, point)
        else if ((point.digest ?? undefined) === undefined) add(state.untold, point)
        else if (!counts(point.digest!, options)) add(state.weak, point)
        return state
      },
    }),
  }),
  evaluate: ({ now, options, folds }) => {
    const { points, weak, untold, ahead } = folds.points.value
    if (points === 0) return { message: 'no-points' }
    for (const [message, { count, shown }] of [
      ['weak', weak],
      ['in-future', ahead],
      ['not-told', untold],
    ] as const) {
      const [first] = shown
      if (first === undefined) continue
      const { algorithm = null, value = '' } = first.digest ?? {}
      return {
        message,
        data: {
          points,
          weak: weak.count,
          untold: untold.count,
          ahead: ahead.count,
          ...{ id: first.id, created: isoTime(first.created), algorithm, characters: value.length },
        },
        evidence: shown.map(digestEvidence),
        evidenceOmitted: count - shown.length,
      }
    }
    const begin = beginOf(options, Math.min(now, folds.points.observedAt))
    // Where all are asked about, one before the beginning of the history may be there.
    if (isShort(folds.points, begin)) {
      const from = folds.points.from!
      return shortVerdict(from, Math.max(begin, from - days(36_525)))
    }
    return { message: 'recorded', data: { points } }
  },
})

const beginOf = ({ windowDays }: { readonly windowDays: number | undefined }, until: number): number =>
  windowDays === undefined ? Number.NEGATIVE_INFINITY : until - days(windowDays)

/** What storage services compute and check. */
const PROVIDER: ReadonlySet<string> = new Set(['crc32', 'crc32c', 'crc64nvme', 'md5', 'sha1'])

const plain = (algorithm: string): string => algorithm.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

/** Hexadecimal digits of a whole digest. */
const DIGITS: ReadonlyMap<string, number> = new Map([
  ['crc32', 8],
  ['crc32c', 8],
  ['crc64nvme', 16],
  ['md5', 32],
  ['sha1', 40],
  ['sha256', 64],
  ['sha512', 128],
])

/** Whether it is a whole digest; of other algorithms one of at least 128 bits. That of a multipart upload ends in `-` and a number. */
const isWhole = (name: string, value: string): boolean => {
  const digits = DIGITS.get(name)
  return /^[0-9a-f]+$/i.test(value) && (digits === undefined ? value.length >= 32 : value.length === digits)
}

/** Whether a digest counts. */
const counts = (
  { algorithm, value }: NonNullable<RecoveryPoint['digest']>,
  {
    algorithms,
    allowProviderChecksum,
  }: { readonly algorithms: readonly string[]; readonly allowProviderChecksum: boolean },
): boolean => {
  const name = plain(algorithm)
  const isAccepted = algorithms.some((one) => plain(one) === name) || (allowProviderChecksum && PROVIDER.has(name))
  return isAccepted && isWhole(name, value)
}

const digestEvidence = ({ id, created, digest }: RecoveryPoint): Evidence => ({
  kind: 'recovery-point',
  id,
  at: isoTime(created),
  data: { algorithm: digest?.algorithm ?? null, value: digest?.value ?? null },
})
