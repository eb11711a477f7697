import { RESTORE_LEVELS } from '../audit/policy.js'
import { type CapacitySample, capacitySamples } from './capacity.js'
import { type Drill, drills } from './drill.js'
import { JOB_STATUSES, type JobRun, jobRuns } from './job-run.js'
import { amount, choice, count, flag, name, record, required, text, texts, time, timeOrNever } from './member.js'
import { type RecoveryPoint, recoveryPoints } from './recovery-point.js'
import type { HistoryRow } from './row.js'

export const jobRunRow: HistoryRow<JobRun> = {
  history: jobRuns,
  title: 'job run',
  members: {
    id: required(name('unique among the runs of the asset')),
    asset: required(name('id of the asset that it backs up')),
    plan: text('id of the plan in the policy'),
    system: text('`veeam`, `aws-backup`, `restic` ...'),
    job: text('name of the job in that system'),
    start: required(time('when it started')),
    end: time('when it ended; left out while it runs'),
    status: required(
      choice('how it ended; another word is read as `unknown`', JOB_STATUSES, {
        otherwise: 'unknown',
        keptIn: 'rawStatus',
      }),
    ),
    rawStatus: text('the status as the system writes it'),
    kind: choice('what was backed up of the data', ['full', 'incremental', 'differential', 'log', 'copy']),
    bytesProcessed: count('bytes read from the source, before compression and deduplication'),
    bytesTransferred: count('bytes sent to the store'),
    items: count('files, tables, mailboxes ... in the backup'),
    changedItems: count('of `items`, those that differ from the run before'),
    skippedItems: record<NonNullable<JobRun['skippedItems']>>('what should have been backed up and was not', {
      count: required(count('how many')),
      paths: texts('which, or the first of them'),
    }),
    entropy: amount('bits per byte of the backed up data, sampled before compression and encryption', 8),
    error: record<NonNullable<JobRun['error']>>('what went wrong', {
      code: text('of the system'),
      message: required(text('for people')),
    }),
    recoveryPoint: text('id of what it made'),
    destination: text('where to'),
    encrypted: flag('whether what it wrote is encrypted'),
    immutable: flag('whether what it wrote cannot be changed'),
    sourceCpuPercent: amount("highest load of the source's processors during the run, percent"),
    alertedAt: time('when somebody was told that it failed'),
  },
}

export const recoveryPointRow: HistoryRow<RecoveryPoint> = {
  history: recoveryPoints,
  title: 'recovery point',
  members: {
    id: required(name('unique among the recovery points of the asset')),
    asset: required(name('id of the asset')),
    created: required(time('the state that it holds')),
    plan: text('id of the plan in the policy'),
    store: text('id of the store in the policy'),
    uri: text('where it is'),
    complete: flag('whether everything of it is there'),
    digest: record<NonNullable<RecoveryPoint['digest']>>('recorded when it was made', {
      algorithm: required(text('`sha256` ...')),
      value: required(text('lowercase hexadecimal')),
    }),
    encrypted: flag('whether it is encrypted'),
    keyUsable: flag(
      'whether its key can be used; `null`: it needs one and nobody can say; left out: it needs none, unless `key` names one',
    ),
    key: text('id of its key'),
    expires: timeOrNever('when lifecycle or prune may remove it; `never`: they will not'),
    lockedUntil: time('until when nobody can remove it'),
    lockMode: choice('how it is locked; `none`: not at all, which is not the same as left out', [
      'compliance',
      'governance',
      'none',
    ]),
    hold: flag('whether a legal hold is on it'),
    bytes: count('its size'),
    objects: count('objects or files in it'),
    entropy: amount('bits per byte of its bytes as they are stored, sampled; the mean over its objects by size', 8),
    entropyBytes: count('of `bytes`, those whose entropy is known; left out: all; `null`: nobody can say how many'),
    duplicateBytes: count(
      'of `bytes`, those of objects whose content it, or an older recovery point of its store, holds already',
    ),
    copyOf: text('id of the recovery point that it is a copy of'),
    storageClass: text('how the store keeps it'),
  },
}

export const drillRow: HistoryRow<Drill> = {
  history: drills,
  title: 'restore test',
  members: {
    id: required(name('unique among the restore tests of the asset')),
    asset: required(name('id of the asset')),
    started: required(time('when it started')),
    ended: time('when it ended'),
    outcome: required(
      choice(
        'how it ended; another word is read as `unknown`',
        ['succeeded', 'failed', 'cancelled', 'running', 'unknown'],
        { otherwise: 'unknown' },
      ),
    ),
    validation: choice('what a check of the restored data said; `none`: nobody checked', [
      'successful',
      'failed',
      'timed-out',
      'validating',
      'none',
    ]),
    level: choice('the most that was proven', RESTORE_LEVELS),
    recoveryPoint: text('id of what was restored'),
    recoveryPointCreated: time('when that was made'),
    dataAsOf: time('the newest change that was found in the restored data'),
    lostAt: time('the moment that was to be restored; default `started`'),
    bytesRestored: count('bytes that were restored'),
    bytesTotal: count('bytes of the whole; more than `bytesRestored` where a sample was restored'),
    endToEndMs: amount('milliseconds from the decision to the working restore; default `ended` less `started`'),
    thawMs: amount('of that, milliseconds of waiting for an archive tier'),
    destination: text('where to'),
    isolated: flag('whether that was apart from production'),
    breakGlass: flag('done as if account, directory and key owner were lost'),
  },
}

export const capacityRow: HistoryRow<CapacitySample> = {
  history: capacitySamples,
  title: 'capacity sample',
  members: {
    store: required(name('id of the store in the policy')),
    at: required(time('when')),
    usedBytes: required(count('bytes in use')),
    limitBytes: count('bytes that fit in all, used and free'),
    usedObjects: count('files or objects'),
    limitObjects: count('inodes, of file systems with a fixed number of them'),
  },
}
