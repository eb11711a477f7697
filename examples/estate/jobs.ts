import type { JobRun } from '@backproof/core/history'
import { DAY, dateOf, dayOf, HOUR, isSunday, MINUTE, NOW, startsOf } from './calendar.js'
import { ASSETS, type Asset, PLANS, type Plan } from './company.js'
import type { Faults } from './faults.js'
import { about, randomFrom } from './random.js'

/** What becomes of a planned start. */
type Mishap =
  | 'missed'
  /** It failed, and was repeated in the same night. */
  | {
      readonly error: { readonly code: string; readonly message: string }
      readonly repeated: boolean
      readonly silent?: boolean
    }

/** Plans with their nights: the same in every estate. */
const TIMETABLE = new Map(
  PLANS.map((plan) => [plan.id, { plan, nights: startsOf(plan).map((start) => ({ start, date: dateOf(start) })) }]),
)

/** Every system had one bad night, in winter or spring. */
const BAD_NIGHTS = new Map(ASSETS.map(({ id }, number) => [id, dateOf(dayOf('2026-01-12') + 13 * number * DAY)]))

/** A year of runs, by asset, plan and time. */
export const jobsOf = (faults: Faults): readonly JobRun[] =>
  ASSETS.flatMap((asset) =>
    asset.plans.flatMap((id) => {
      const { plan, nights } = TIMETABLE.get(id)!
      return nights.flatMap(({ start, date }, i) =>
        runsOf({ asset, plan, start, date, left: nights.length - 1 - i }, faults),
      )
    }),
  )

interface Night {
  readonly asset: Asset
  readonly plan: Plan
  readonly start: number
  readonly date: string
  /** Nights of the plan that follow: 0, it is the last one. */
  readonly left: number
}

const TIMEOUT = { code: 'TIMEOUT', message: 'the server did not answer within 600 s' }
const FULL = { code: 'NO_SPACE', message: 'no space left on the disk of the client' }
const SNAPSHOT = { code: 'SNAPSHOT_FAILED', message: 'the snapshot of the volume could not be made' }

const mishapOf = ({ asset: { id }, plan, date, left }: Night, faults: Faults): Mishap | undefined => {
  const isNightly = plan.id !== 'weekly-full'
  const on = (...dates: readonly string[]): boolean => isNightly && dates.includes(date)
  if (on(BAD_NIGHTS.get(id) ?? '')) return { error: TIMEOUT, repeated: true }
  if (faults.has('missed-runs') && id === 'hr-records' && on('2026-10-20', '2026-10-21')) return 'missed'
  if (faults.has('low-success-rate') && id === 'wiki') {
    if (on('2026-10-12')) return { error: TIMEOUT, repeated: true }
    if (on('2026-10-19')) return { error: FULL, repeated: true }
  }
  if (faults.has('recurring-error') && id === 'mail' && on('2026-10-06', '2026-10-13', '2026-10-20'))
    return { error: TIMEOUT, repeated: true }
  if (faults.has('silent-failure') && id === 'shop-database' && on('2026-10-15'))
    return { error: FULL, repeated: true, silent: true }
  if (faults.has('three-failures') && id === 'source-code' && !isNightly && left < 3)
    return { error: SNAPSHOT, repeated: false }
  return undefined
}

const runsOf = (night: Night, faults: Faults): readonly JobRun[] => {
  const mishap = mishapOf(night, faults)
  if (mishap === 'missed') return []
  const id = `${night.asset.id}-${night.plan.id}-${night.date}`
  if (mishap === undefined) return [goodRun(id, night, faults)]
  const random = randomFrom(`${id}-failed`)
  const start = Math.round(night.start + about(2 * MINUTE, 0.5, random))
  const end = Math.round(start + about(15 * MINUTE, 0.3, random))
  const failed: JobRun = {
    id,
    asset: night.asset.id,
    plan: night.plan.id,
    system: night.plan.system,
    kind: kindOf(night.plan, night.start, faults),
    start,
    end,
    status: 'failed',
    error: mishap.error,
    ...(mishap.silent !== true && { alertedAt: end + 4 * MINUTE }),
  }
  return mishap.repeated ? [failed, goodRun(`${id}-again`, { ...night, start: night.start + HOUR }, faults)] : [failed]
}

