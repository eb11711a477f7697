import {
  type Asset,
  type BackupPlan,
  ESTATE,
  givenFacts,
  type HistorySource,
  type HistoryToken,
  type Policy,
  type Store,
} from '@backproof/core/audit'
import {
  auditReports,
  type CapacitySample,
  capacitySamples,
  type Drill,
  drills,
  type JobRun,
  jobRuns,
  proofReports,
  type RecoveryPoint,
  recoveryPoints,
} from '@backproof/core/history'

/** The clock: 2026-11-01T12:00:00Z. */
export const NOW: number = Date.UTC(2026, 10, 1, 12)
const DAY = 86_400_000
const MINUTE = 60_000

/** Plans, each with a schedule of its own. */
const plans: readonly BackupPlan[] = Array.from({ length: 50 }, (_, index) => ({
  id: `plan-${index}`,
  schedules: [{ cron: `${index} ${index % 6} * * *`, timezone: 'Europe/Berlin' }],
  window: { from: '23:00', to: '09:00', timezone: 'Europe/Berlin' },
  blackouts: [{ from: '12:00', to: '14:00', timezone: 'Europe/Berlin' }],
  toleranceMinutes: 60,
}))

const stores: readonly Store[] = Array.from({ length: 100 }, (_, index) => ({ id: `store-${index}`, quotaBytes: 1e15 }))

/** Ids sort as keys do. */
const assetId = (index: number): string => `asset-${String(index).padStart(6, '0')}`

const asset = (index: number): Asset => ({
  id: assetId(index),
  name: `Asset ${index}`,
  criticality: (['critical', 'high', 'medium', 'low'] as const)[index % 4],
  owner: 'backup-team',
  rpo: 36 * 60 * MINUTE,
  rto: 240 * MINUTE,
  plans: [plans[index % plans.length]!],
  retention: { id: 'standard', minDays: 35, gfs: { daily: 7, weekly: 4, monthly: 12 } },
  copies: [{ uri: `s3://backups/${assetId(index)}/`, primary: true }, { uri: `azblob://backups/${assetId(index)}/` }],
  restoreLevel: 'content',
  escalation: 'on-call',
})

export const policyOf = (assets: number): Policy => ({
  schema: 'backproof.policy/v1',
  assets: Array.from({ length: assets }, (_, index) => asset(index)),
  plans,
  stores,
  retention: [],
  contacts: [{ id: 'ops', name: 'Operations', channels: ['mailto:ops@example.org'], tested: NOW - 30 * DAY }],
  escalation: [],
  alerts: [{ id: 'all', on: ['failed', 'missed'], to: ['ops'], tested: NOW - 30 * DAY }],
  trainings: [],
  reviews: [],
  attestations: [],
  correctiveActions: [],
  waivers: [],
})

/** A history that is made while it is read: `each` items of each of so many targets, in order. */
const made = <T>(
  history: HistoryToken<T>,
  targets: number,
  each: number,
  item: (target: number, index: number) => T,
): HistorySource<T> => ({
  specVersion: 'v1',
  id: `made ${history.name}`,
  history,
  describe: async () => ({ order: 'target-time', source: 'made', observedAt: NOW }),
  read: async function* () {
    let page: T[] = []
    for (let target = 0; target < targets; target++)
      for (let index = 0; index < each; index++) {
        page.push(item(target, index))
        if (page.length < 1_000) continue
        yield page
        page = []
      }
    if (page.length > 0) yield page
  },
})

/** Minutes after midnight, Berlin, at which a plan starts. */
const startOf = (plan: number): number => (plan % 6) * 60 + plan
const SUMMER_ENDS = Date.UTC(2026, 9, 25, 1)

/** The last runs of each asset, as its plan has them, or, where they are more than 30, all in one year; one in 200 fails. */
export const madeRuns = (assets: number, each: number): HistorySource<JobRun> => {
  const every = Math.min(DAY, (365 * DAY) / each)
  return made(jobRuns, assets, each, (target, index) => {
    const day = NOW - (NOW % DAY) - (each - 1 - index) * every
    const berlin = day < SUMMER_ENDS ? 120 : 60
    const start = each > 30 ? day : day + (startOf(target % plans.length) - berlin) * MINUTE
    const failed = (target * 7 + index * 13) % 200 === 0
    return {
      id: `run-${index}`,
      asset: assetId(target),
      plan: plans[target % plans.length]!.id,
      system: 'restic',
      job: 'nightly',
      start,
      end: start + 40 * MINUTE,
      status: failed ? 'failed' : 'success',
      kind: 'incremental',
      bytesProcessed: 1e11 + ((target + index) % 17) * 1e9,
      bytesTransferred: 1e9 + ((target + index) % 13) * 1e7,
      items: 250_000,
      skippedItems: { count: 0 },
      error: failed ? { code: 'E42', message: `host ${index} did not answer within 30 s` } : null,
    }
  })
}

export const madePoints = (assets: number, each: number): HistorySource<RecoveryPoint> => {
  const every = Math.min(DAY, (365 * DAY) / each)
  return made(recoveryPoints, assets, each, (target, index) => ({
    id: `point-${index}`,
    asset: assetId(target),
    created: NOW - (each - index) * every,
    plan: plans[target % plans.length]!.id,
    store: 'store-1',
    complete: true,
    digest: { algorithm: 'sha256', value: 'ab'.repeat(32) },
    encrypted: true,
    keyUsable: true,
    expires: NOW + 40 * DAY + index * every,
    bytes: 1e11,
    objects: 250_000,
  }))
}

export const madeDrills = (assets: number, each: number): HistorySource<Drill> =>
  made(drills, assets, each, (target, index) => {
    const started = NOW - (each - index) * 20 * DAY
    return {
      id: `drill-${index}`,
      asset: assetId(target),
      started,
      ended: started + 90 * MINUTE,
      outcome: 'succeeded',
      validation: 'successful',
      level: 'mount',
      recoveryPoint: 'point-1',
      recoveryPointCreated: started - DAY,
      dataAsOf: started - DAY,
      bytesRestored: 1e11,
      bytesTotal: 1e11,
      isolated: true,
    }
  })

const madeSamples = (each: number): HistorySource<CapacitySample> =>
  // In the order of ids: store-0, store-1, store-10 ...
  made(capacitySamples, stores.length, each, (target, index) => ({
    store: sortedStores[target]!,
    at: NOW - (each - index) * DAY,
    usedBytes: 5e14 + index * 1e10,
    limitBytes: 1e15,
  }))

const sortedStores = stores.map(({ id }) => id).sort()

/** All histories of an estate, of an ordinary length: 30 days of runs, 35 recovery points, four restore tests. */
export const ordinary = (assets: number): readonly HistorySource<unknown>[] => [
  madeRuns(assets, 30),
  madePoints(assets, 35),
  madeDrills(assets, 4),
  madeSamples(60),
]

/** Nobody has proven or audited anything: rules about reports say so. */
export const noReports = givenFacts([
  { target: ESTATE, token: proofReports, fact: { state: 'known', value: [], source: 'made', observedAt: NOW } },
  { target: ESTATE, token: auditReports, fact: { state: 'known', value: [], source: 'made', observedAt: NOW } },
])
