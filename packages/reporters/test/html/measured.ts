import type { Measured } from '@backproof/core/audit'
import type { CapacityDays, JobDays, ProofGrades } from '../../src/index.js'

const DAY = 86_400_000
const dayOf = (i: number): string => new Date(Date.UTC(2026, 0, 1) + i * DAY).toISOString().slice(0, 10)

const jobs: JobDays = {
  days: Array.from({ length: 90 }, (_, i) => ({
    day: dayOf(i),
    ended: 40,
    succeeded: i % 30 === 7 ? 31 : 40,
    medianMinutes: i % 60 === 9 ? null : 40 + (i % 7),
    bytes: 1e12 + i * 1e9,
  })),
}

const capacity: CapacityDays = {
  stores: [
    {
      store: 'vault',
      days: Array.from({ length: 60 }, (_, i) => ({ day: dayOf(i), usedBytes: 5e14 + i * 7e12, limitBytes: 1e15 })),
    },
    { store: 'bucket', days: [{ day: dayOf(0), usedBytes: 7e12, limitBytes: null }] },
  ],
  storesOmitted: 2,
}

const grades: ProofGrades = {
  places: [
    {
      source: '/srv/shop',
      replica: 's3://backups/shop',
      asOf: '2026-11-21T01:00:00.000Z',
      read: 700,
      stored: 200,
      claimed: 50,
      size: 3,
      other: 9,
    },
    {
      source: '/srv/shop',
      replica: null,
      asOf: '2026-11-21T01:00:00.000Z',
      read: 0,
      stored: 0,
      claimed: 0,
      size: 0,
      other: 0,
    },
  ],
  placesOmitted: 1,
}

/** What an audit may measure, in the shapes of its measures. */
export const MEASURES: Readonly<Record<string, Measured>> = {
  'job-days': { description: 'jobs by day', value: jobs as never },
  'capacity-days': { description: 'capacity by day', value: capacity as never, partial: true },
  'proof-grades': { description: 'proofs', value: grades as never },
}
