import { defineRule, flagOption, numberOption } from '@backproof/core/audit'
import { type RecoveryPoint, recoveryPoints } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { doubtOfNewest, foldNewest, newestPointMessages, sampleOfNewest } from '../recovery-points/newest.js'
import { isoTime } from '../time.js'

/** Backups that compress are compressed. */
export const compressionEffective = defineRule({
  id: 'compression-effective',
  title: 'Backups that compress are compressed',
  description: [
    'Over the newest `sample` recovery points of the asset. The entropy H of the stored bytes, in bits per byte, bounds from below what compression saves: bytes x (1 - H / 8), which a code for single bytes comes to (Shannon). Where a recovery point is of several objects, H is their mean by size, and this is what a code for each object comes to; the entropy of all their bytes together is no less than that mean. It fails where the sum of these bounds is more than `minGainPercent` of all bytes. Compression that sees repeated words saves more than that.',
    'An entropy far from 8 bits therefore shows that something can be saved, as far as samples speak for all bytes; one in between does not say how much. It passes only where what may still be saved is no more than `minGainPercent` of all bytes: of recovery points with at least `denseEntropy` their bound, of all others everything, and everything of bytes whose entropy nobody knows. A mean hides a little: of bytes with 7.9 bits on average, objects of 7 bits and less hold a tenth at most. Encrypted bytes are dense whether or not they were compressed before: they count as such only with `acceptEncrypted`, and where a recovery point does not say whether it is encrypted, it may be.',
  ],
  rationale:
    'Text, databases and images of machines shrink to half or less. What is stored raw costs space, network and time in each backup and each restore.',
  category: 'capacity',
  severity: 'low',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ supporting: 'A1.1' }),
  remediation: {
    action: 'Switch on compression in the backup job, before encryption',
    effort: 'small',
  },
  messages: {
    dense: {
      status: 'pass',
      text: 'of {bytes} bytes in {points} recovery points at most {percent} % can still be saved by compression, as far as their entropy tells; {minGainPercent} % would matter',
    },
    compressible: {
      status: 'fail',
      text: 'of {bytes} bytes in {points} recovery points at least {percent} % can be saved by compression, more than {minGainPercent} %',
    },
    between: {
      status: 'unknown',
      text: 'of {bytes} bytes in {points} recovery points compression saves at least {percent} %; their entropy does not say how much more',
    },
    encrypted: {
      status: 'unknown',
      text: 'of {bytes} bytes in {points} recovery points {hidden} are dense, and encrypted, or may be: whether they were compressed before does not show',
    },
    'not-measured': {
      status: 'unknown',
      text: 'of {points} recovery points {untold} do not tell their size and the entropy of all their bytes',
    },
    ...newestPointMessages,
  },
  options: {
    sample: numberOption({
      default: 50,
      min: 1,
      max: 1_000,
      unit: 'recovery points',
      stricter: 'higher',
      source: 'audit catalogue',
      description: 'So many of the newest are looked at.',
    }),
    minGainPercent: numberOption({
      default: 20,
      max: 100,
      unit: 'percent',
      stricter: 'lower',
      source: 'audit catalogue',
      description: 'What compression may save without being worth it.',
    }),
    denseEntropy: numberOption({
      default: 7.9,
      min: 4,
      max: 8,
      step: 0.01,
      unit: 'bits per byte',
      stricter: 'higher',
      source: 'measured: what gzip and Brotli make of text, code and programs of 64 KB and more has 7.98 at least',
      description: 'From this entropy on bytes count as compressed.',
    }),
    acceptEncrypted: flagOption({
      default: false,
      source: 'own choice: encryption hides whether anything was compressed before',
      description: 'Whether dense bytes that are encrypted, or may be, count as compressed.',
    }),
  },
  folds: (fold) => ({
    points: fold(
      recoveryPoints,
      foldNewest((point) => measureOf(point)),
    ),
  }),
  evaluate: ({ folds: { points }, options }) => {
    const { sample, minGainPercent, denseEntropy, acceptEncrypted } = options
    const newest = points.value.kept.items()
    const doubt = doubtOfNewest(points, sample)
    if (newest.length === 0) return doubt ?? { message: 'no-points' }
    let [bytes, saved, mayBe, hidden, open, untold] = [0, 0, 0, 0, 0, 0]
    for (const { bytes: size, entropy, entropyBytes, encrypted } of newest) {
      bytes += size ?? 0
      if (size === null || (entropy === null && size > 0)) {
        untold += 1
        open += size ?? Number.POSITIVE_INFINITY
        continue
      }
      const measured = measuredOf(size, entropyBytes)
      if (measured < size) untold += 1
      open += size - measured
      const bound = measured * (1 - (entropy ?? 8) / 8)
      saved += bound
      const isDense = (entropy ?? 8) >= denseEntropy
      if (isDense && measured > 0 && encrypted !== false && !acceptEncrypted) hidden += measured
      else mayBe += isDense ? bound : measured
    }
    const limit = (bytes * minGainPercent) / 100
    const told = { points: newest.length, bytes, minGainPercent }
    const data = { ...told, saved: Math.floor(saved), percent: percentDown(saved, bytes) }
    const evidence = [...newest]
      .sort((a, b) => boundOf(b) - boundOf(a))
      .map(({ id, created, ...measured }) => ({ kind: 'recovery-point', id, at: isoTime(created), data: measured }))
    const of = { evidence, ...sampleOfNewest(points.value, sample) }
    if (saved > limit) return { message: 'compressible', data, ...of }
    if (doubt !== undefined) return doubt
    const most = mayBe + hidden + open
    if (bytes > 0 && most <= limit) {
      return { message: 'dense', data: { ...told, percent: percentUp(most, bytes) }, ...of }
    }
    if (untold > 0 || bytes === 0) return { message: 'not-measured', data: { ...told, untold } }
    if (mayBe <= limit) return { message: 'encrypted', data: { ...told, hidden } }
    return { message: 'between', data, ...of }
  },
})

interface Measured {
  readonly id: string
  readonly created: number
  readonly bytes: number | null
  readonly entropy: number | null
  /** Of `bytes`, those that it speaks of; left out: all. */
  readonly entropyBytes?: number | null
  readonly encrypted: boolean | null
}

const measureOf = ({ id, created, bytes, entropy, entropyBytes, encrypted }: RecoveryPoint): Measured => ({
  id,
  created,
  bytes: isAmount(bytes) ? bytes : null,
  entropy: isAmount(entropy) && entropy <= 8 ? entropy : null,
  ...(entropyBytes !== undefined && { entropyBytes: isAmount(entropyBytes) ? entropyBytes : null }),
  encrypted: encrypted ?? null,
})

const isAmount = (value: number | null | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0

/** What it saves at least; of one that is not measured nothing is known. */
const boundOf = ({ bytes, entropy, entropyBytes }: Measured): number =>
  measuredOf(bytes ?? 0, entropyBytes) * (1 - (entropy ?? 8) / 8)

const measuredOf = (bytes: number, entropyBytes: number | null | undefined): number =>
  entropyBytes === undefined ? bytes : Math.min(entropyBytes ?? 0, bytes)

const percentDown = (part: number, whole: number): number => (whole === 0 ? 0 : Math.floor((part * 1_000) / whole) / 10)
const percentUp = (part: number, whole: number): number => (whole === 0 ? 0 : Math.ceil((part * 1_000) / whole) / 10)
