import {
  type Asset,
  assetPolicy,
  defineRule,
  durationOption,
  type Evidence,
  type FoldedFact,
  factValue,
  flagOption,
  numberOption,
  type Policy,
  policyFact,
} from '@backproof/core/audit'
import { recoveryPoints } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { isCurrent } from '../governance/dates.js'
import { isWritten } from '../governance/names.js'
import { type NewestUsable, newestUsable } from '../recovery-points/newest-usable.js'
import { stopEvidence, usabilityOptions } from '../recovery-points/usability.js'
import { days, inHours, isoTime } from '../time.js'

/** Whether data at a service of somebody else survives that service. */
export const thirdPartyServiceProtected = defineRule({
  id: 'third-party-service-protected',
  title: 'Services of others are protected',
  description: [
    'Each service of somebody else in the policy (`thirdParty` of an asset) needs an export of our own, or an attestation of its operator. An export counts by its recovery points: the newest usable one is young enough (the option, else the RPO of the asset, else a day). That the policy says `exported` proves nothing.',
    'An attestation is the date in `thirdParty.attested`, or an entry of `attestations` whose subject is the service or the asset and that has not expired; it is no older than the option allows. A critical asset needs the export with `requireExport`: an operator that is gone attests nothing. Where nobody says how critical the asset is, an attestation alone is `unknown`. What is attested is vouched for and not proven: the verdict is `not-applicable`, never `pass`.',
    'Where recovery points may be missing, or nobody says whether the newest can be used, the export is `unknown`, unless an attestation suffices.',
  ],
  rationale:
    'A provider backs up its platform, for itself. What a customer deleted, or a bankruptcy or a locked account took away, is in no restore that the customer can ask for.',
  category: 'coverage',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({
    partial: 'CP-9; A.5.23; DORA 12',
    supporting: '308(b)(1); SA-9; CIS 15.4; A.5.22; CC9.2; PCI 12.8.4; GDPR 28',
  }),
  remediation: {
    action: 'Schedule an export of the data in the service, and collect the attestation of its operator',
    effort: 'medium',
  },
  messages: {
    exported: {
      status: 'pass',
      text: 'the newest usable export of {service} is of {created}, {ageHours} h old; {limitHours} h are allowed',
    },
    attested: {
      status: 'not-applicable',
      text: 'the operator of {service} attested its backups on {attested}, no more than {maxDays} days ago: that is vouched for, not proven, and no export of our own is needed',
    },
    unprotected: {
      status: 'fail',
      text: 'of {service} there is no usable export that is younger than {limitHours} h, and no attestation in date',
    },
    'export-needed': {
      status: 'fail',
      text: '{service} is critical, and has no usable export that is younger than {limitHours} h: the attestation of {attested} is not enough',
    },
    'export-unknown': {
      status: 'unknown',
      text: 'whether there is a usable export of {service} that is younger than {limitHours} h is not known: {reason}',
    },
    'criticality-unknown': {
      status: 'unknown',
      text: 'the operator of {service} attested its backups on {attested}, but nobody says how critical it is: critical services need an export',
    },
    'no-service': { status: 'not-applicable', text: 'it is no service of somebody else' },
    'no-policy': { status: 'unknown', text: 'no policy says whether it is a service of somebody else' },
  },
  options: {
    maxAttestationAgeDays: numberOption({
      default: 365,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'lower',
      source: '365: audit catalogue',
      description: 'Days for which an attestation counts.',
    }),
    maxExportAge: durationOption({
      default: undefined,
      otherwise: 'the RPO of the asset in the policy, else 1d',
      min: 1_000,
      stricter: 'lower',
      source: '1d: AWS Backup Audit Manager (last recovery point created)',
      description: 'How old the newest usable export may be.',
    }),
    requireExport: flagOption({
      default: true,
      source: 'audit catalogue',
      description: 'Whether critical assets need an export of our own, whatever is attested.',
    }),
    ...usabilityOptions,
  },
  needs: { asset: assetPolicy, policy: policyFact },
  folds: (fold) => ({ points: fold(recoveryPoints, newestUsable) }),
  evaluate: ({ now, options, facts, folds: { points } }) => {
    const asset = factValue(facts.asset)
    if (asset === undefined) return { message: 'no-policy' }
    if (asset.thirdParty === undefined) return { message: 'no-service' }
    const { service } = asset.thirdParty
    const limit = options.maxExportAge ?? asset.rpo ?? days(1)
    const { usable } = points.value
    const data = { service, limitHours: inHours(limit), maxDays: options.maxAttestationAgeDays }
    if (usable !== undefined && now - usable.created <= limit) {
      const fresh = { created: isoTime(usable.created), ageHours: Math.max(0, inHours(now - usable.created)) }
      return { message: 'exported', data: { ...data, ...fresh }, evidence: [stopEvidence(usable)] }
    }
    const attestedAt = newestAttestation(asset, service, factValue(facts.policy), {
      now,
      maxAge: days(options.maxAttestationAgeDays),
    })
    const attested = attestedAt === undefined ? null : isoTime(attestedAt)
    const isNeeded = options.requireExport && (asset.criticality === 'critical' || asset.criticality === undefined)
    if (attested !== null && !isNeeded) return { message: 'attested', data: { ...data, attested } }
    const reason = doubtOf(points, { now, limit, since: asset.since })
    if (reason !== undefined) return { message: 'export-unknown', data: { ...data, reason } }
    if (attested !== null && asset.criticality === undefined)
      return { message: 'criticality-unknown', data: { ...data, attested } }
    const evidence = serviceEvidence(asset, usable, attested)
    if (attested !== null) return { message: 'export-needed', data: { ...data, attested }, evidence }
    return { message: 'unprotected', data, evidence }
  },
})

