/** A row that an audit has to say of a fault. */
export interface ExpectedRow {
  readonly rule: string
  /** Id of the asset or store; `estate` where it is about everything. */
  readonly target: string
  readonly subject?: string
  readonly message: string
  /** `unknown`: what nobody can say any more because of it. Default: it fails. */
  readonly status?: 'unknown'
}

/** Something that is wrong with the company, and what an audit has to find of it: these rows, and no others. */
export interface Fault {
  readonly id: string
  readonly wrong: string
  readonly rows: readonly ExpectedRow[]
}

const row = (rule: string, target: string, message: string, subject?: string): ExpectedRow => ({
  ...{ rule, target, message },
  ...(subject !== undefined && { subject }),
})

const unknown = (...of: Parameters<typeof row>): ExpectedRow => ({ ...row(...of), status: 'unknown' })

// Labelled by hand, from what is wrong, not from what audits said. Every fault stands at a place of its own, so that none hides another.
const ALL = [
  // Jobs
  {
    id: 'missed-runs',
    wrong: 'The licence of the agent ran out: the personnel files were not backed up on the 20th and 21st of October.',
    rows: [
      row('job-not-missed', 'hr-records', 'missed', 'nightly-files'),
      // Nothing from the evening of the 19th to that of the 22nd.
      row('recovery-point-gap', 'hr-records', 'gap'),
      row('retention-schedule-complete', 'hr-records', 'incomplete'),
    ],
  },
  {
    id: 'slow-drift',
    wrong:
      'The nightly backup of the mailboxes takes a little longer each night, and more than half as long again by now.',
    rows: [row('job-performance-regression', 'mail', 'slower-trend', 'nightly-files, incremental')],
  },
  {
    id: 'shrinking-backup',
    wrong: 'Somebody excluded the largest tables: the last backup of the shop is little more than half as large.',
    rows: [row('backup-size-anomaly', 'shop-database', 'shrank', 'nightly-databases, full')],
  },
  {
    id: 'encrypted-by-malware',
    wrong:
      'Last night most files of the share were encrypted: the backup is eight times as large and cannot be compressed.',
    rows: [
      row('backup-size-anomaly', 'file-share', 'grew', 'nightly-files, incremental'),
      row('backup-size-anomaly', 'file-share', 'entropy-rose', 'nightly-files, incremental'),
      // Eight times as much takes eight times as long.
      row('job-performance-regression', 'file-share', 'slower-run', 'nightly-files, incremental'),
    ],
  },
  {
    id: 'low-success-rate',
    wrong: 'Two nights of the wiki failed in October, for two reasons; each was repeated by hand in the same night.',
    rows: [row('job-success-rate', 'wiki', 'below')],
  },
  {
    id: 'three-failures',
    wrong: 'The last three weekly backups of the drawings failed, each because a snapshot could not be made.',
    rows: [
      row('job-consecutive-failures', 'source-code', 'strikes', 'weekly-full'),
      row('job-last-run-succeeded', 'source-code', 'failed', 'weekly-full'),
      row('job-recurring-errors', 'source-code', 'recurring', 'SNAPSHOT_FAILED'),
      row('job-success-rate', 'source-code', 'below'),
    ],
  },
  {
    id: 'recurring-error',
    wrong: 'Three nights of the mailboxes broke off with the same timeout, and were repeated.',
    rows: [row('job-recurring-errors', 'mail', 'recurring', 'TIMEOUT'), row('job-success-rate', 'mail', 'below')],
  },
  {
    id: 'silent-failure',
    wrong: 'One night of the shop failed in October, and no alert was sent; the next try succeeded.',
    rows: [row('job-failure-alerting', 'shop-database', 'silent'), row('job-success-rate', 'shop-database', 'below')],
  },
  {
    id: 'skipped-items',
    wrong: 'The last backup of the New York office left out 14 files that were open, and called itself a success.',
    rows: [row('job-no-skipped-items', 'branch-files', 'skipped', 'nightly-branch')],
  },
  {
    id: 'outside-window',
    wrong: 'In one night of October the backup of the virtual machines ran on until the office had opened.',
    rows: [row('job-window-respected', 'vm-images', 'outside', 'nightly-images')],
  },
  {
    id: 'endless-chain',
    wrong:
      'Virtual machines have had no full backup since September: a restore of today needs five weeks of increments.',
    rows: [row('incremental-strategy', 'vm-images', 'chain-long', 'chains')],
  },
  {
    id: 'alert-not-tested',
    wrong: 'Nobody has tested since May whether alerts reach the plant.',
    rows: [row('job-failure-alerting', 'plant-controllers', 'test-overdue')],
  },
  // Plans and coverage
  {
    id: 'orphaned-asset',
    wrong: 'The website lost its plans when the policy was tidied up: what still backs it up nobody answers for.',
    rows: [row('asset-has-plan', 'website', 'no-plan')],
  },
  {
    id: 'weekends-left-out',
    wrong: 'As of this morning, the programs of the saws are to be backed up on weekdays only.',
    rows: [row('plan-min-frequency', 'plant-controllers', 'too-seldom')],
  },
  {
    id: 'short-retention',
    wrong: 'The programs of the saws were given a retention class that promises two weeks.',
    rows: [row('plan-min-retention', 'plant-controllers', 'too-short', 'nightly-plant')],
  },
  {
    id: 'attestation-ran-out',
    wrong: 'The operator of the service for customers let its attestation run out, and our last two exports broke off.',
    rows: [
      row('third-party-service-protected', 'crm', 'unprotected'),
      row('recovery-point-fresh', 'crm', 'stale'),
      row('recovery-point-gap', 'crm', 'gap'),
      row('retention-schedule-complete', 'crm', 'incomplete'),
      // Older than the RPO and the day that a copy may take: there is no copy at all.
      row('copy-cross-region', 'crm', 'none'),
      row('copy-cross-account', 'crm', 'none'),
      row('copy-independent-failure-domain', 'crm', 'dependent'),
      row('three-two-one-one-zero', 'crm', 'copies-few', 'copies'),
      row('three-two-one-one-zero', 'crm', 'media-few', 'media'),
      row('three-two-one-one-zero', 'crm', 'offsite-few', 'offsite'),
      row('three-two-one-one-zero', 'crm', 'immutable-few', 'immutable'),
    ],
  },
  // Recovery points
  {
    id: 'stale-point',
    wrong: 'The upload of the last backup of the books broke off: the newest one that is whole is of the night before.',
    rows: [row('recovery-point-fresh', 'erp-database', 'stale')],
  },
  {
    id: 'retention-gap',
    wrong: 'The recovery point of March of the drawings is gone, in all three stores.',
    rows: [row('retention-schedule-complete', 'source-code', 'incomplete')],
  },
  {
    id: 'removed-early',
    wrong: 'A prune job with a wrong setting removed two weeks of nights of the New York office before their time.',
    rows: [
      row('retention-schedule-complete', 'branch-files', 'incomplete'),
      row('recovery-point-gap', 'branch-files', 'gap'),
    ],
  },
  {
    id: 'short-expiry',
    wrong:
      'Since a week the lifecycle of virtual machines lets recovery points go after 14 days, where 35 are promised.',
    rows: [row('recovery-point-min-retention', 'vm-images', 'short')],
  },
  {
    id: 'expired-still-there',
    wrong: 'Two nights of the wiki expired early in October, and were never removed from its stores.',
    rows: [row('expired-backups-removed', 'wiki', 'overdue')],
  },
  {
    id: 'kept-too-long',
    wrong:
      'A recovery point of the personnel files of February was set aside for a year: personal data may stay 190 days.',
    rows: [row('retention-max', 'hr-records', 'too-old')],
  },
  {
    id: 'weak-checksum',
    wrong: 'Since the 20th of October exports are recorded with what the upload calls an ETag, a digest of digests.',
    rows: [row('checksum-recorded', 'crm', 'weak')],
  },
  // Copies and proofs
  {
    id: 'copy-out-of-sync',
    wrong: 'The copy of the mailboxes at Amazon lacks 37 objects that are months old.',
    rows: [row('copies-in-sync', 'mail', 'differs', 's3://harbour-backup/mail/')],
  },
  {
    id: 'rot',
    wrong: 'An object of the books at Google no longer has the bytes that were written.',
    rows: [
      row('integrity-verified', 'erp-database', 'damaged', 'gs://harbour-archive/erp-database/'),
      row('three-two-one-one-zero', 'erp-database', 'errors', 'errors'),
    ],
  },
  {
    id: 'one-failure-domain',
    wrong: 'All copies of the website lie in the account that it runs in, in the same region.',
    rows: [
      row('copy-cross-region', 'website', 'none'),
      row('copy-cross-account', 'website', 'none'),
      row('copy-independent-failure-domain', 'website', 'dependent'),
      row('three-two-one-one-zero', 'website', 'copies-few', 'copies'),
      // Production lies on disks, the copies are objects: two kinds of media.
      row('three-two-one-one-zero', 'website', 'offsite-few', 'offsite'),
    ],
  },
  {
    id: 'no-immutable-copy',
    wrong: 'Copies of the personnel files are locked in a mode that administrators can lift.',
    rows: [row('three-two-one-one-zero', 'hr-records', 'immutable-few', 'immutable')],
  },
  // Restores
  {
    id: 'failed-drill',
    wrong: 'The last restore of a virtual machine did not boot.',
    rows: [
      row('restore-test-passed', 'vm-images', 'failed'),
      row('restore-consistency-verified', 'vm-images', 'failed'),
      row('three-two-one-one-zero', 'vm-images', 'errors', 'errors'),
      // What failed measured nothing.
      unknown('restore-meets-rto', 'vm-images', 'not-restored'),
      unknown('restore-meets-rpo', 'vm-images', 'not-restored'),
    ],
  },
  {
    id: 'overdue-drill',
    wrong: 'The books are critical, and were restored in September for the last time.',
    rows: [row('restore-test-recent', 'erp-database', 'overdue')],
  },
  {
    id: 'weak-drill',
    wrong: 'The last restore of the file share only looked whether files came back, not what is in them.',
    rows: [row('restore-consistency-verified', 'file-share', 'too-weak')],
  },
  {
    id: 'rto-missed',
    wrong: 'The last restore of the mailboxes took a working day and a half, where twelve hours are promised.',
    rows: [row('restore-meets-rto', 'mail', 'exceeded')],
  },
  {
    id: 'rpo-missed',
    wrong: 'What the last restore of the New York office brought back was sixty hours old.',
    rows: [row('restore-meets-rpo', 'branch-files', 'exceeded')],
  },
  {
    id: 'oldest-not-tested',
    wrong: 'Nobody has restored a recovery point as old as the oldest that there are.',
    rows: [row('restore-test-coverage', 'estate', 'oldest-not-tested', 'oldest')],
  },
  // Capacity
  {
    id: 'capacity-over-80',
    wrong: 'The disks in the basement are 84 % full.',
    rows: [row('capacity-utilization', 'basement', 'above-warning', 'bytes')],
  },
  {
    id: 'capacity-runway',
    wrong: 'What is stored at Azure grows so fast that the budget is used up before the year is over.',
    rows: [row('capacity-runway', 'azure', 'too-short', 'bytes')],
  },
  // Governance
  {
    id: 'expired-waiver',
    wrong: 'That restores of the saws go to the machines themselves was accepted until the middle of October.',
    rows: [
      row('waiver-valid', 'estate', 'expired', 'plant-test-rig'),
      row('restore-isolated', 'plant-controllers', 'in-production'),
    ],
  },
  {
    id: 'unused-waiver',
    wrong: 'A waiver still accepts that the wiki is not restored, though it is, every quarter.',
    rows: [row('waiver-valid', 'estate', 'unused', 'wiki-restore')],
  },
  {
    id: 'escalation-ends-nowhere',
    wrong: 'The last person of the escalation of the New York office left in spring: nobody answers there.',
    rows: [row('escalation-path-defined', 'branch-files', 'ends-nowhere')],
  },
  {
    id: 'training-overdue',
    wrong: 'Ben leads restores, and was last trained for it 16 months ago.',
    rows: [row('training-current', 'estate', 'training-overdue', 'ben (restore-lead)')],
  },
  {
    id: 'access-review-overdue',
    wrong: 'Who has access to the archive at Google was last reviewed in June.',
    rows: [row('access-review-current', 'estate', 'overdue', 'google')],
  },
  {
    id: 'access-log-hole',
    wrong: 'Nobody has looked at the access logs of Amazon of a fortnight in July.',
    rows: [row('access-log-reviewed', 'estate', 'hole', 'amazon')],
  },
  {
    id: 'report-not-delivered',
    wrong: 'The monthly report did not arrive in October.',
    rows: [row('report-schedule', 'estate', 'overdue')],
  },
  {
    id: 'action-overdue',
    wrong: 'Somebody was to see to the files that the backup of the share skips by the end of October, and has not.',
    rows: [row('corrective-action-tracked', 'estate', 'overdue')],
  },
  {
    id: 'shallow-audits',
    wrong: 'Since July the audits cannot read Azure any more, and decide too little.',
    rows: [row('audit-cadence', 'estate', 'deep-overdue')],
  },
  {
    id: 'policy-not-reviewed',
    wrong: 'The policy was last reviewed 14 months ago.',
    rows: [row('backup-policy-documented', 'estate', 'review-overdue')],
  },
  {
    id: 'no-rto',
    wrong: 'Nobody has said how soon the personnel files have to be back.',
    rows: [
      row('asset-criticality-defined', 'hr-records', 'incomplete'),
      row('backup-policy-documented', 'estate', 'assets-without'),
      // NIS2 asks for recovery times.
      row('policy-meets-framework', 'estate', 'not-stated'),
    ],
  },
  {
    id: 'no-criticality',
    wrong: 'Nobody has said how much depends on the drawings.',
    rows: [row('asset-criticality-defined', 'source-code', 'incomplete')],
  },
] as const satisfies readonly Fault[]

export type FaultId = (typeof ALL)[number]['id']

export const FAULTS: readonly (Fault & { readonly id: FaultId })[] = ALL

/** Which faults an estate has. */
export type Faults = ReadonlySet<FaultId>