const kindOf = ({ kind }: Plan, start: number, faults: Faults): 'full' | 'incremental' => {
  if (kind !== 'rotating') return kind
  if (faults.has('endless-chain') && start > dayOf('2026-09-30')) return 'incremental'
  return isSunday(start + DAY) ? 'full' : 'incremental'
}

/** A run that succeeded, of a size and a length as they are usual, and what faults make of it. */
const goodRun = (id: string, night: Night, faults: Faults): JobRun => {
  const { asset, plan, left } = night
  const random = randomFrom(id)
  const kind = kindOf(plan, night.start, faults)
  const isFull = kind === 'full'
  // It grew by a tenth in the year.
  const grown = 1 + (night.start - NOW) / (3_650 * DAY)
  const share = isFull ? about(1, 0.01, random) : about(asset.change, 0.15, random)
  const effect = effectOf(night, faults)
  const bytes = Math.round(asset.bytes * grown * share * effect.size)
  const rate = isFull && (plan.sundays === true || plan.kind === 'rotating') ? asset.fullRate : asset.rate
  const start = Math.round(night.start + about(2 * MINUTE, 0.5, random))
  const length = about((bytes / rate) * 1_000 + 90_000, 0.04, random) * effect.length + effect.extra
  const items = Math.round(asset.items * grown * (isFull ? effect.size : 1))
  const changed = Math.min(0.9, about(asset.change, 0.1, random) * effect.change)
  return {
    id,
    asset: asset.id,
    plan: plan.id,
    system: plan.system,
    kind,
    start,
    end: Math.round(start + length),
    status: 'success',
    bytesProcessed: bytes,
    bytesTransferred: Math.round(bytes * (effect.entropy > 0 ? 0.99 : 0.6)),
    items,
    changedItems: Math.round(items * changed),
    skippedItems: faults.has('skipped-items') && plan.id === 'nightly-branch' && left === 0 ? OPEN_FILES : NO_ITEMS,
    entropy: Math.round(1_000 * (about(5.4, 0.01, random) + effect.entropy)) / 1_000,
    encrypted: true,
    recoveryPoint: `${id}-${asset.stores[0]}`,
  }
}

const NO_ITEMS = { count: 0 }
const OPEN_FILES = { count: 14, paths: ['/orders/open.xlsx', '/orders/prices.xlsx'] }

interface Effect {
  /** Factors. */
  readonly size: number
  readonly length: number
  readonly change: number
  /** Milliseconds. */
  readonly extra: number
  /** Bits per byte. */
  readonly entropy: number
}

const USUAL: Effect = { size: 1, length: 1, change: 1, extra: 0, entropy: 0 }

const effectOf = ({ asset: { id }, plan, start, date, left }: Night, faults: Faults): Effect => {
  const isLast = left === 0
  if (plan.id === 'weekly-full') return USUAL
  if (faults.has('slow-drift') && id === 'mail') {
    const days = Math.max(0, (start - dayOf('2026-08-01')) / DAY)
    return { ...USUAL, length: 1 + 0.0068 * days }
  }
  if (faults.has('shrinking-backup') && id === 'shop-database' && isLast) return { ...USUAL, size: 0.55 }
  if (faults.has('encrypted-by-malware') && id === 'file-share' && isLast)
    return { ...USUAL, size: 8, change: 80, entropy: 2.55 }
  if (faults.has('outside-window') && id === 'vm-images' && date === '2026-10-14') return { ...USUAL, extra: 9 * HOUR }
  return USUAL
}
