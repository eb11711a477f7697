import { createHash } from 'node:crypto'
import type { JobRun, RecoveryPoint } from '@backproof/core/history'
import { DAY, dateOf, dayOf, HOUR, isSunday, NOW } from './calendar.js'
import { ASSETS, type Asset, keepingOf } from './company.js'
import type { Faults } from './faults.js'

/** Recovery points that exist: what runs made, in each store of the asset, less what its retention has removed. */
export const pointsOf = (jobs: readonly JobRun[], faults: Faults): readonly RecoveryPoint[] => {
  const assets = new Map(ASSETS.map((asset) => [asset.id, asset]))
  const made = jobs.flatMap((run) => {
    const asset = assets.get(run.asset)
    return run.status === 'success' && asset !== undefined ? [{ run, asset }] : []
  })
  return made.flatMap(({ run, asset }) => {
    const days = keptDays(run, asset, faults)
    const expires = run.start + days * DAY
    if (isGone(run, expires, faults)) return []
    return storesOf(asset, faults).map((store, copy) => pointOf({ run, asset, store, copy, expires }, faults))
  })
}

/** How long a recovery point stays: the first of a month the longest, then those of Sundays. */
const keptDays = (run: JobRun, asset: Asset, faults: Faults): number => {
  const { start, plan } = run
  const { daily, weekly, monthly } = keepingOf(asset)
  const isFirst = new Date(start).getUTCDate() === 1
  if (faults.has('kept-too-long') && run.id === 'hr-records-nightly-files-2026-02-01') return 365
  if (faults.has('short-expiry') && asset.id === 'vm-images' && start > NOW - 7 * DAY) return 14
  if (isFirst && plan !== 'weekly-full') return monthly
  return isSunday(start) ? weekly : daily
}

/** Lifecycle removes what has expired on the same day. */
const isGone = ({ asset, plan, start }: JobRun, expires: number, faults: Faults): boolean => {
  const date = dateOf(start)
  if (faults.has('retention-gap') && asset === 'source-code' && date === '2026-03-01') return true
  if (faults.has('removed-early') && asset === 'branch-files' && date >= '2026-10-05' && date <= '2026-10-17')
    return plan !== 'weekly-full'
  if (faults.has('expired-still-there') && asset === 'wiki' && expires < NOW)
    return expires < dayOf('2026-10-05') || expires > dayOf('2026-10-08')
  return expires < NOW
}

const storesOf = (asset: Asset, faults: Faults): readonly string[] =>
  faults.has('one-failure-domain') && asset.id === 'website' ? ['web-bucket'] : asset.stores

interface Copy {
  readonly run: JobRun
  readonly asset: Asset
  readonly store: string
  /** 0: the first copy. */
  readonly copy: number
  readonly expires: number
}

const pointOf = ({ run, asset, store, copy, expires }: Copy, faults: Faults): RecoveryPoint => {
  const id = `${run.id}-${store}`
  const isLocked = copy === 1 || (copy === 0 && store === 'web-bucket')
  return {
    id,
    asset: asset.id,
    plan: run.plan,
    store,
    created: run.start,
    complete: !isBroken(run, faults),
    digest: digestOf(id, run, faults),
    encrypted: true,
    key: `key-${store}`,
    keyUsable: true,
    expires,
    lockedUntil: isLocked ? Math.min(expires, run.start + 30 * DAY) : null,
    lockMode: isLocked ? lockModeOf(asset, faults) : 'none',
    bytes: run.bytesTransferred,
    copyOf: copy === 0 ? null : `${run.id}-${asset.stores[0]}`,
  }
}

const lockModeOf = ({ id }: Asset, faults: Faults): 'compliance' | 'governance' =>
  faults.has('no-immutable-copy') && id === 'hr-records' ? 'governance' : 'compliance'

/** Whether the upload broke off. */
const isBroken = ({ asset, start }: JobRun, faults: Faults): boolean =>
  (faults.has('stale-point') && asset === 'erp-database' && start > NOW - 12 * HOUR) ||
  (faults.has('attestation-ran-out') && asset === 'crm' && start > NOW - 36 * HOUR)

const digestOf = (id: string, { asset, start }: JobRun, faults: Faults): RecoveryPoint['digest'] => {
  const value = createHash('sha256').update(id).digest('hex')
  if (faults.has('weak-checksum') && asset === 'crm' && start >= dayOf('2026-10-20'))
    return { algorithm: 'md5', value: `${value.slice(0, 32)}-3` }
  return { algorithm: 'sha256', value }
}
