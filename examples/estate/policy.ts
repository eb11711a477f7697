import { stringify } from 'yaml'
import { ASSETS, type Asset, PLANS } from './company.js'
import type { Faults } from './faults.js'
import { RPO_HOURS, restoreDays, rtoHours } from './objectives.js'
import { peopleOf } from './people.js'
import { placesOf } from './proofs.js'
import { STORES } from './stores.js'

/** The policy as YAML, with the histories that belong to it. */
export const policyOf = (faults: Faults, reports: readonly string[]): string =>
  stringify(
    {
      schema: 'backproof.policy/v1',
      name: 'Backups of Harbour Furniture',
      ...{ owner: 'ann', approvedBy: 'the board' },
      reviewed: faults.has('policy-not-reviewed') ? '2025-09-01' : '2026-06-15',
      timezone: 'Europe/Berlin',
      assets: ASSETS.map((asset) => assetOf(asset, faults)),
      plans: PLANS.map((plan) => planOf(plan, faults)),
      stores: STORES.map(({ limit, used: _, growth: __, ...store }) => ({
        ...store,
        ...(store.id !== 'basement' && { quotaBytes: limit }),
      })),
      retention: RETENTION,
      ...peopleOf(faults),
      frameworks: ['gdpr', 'nis2'],
      disposal: 'deleted by the provider; disks of the basement are wiped (purge) before they leave',
      histories: {
        jobs: [{ file: 'jobs.jsonl' }],
        recoveryPoints: [{ file: 'points.jsonl' }],
        drills: [{ file: 'drills.jsonl' }],
        capacity: [{ file: 'capacity.jsonl' }],
        reports: reports.map((file) => ({ file })),
      },
    },
    { aliasDuplicateObjects: false, lineWidth: 0 },
  )

const PRODUCTION = {
  office: { device: 'cluster-1', account: 'harbour-domain', region: 'hamburg', site: 'office', provider: 'ourselves' },
  plant: { device: 'plant-pc', account: 'plant-domain', region: 'stade', site: 'plant', provider: 'ourselves' },
  branch: { device: 'ny-server', account: 'harbour-domain', region: 'new-york', site: 'branch', provider: 'ourselves' },
  cloud: { device: 'web-hosts', account: 'harbour-web', region: 'eu-west-1', site: 'dublin', provider: 'aws' },
  crm: { device: 'crm-service', account: 'crm-tenant', region: 'us-east', site: 'us-east', provider: 'Example CRM' },
}

const assetOf = (asset: Asset, faults: Faults) => {
  const { id, name, criticality, holds, owner, plans, stores, restoreLevel, escalation } = asset
  const places = placesOf(asset, faults)
  const production = PRODUCTION[asset.production]
  return {
    ...{ id, name, owner, dataClasses: [holds] },
    ...(!(faults.has('no-criticality') && id === 'source-code') && { criticality }),
    ...{ since: '2025-10-01', rpo: `${RPO_HOURS}h` },
    ...(!(faults.has('no-rto') && id === 'hr-records') && { rto: `${rtoHours(asset)}h` }),
    plans: faults.has('orphaned-asset') && id === 'website' ? [] : plans,
    retention: retentionOf(asset, faults),
    copies: places.map((uri, i) => ({ uri, store: places.length === 1 ? 'web-bucket' : stores[i] })),
    ...{ restoreLevel, restoreEvery: `${restoreDays(asset)}d`, escalation },
    production: { ...production, administrators: [owner], key: `key-${asset.production}`, media: 'disk' },
    ...(id === 'crm' && {
      thirdParty: {
        service: 'Example CRM',
        attested: faults.has('attestation-ran-out') ? '2025-08-01' : '2026-03-01',
        exported: true,
      },
    }),
  }
}

const planOf = (plan: (typeof PLANS)[number], faults: Faults) => {
  const { id, system, timezone, hour, minute, from, to, sundays } = plan
  const time = [hour, minute].map((one) => String(one).padStart(2, '0')).join(':')
  const isWeekdays = faults.has('weekends-left-out') && id === 'nightly-plant'
  return {
    ...{ id, system },
    schedules: [
      sundays === true
        ? { rrule: 'FREQ=WEEKLY;BYDAY=SU', start: `2025-10-05T${time}:00`, timezone }
        : { cron: `${minute} ${hour} * * ${isWeekdays ? '1-5' : '*'}`, timezone },
    ],
    window: { from, to, timezone, ...(sundays === true && { days: ['sun'] }) },
  }
}

const retentionOf = ({ id, holds }: Asset, faults: Faults): string => {
  if (faults.has('short-retention') && id === 'plant-controllers') return 'two-weeks'
  return holds === 'personal' ? 'personal' : 'business'
}

const RETENTION = [
  {
    id: 'business',
    ...{ minDays: 35, maxDays: 400, basis: 'contracts with customers; books are archived elsewhere' },
    gfs: { daily: 35, weekly: 12, monthly: 12 },
  },
  {
    id: 'personal',
    ...{ minDays: 35, maxDays: 190, basis: 'GDPR 5(1)(e): what is deleted leaves all backups within half a year' },
    dataClasses: ['personal'],
    gfs: { daily: 35, weekly: 12, monthly: 6 },
  },
  { id: 'two-weeks', minDays: 14 },
]
