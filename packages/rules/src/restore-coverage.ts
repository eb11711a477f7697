import type { Asset, FoldContext, FoldedFact } from '@backproof/core/audit'
import type { Drill, RecoveryPoint } from '@backproof/core/history'
import { isDrillAhead, resultOf } from './drills.js'
import { CLOCK_SKEW, isAhead } from './time.js'

/** What is remembered of the restore tests of one asset, within the longest period that is asked about. */
export interface AssetTest {
  /** Start of the newest that succeeded. */
  tested?: number
  /** Start of the newest of which nobody can say whether it succeeded. */
  open?: number
  /** The oldest recovery point that one of those that succeeded brought back. */
  point?: { readonly created: number; readonly drill: string; readonly started: number }
  /** One that succeeded does not say how old its recovery point was. */
  pointUnknown?: boolean
}

/** One entry for each asset, at most {@link MOST_ASSETS}. */
export interface ByAsset<T> {
  readonly assets: Map<string, T>
  /** There are more assets than are remembered. */
  full: boolean
}

/** Assets that are remembered: what a history names must not fill the memory. Enough for any policy that is read as one file. */
export const MOST_ASSETS = 100_000

const entryOf = <T>(state: ByAsset<T>, asset: string, first: () => T): T | undefined => {
  const known = state.assets.get(asset)
  if (known !== undefined) return known
  if (state.assets.size >= MOST_ASSETS) {
    state.full = true
    return undefined
  }
  const made = first()
  state.assets.set(asset, made)
  return made
}

/**
 * Parts of a fold over the restore tests of the whole estate.
 *
 * @param period Milliseconds: the longest time that is asked about.
 */
export const assetTests = (
  period: number,
): {
  init: () => ByAsset<AssetTest>
  step: (state: ByAsset<AssetTest>, drill: Drill, context: FoldContext<unknown>) => ByAsset<AssetTest>
} => ({
  init: () => ({ assets: new Map(), full: false }),
  step: (state, drill, { now, observedAt }) => {
    if (drill.started < Math.min(observedAt, now) - period) return state
    const ahead = isDrillAhead(drill, now)
    const result = resultOf(drill)
    const open = ahead || result === 'unknown' || result === 'validating'
    if (!open && result !== 'restored') return state
    const entry = entryOf<AssetTest>(state, drill.asset, () => ({}))
    if (entry === undefined) return state
    if (open) entry.open = drill.started
    else {
      entry.tested = drill.started
      const created = drill.recoveryPointCreated
      if (created === undefined || created === null) entry.pointUnknown = true
      else if (entry.point === undefined || created < entry.point.created)
        entry.point = { created, drill: drill.id, started: drill.started }
    }
    return state
  },
})

/** The oldest recovery point of each asset that is not known to be incomplete, or dated in the future. Parts of a fold over those of the whole estate. */
export const oldestPoints = {
  init: (): ByAsset<OldPoint> => ({ assets: new Map(), full: false }),
  step: (
    state: ByAsset<OldPoint>,
    { complete, id, asset, created }: RecoveryPoint,
    { now }: Pick<FoldContext, 'now'>,
  ): ByAsset<OldPoint> => {
    if (complete !== false && !isAhead(created, now)) entryOf(state, asset, () => ({ id, asset, created }))
    return state
  },
}

export type OldPoint = Pick<RecoveryPoint, 'id' | 'asset' | 'created'>

export interface CoverageInput {
  readonly assets: readonly Asset[]
  readonly tests: FoldedFact<ByAsset<AssetTest>>
  /** The clock of the audit: what is young enough then passes. */
  readonly now: number
  /** Until when restore tests are known: what was too old already then fails. */
  readonly until: number
}

/** How many assets were restored within a period. */
export interface TestedShare {
  /** Assets that count. */
  readonly assets: number
  readonly tested: number
  /** How many may have been tested at most: more than `tested` where something is not known. */
  readonly perhaps: number
  /** Why, in words; empty where all is known. */
  readonly reason: string
  /** Ids, in order. */
  readonly untested: readonly string[]
}

export const shareTested = ({ assets, tests, now, until }: CoverageInput, period: number): TestedShare => {
  const start = until - period
  const entries = tests.value.assets
  const isTested = (id: string): boolean => (entries.get(id)?.tested ?? -Infinity) >= now - period
  const due = assets.filter(({ id, since }) => isTested(id) || since === undefined || since <= now - period)
  const untested = due.flatMap(({ id }) => (isTested(id) ? [] : [id])).sort()
  const tested = due.length - untested.length
  const all = { assets: due.length, tested, untested }
  if (tests.value.full) return { ...all, perhaps: due.length, reason: 'more assets were restored than are remembered' }
  if (tests.from !== undefined && tests.from > start)
    return { ...all, perhaps: due.length, reason: 'the history of restore tests begins later' }
  const begun = new Map(due.map(({ id, since = -Infinity }) => [id, since]))
  const isOpen = (id: string): boolean => {
    const { tested: last = -Infinity, open: newest = -Infinity } = entries.get(id) ?? {}
    // It became overdue after the history had ended.
    return Math.max(last, newest) >= start || begun.get(id)! > start
  }
  const open = untested.filter(isOpen).length
  const reason = open === 0 ? '' : `of ${open} nobody can say`
  return { ...all, perhaps: tested + open, reason }
}

/** The oldest recovery point that exists, and what was restored of that age. */
export interface OldestTested {
  readonly oldest?: OldPoint | undefined
  /** The restore test that reached furthest back. */
  readonly by?: (NonNullable<AssetTest['point']> & { readonly asset: string }) | undefined
  /** Whether it reached the oldest. */
  readonly reached: boolean
  /** Why it cannot be said, in words; empty where it can. */
  readonly reason: string
}

export const oldestTested = (
  { assets, tests, now, until }: CoverageInput,
  period: number,
  points: FoldedFact<ByAsset<OldPoint>>,
): OldestTested => {
  let oldest: OldPoint | undefined
  let by: OldestTested['by']
  let open: string | undefined
  for (const id of assets.map((asset) => asset.id).sort()) {
    const point = points.value.assets.get(id)
    if (point !== undefined && (oldest === undefined || point.created < oldest.created)) oldest = point
    const test = tests.value.assets.get(id)
    if (test?.point !== undefined && (by === undefined || test.point.created < by.created))
      by = { ...test.point, asset: id }
    if (test?.pointUnknown === true || test?.open !== undefined) open ??= id
  }
  if (oldest === undefined) return { reached: false, reason: 'no recovery point of an asset of the policy is known' }
  // Two systems write down the moment of one recovery point.
  if (by !== undefined && by.created <= oldest.created + CLOCK_SKEW) {
    const older = points.value.full || points.from !== undefined
    const late = by.started < now - period ? 'the history of restore tests ends before that became too long ago' : ''
    return {
      oldest,
      by,
      reached: true,
      reason: older ? 'there may be older ones than the history of recovery points tells of' : late,
    }
  }
  if (tests.value.full || (tests.from !== undefined && tests.from > until - period))
    return { oldest, by, reached: false, reason: 'not all restore tests of that time are known' }
  const reason =
    open === undefined ? '' : `restore tests, for example of ${open}, do not say what they restored, or how they ended`
  return { oldest, by, reached: false, reason }
}
