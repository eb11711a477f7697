import { type AlertRoute, type Asset, matchesPattern, type Policy } from '@backproof/core/audit'
import { channelsOf } from './governance/channels.js'
import { isCurrent } from './governance/dates.js'

/** Something that somebody has to be told. */
export interface AlertNeed {
  readonly on: 'failed' | 'missed'
  /** Id of the plan; absent for an asset without plans. */
  readonly plan: string | undefined
}

/** Who is told of it. */
export interface AlertCover extends AlertNeed {
  /** Routes that lead anywhere at all, in the order of the policy. */
  readonly routes: readonly AlertRoute[]
  /** Different channels that they end in. */
  readonly channels: number
  /** Those of them that a test alert reached in time. */
  readonly tested: number
}

/** What has to be alerted: that a run failed, and where there is a schedule, that one did not happen. */
export const alertNeeds = (asset: Asset | undefined): readonly AlertNeed[] => {
  const plans = asset?.plans ?? []
  if (plans.length === 0) return (['failed', 'missed'] as const).map((on) => ({ on, plan: undefined }))
  return plans.flatMap(({ id, schedules }) => [
    { on: 'failed', plan: id },
    ...(schedules.length > 0 ? [{ on: 'missed', plan: id } as const] : []),
  ])
}

/** @param maxAge Milliseconds after which a test alert is too old. */
export const alertCover = (
  { alerts, contacts }: Pick<Policy, 'alerts' | 'contacts'>,
  asset: string,
  need: AlertNeed,
  { now, maxAge }: { readonly now: number; readonly maxAge: number },
): AlertCover => {
  const routes = alerts.filter((route) => isCovered(route, asset, need))
  const tested = routes.filter((route) => isTested(route, now, maxAge))
  return {
    ...need,
    routes,
    channels: channelsOf(told(routes), contacts).size,
    tested: channelsOf(told(tested), contacts).size,
  }
}

/** Whether a test alert arrived in time. One that is yet to arrive did not. */
export const isTested = ({ tested }: AlertRoute, now: number, maxAge: number): boolean => isCurrent(tested, now, maxAge)

/** A route for some plans only does not cover an asset that has none. */
const isCovered = ({ on, assets, plans }: AlertRoute, asset: string, need: AlertNeed): boolean =>
  on.includes(need.on) &&
  (assets === undefined || assets.some((pattern) => matchesPattern(pattern, asset))) &&
  (plans === undefined ||
    (need.plan !== undefined && plans.some((pattern) => matchesPattern(pattern, need.plan ?? ''))))

const told = (routes: readonly AlertRoute[]): readonly string[] => routes.flatMap(({ to }) => to)
