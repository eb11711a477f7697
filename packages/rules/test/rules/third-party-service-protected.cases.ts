import type { Asset, Attestation } from '@backproof/core/audit'
import type { RecoveryPoint } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { thirdPartyServiceProtected } from '../../src/rules/third-party-service-protected.js'
import { policyOf } from '../job-run.js'

const NOW = Date.UTC(2026, 10, 1, 12)
const HOUR = 3_600_000
const DAY = 24 * HOUR
const point = (hours: number, more: Partial<RecoveryPoint> = {}): RecoveryPoint => ({
  id: `export-${hours}h`,
  asset: 'shop',
  created: NOW - hours * HOUR,
  complete: true,
  ...more,
})
const service = (attestedDaysAgo?: number): Asset['thirdParty'] => ({
  service: 'Example Mail',
  ...(attestedDaysAgo !== undefined && { attested: NOW - attestedDaysAgo * DAY }),
})
const asset: Asset = { id: 'shop', plans: [], copies: [], criticality: 'high', thirdParty: service() }
const attestation = (parts: Partial<Attestation> = {}): Attestation => ({
  id: 'a-1',
  subject: 'Example Mail',
  statement: 'backups are made every night',
  by: 'Example Mail Ltd',
  at: NOW - 30 * DAY,
  expires: NOW + 300 * DAY,
  ...parts,
})
const ask = (
  points: readonly RecoveryPoint[],
  more: Partial<Asset> = {},
  attestations: readonly Attestation[] = [],
) => ({ facts: { asset: { ...asset, ...more }, policy: policyOf({ attestations }) }, histories: { points } })
const absent = { state: 'absent', source: 'policy', observedAt: NOW } as const

export default {
  rule: thirdPartyServiceProtected,
  cases: [
    {
      name: 'An export of this morning',
      ...ask([point(30), point(6)]),
      expect: { message: 'exported', data: { service: 'Example Mail', ageHours: 6, limitHours: 24 } },
    },
    {
      name: 'An export of last week, and the RPO is a month',
      ...ask([point(7 * 24)], { rpo: 30 * DAY }),
      expect: { message: 'exported', data: { limitHours: 720 } },
    },
    {
      name: 'Attested last month',
      ...ask([], { thirdParty: service(30) }),
      expect: { message: 'attested', data: { attested: '2026-10-02T12:00:00.000Z' } },
    },
    {
      name: 'Attested last month, as the policy has on record',
      ...ask([], {}, [attestation()]),
      expect: { message: 'attested', data: { attested: '2026-10-02T12:00:00.000Z' } },
    },
    {
      name: 'An attestation that names the asset',
      ...ask([], {}, [attestation({ subject: 'shop' })]),
      expect: { message: 'attested' },
    },
    {
      name: 'An attestation of another service',
      ...ask([], {}, [attestation({ subject: 'Example Pay' })]),
      expect: { message: 'unprotected', evidence: ['Example Mail'] },
    },
    {
      name: 'An attestation that has expired',
      ...ask([], {}, [attestation({ expires: NOW - DAY })]),
      expect: { message: 'unprotected', evidence: ['Example Mail'] },
    },
    {
      name: 'An attestation by nobody',
      ...ask([], {}, [attestation({ by: ' ' })]),
      expect: { message: 'unprotected', evidence: ['Example Mail'] },
    },
    {
      name: 'Attested two years ago',
      ...ask([], { thirdParty: service(730) }),
      expect: { message: 'unprotected', evidence: ['Example Mail'] },
    },
    {
      name: 'An attestation of next month counts for nothing',
      ...ask([], { thirdParty: service(-30) }),
      expect: { message: 'unprotected', evidence: ['Example Mail'] },
    },
    {
      name: 'The policy says that it is exported, and there is no export',
      ...ask([], { thirdParty: { service: 'Example Mail', exported: true } }),
      expect: { message: 'unprotected', evidence: ['Example Mail'] },
    },
    {
      name: 'The last export is two days old',
      ...ask([point(48)]),
      expect: { message: 'unprotected', data: { limitHours: 24 }, evidence: ['Example Mail', 'export-48h'] },
    },
    {
      name: 'A critical service that is attested only',
      ...ask([], { criticality: 'critical', thirdParty: service(30) }),
      expect: { message: 'export-needed', data: { service: 'Example Mail' }, evidence: ['Example Mail'] },
    },
    {
      name: 'A critical service that is attested only, which is enough',
      ...ask([], { criticality: 'critical', thirdParty: service(30) }),
      options: { requireExport: false },
      expect: { message: 'attested' },
    },
    {
      name: 'A critical service that is exported',
      ...ask([point(6)], { criticality: 'critical' }),
      expect: { message: 'exported' },
    },
    {
      name: 'Attested, and nobody says how critical it is',
      ...ask([], { criticality: undefined, thirdParty: service(30) }),
      expect: { message: 'criticality-unknown' },
    },
    {
      name: 'Nobody says whether the export is complete',
      ...ask([point(6, { complete: null })]),
      expect: { message: 'export-unknown', data: { reason: 'nobody says whether export-6h can be used' } },
    },
    {
      name: 'Nobody says whether the export is complete, and it is attested',
      ...ask([point(6, { complete: null })], { thirdParty: service(30) }),
      expect: { message: 'attested' },
    },
    {
      name: 'An export that is dated tomorrow',
      ...ask([point(-24)]),
      expect: { message: 'export-unknown', data: { reason: 'export--24h is dated in the future' } },
    },
    {
      name: 'Exports are missing from the history',
      ...ask([]),
      histories: { points: { items: [], partial: true } },
      expect: { message: 'export-unknown', data: { reason: 'the history of recovery points is not all there' } },
    },
    {
      name: 'The history ended when no export was due',
      ...ask([]),
      histories: { points: { items: [point(30)], observedAt: NOW - 12 * HOUR } },
      expect: { message: 'export-unknown' },
    },
    {
      name: 'The history begins an hour ago',
      ...ask([]),
      histories: { points: { items: [], from: NOW - HOUR } },
      expect: { message: 'export-unknown' },
    },
    {
      name: 'It has to be protected since an hour ago',
      ...ask([], { since: NOW - HOUR }),
      expect: { message: 'export-unknown' },
    },
    { name: 'A system of our own', ...ask([], { thirdParty: undefined }), expect: { message: 'no-service' } },
    {
      name: 'The policy does not name it',
      facts: { asset: absent, policy: absent },
      histories: { points: [] },
      expect: { message: 'no-policy' },
    },
  ],
  absent: { asset: { message: 'no-policy' }, policy: { message: 'exported' } },
  boundaries: {
    maxAttestationAgeDays: {
      question: ask([], { thirdParty: service(90) }),
      limit: 90,
      at: 'attested',
      stricter: 'unprotected',
      laxer: 'attested',
    },
    maxExportAge: {
      question: ask([point(6)]),
      limit: 6 * HOUR,
      at: 'exported',
      stricter: 'unprotected',
      laxer: 'exported',
    },
  },
} satisfies RuleTest
