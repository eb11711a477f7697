import type { BackupPlan, Policy } from '@backproof/core/audit'
import type { JobRun } from '@backproof/core/history'
import { NOW } from './restore-test.js'

export const HOUR = 3_600_000

/** A run of a backup job of `shop` that went well, a number of hours ago, and took half an hour, or ends now. */
export const jobRun = (hoursAgo: number, parts: Partial<JobRun> = {}): JobRun => {
  const start = NOW - hoursAgo * HOUR
  const end = Math.min(start + HOUR / 2, Math.max(start, NOW))
  const id = hoursAgo < 0 ? 'run-ahead' : `run-${hoursAgo}`
  return { id, asset: 'shop', start, end, status: 'success', ...parts }
}

/** A plan that runs on demand. */
export const plan = (id: string, parts: Partial<BackupPlan> = {}): BackupPlan => ({ id, schedules: [], ...parts })

/** A policy that says nothing but what it is given. */
export const policyOf = (parts: Partial<Policy> = {}): Policy => ({
  schema: 'backproof.policy/v1',
  assets: [],
  plans: [],
  stores: [],
  retention: [],
  contacts: [],
  escalation: [],
  alerts: [],
  trainings: [],
  reviews: [],
  attestations: [],
  correctiveActions: [],
  waivers: [],
  ...parts,
})

/** Runs that name more plans than are told apart. */
export const runsOfManyPlans = (): readonly JobRun[] =>
  Array.from({ length: 101 }, (_, index) => jobRun(200 - index, { plan: `plan-${String(index).padStart(3, '0')}` }))
