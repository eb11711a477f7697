import { GONE } from './question.js'

/** What may become better where less is known, and why that is right. */
export interface Exception {
  /** Default: all. */
  readonly rules?: readonly string[]
  /** As changes are called, or a member that is not known any more. */
  readonly what: string
  /** Messages that were said before. Default: any. */
  readonly was?: readonly string[]
  /** An option with which the rule is asked so. Default: any. */
  readonly option?: readonly [name: string, value: unknown]
  readonly why: string
}

const BY_PLAN = ['job-last-run-succeeded', 'job-consecutive-failures', 'job-no-skipped-items']
const BY_TIME = ['job-not-missed', 'job-failure-alerting', 'job-performance-regression']
const UNDER_WAY = ['job-window-respected', 'job-no-production-impact']

/** They ask for recovery points that can be used. */
const USABLE = [
  'copy-air-gapped',
  'copy-cross-account',
  'copy-cross-region',
  'copy-independent-failure-domain',
  'recovery-point-fresh',
  'recovery-point-gap',
  'retention-schedule-complete',
  'third-party-service-protected',
  'three-two-one-one-zero',
]

export const EXCEPTIONS: readonly Exception[] = [
  ...['end', 'ended'].map((what) => ({
    what,
    was: ['in-future'],
    why: 'only a time that is told can be wrong',
  })),
  {
    rules: ['backup-size-anomaly', 'job-performance-regression'],
    what: 'plan',
    was: [GONE],
    why: 'a run whose plan is not named is of the series of those that name none',
  },
  {
    rules: USABLE,
    what: 'key',
    was: ['not-known-usable', 'export-unknown'],
    why: 'one that names no key needs none',
  },
  {
    rules: [...BY_PLAN, ...UNDER_WAY, 'job-not-missed'],
    what: 'plan',
    why: 'runs that name no plan are of the only plan there is',
  },
  {
    rules: BY_PLAN,
    what: 'beginning cut',
    was: [GONE, 'too-many-plans', 'no-runs', 'plan-untold'],
    why: 'without a policy, plans are those that runs name: where runs of the others are not told of, there is one plan less',
  },
  {
    rules: [...BY_TIME, ...UNDER_WAY],
    what: 'observed earlier',
    why: 'what goes on, or may still be in time, is judged as of the end of the history',
  },
  {
    rules: UNDER_WAY,
    what: 'status',
    why: 'how a run ended does not matter; one that may have been skipped counts as one that was under way',
  },
  {
    rules: UNDER_WAY,
    what: 'beginning cut',
    was: ['outside', 'in-blackout'],
    why: 'a run that began before the history, and went on, is not told of',
  },
  ...['system', 'alertedAt', 'beginning cut'].map((what) => ({
    rules: ['job-failure-alerting'],
    what,
    why: 'a backup system that never tells of alerts is judged by its routes alone',
  })),
  ...['limitBytes', 'limitObjects'].map((what) => ({
    rules: ['capacity-utilization', 'capacity-runway'],
    what,
    why: 'a store of which no sample tells a limit has none',
  })),
  {
    rules: ['capacity-utilization', 'capacity-runway'],
    what: 'beginning cut',
    was: ['limit-lost', GONE],
    why: 'a store of which no sample tells a limit has none',
  },
  {
    rules: USABLE,
    what: 'complete',
    option: ['acceptUnmarked', true],
    why: 'where nobody says so it counts as complete, as was asked for',
  },
  {
    rules: ['job-recurring-errors'],
    what: 'error',
    why: 'a run that was cancelled, and tells no error, is of the class of those',
  },
  {
    rules: ['restore-meets-rto'],
    what: 'thawMs',
    was: ['not-measured'],
    why: 'a wait that nobody told counts as none, which makes the scaled time longer',
  },
  {
    rules: USABLE,
    what: 'keyUsable left out',
    why: 'where it is left out, and not null, no key is needed',
  },
  {
    rules: ['compression-effective'],
    what: 'entropyBytes left out',
    why: 'where it is left out, and not null, the entropy is that of all bytes',
  },
  {
    rules: ['recovery-point-gap'],
    what: 'beginning cut',
    was: ['too-many-gaps'],
    why: 'fewer gaps before the days that are asked about leave room for those within',
  },
  ...['lockedUntil null', 'lockedUntil left out'].map((what) => ({
    rules: ['retention-max'],
    what,
    was: ['set-too-long'],
    why: 'there is no other way to say that nothing locks it: it goes when it expires',
  })),
  {
    rules: ['recovery-point-min-retention', 'checksum-recorded'],
    what: 'complete',
    was: ['no-points'],
    why: 'only what is known to be incomplete is no recovery point',
  },
  {
    rules: [
      'restore-consistency-verified',
      'restore-meets-rpo',
      'restore-meets-rto',
      'restore-test-coverage',
      'restore-test-recent',
    ],
    what: 'validation',
    why: 'what came back counts until a check says otherwise: restore-test-passed asks for the check',
  },
  {
    rules: ['restore-test-passed'],
    what: 'validation',
    option: ['requireValidation', false],
    why: 'no check is required, as was asked for',
  },
]