/** When the newest attestation that counts was made. */
const newestAttestation = (
  { id, thirdParty }: Asset,
  service: string,
  policy: Policy | undefined,
  { now, maxAge }: { readonly now: number; readonly maxAge: number },
): number | undefined => {
  const signed = policy?.attestations.filter(
    ({ subject, expires, by }) => (subject === service || subject === id) && expires >= now && isWritten(by),
  )
  const times = [thirdParty?.attested, ...(signed ?? []).map(({ at }) => at)].filter(
    (at) => at !== undefined && isCurrent(at, now, maxAge),
  ) as readonly number[]
  return times.length === 0 ? undefined : Math.max(...times)
}

/** Why nobody can say that there is no export that is young enough. */
const doubtOf = (
  { value, observedAt, from, partial }: FoldedFact<NewestUsable>,
  { now, limit, since }: { readonly now: number; readonly limit: number; readonly since: number | undefined },
): string | undefined => {
  const { usable, unsure, ahead } = value
  const until = Math.min(observedAt, now)
  if (unsure !== undefined && now - unsure.created <= limit) return `nobody says whether ${unsure.id} can be used`
  if (ahead !== undefined) return `${ahead.id} is dated in the future`
  if (partial === true) return 'the history of recovery points is not all there'
  const newest = Math.max(usable?.created ?? -Infinity, unsure?.created ?? -Infinity, since ?? -Infinity)
  if (until - newest <= limit) return `the history of recovery points ends at ${isoTime(until)}, when none was due`
  if (from !== undefined && from > until - limit) return `the history of recovery points begins at ${isoTime(from)}`
  return undefined
}

const serviceEvidence = (
  { id, thirdParty, criticality }: Asset,
  usable: NewestUsable['usable'],
  attested: string | null,
): readonly Evidence[] => [
  {
    kind: 'service',
    id: thirdParty?.service ?? id,
    data: {
      asset: id,
      criticality: criticality ?? null,
      attested: attested ?? (thirdParty?.attested === undefined ? null : isoTime(thirdParty.attested)),
      exported: thirdParty?.exported ?? null,
    },
  },
  ...(usable === undefined ? [] : [stopEvidence(usable)]),
]
