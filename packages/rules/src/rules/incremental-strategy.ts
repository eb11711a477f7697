import { defineRule, type FoldedFact, numberOption, textsOption, type Verdict } from '@backproof/core/audit'
import { type JobRun, jobRuns } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { chainMessages, chainVerdict } from '../incremental/chain-verdict.js'
import { addRun, type Chains, noChains } from '../incremental/chains.js'
import { countRun, type FullShare, madeBy, mayHaveMade, noShare, shareOf } from '../incremental/full-share.js'
import {
  isRunAhead,
  isShort,
  runAheadVerdict,
  runEvidence,
  shortVerdict,
  windowMessages,
  windowStart,
} from '../runs.js'
import { days } from '../time.js'

/** Full backups are made where much changes, and chains of increments stay short. */
export const incrementalStrategy = defineRule({
  id: 'incremental-strategy',
  title: 'Full backups are made where they are needed, and chains stay short',
  description: [
    '`fulls`: of the runs of the last `windowDays` that made a backup, more than `maxFullPercent` were full, and in more than half of them less than `lowChangePercent` of the items had changed since the run before (`changedItems` of `items`): that fails. It passes where no more were full, or where at least half of the runs, and those that do not tell among the others, changed at least so much. Runs of all plans of the asset count together; runs of logs and copies are left out.',
    '`chains`: the newest backup of each plan with a run in the window needs no more than `maxChainLength` others on top of a full one. An incremental one needs all since the full one, a differential one the full one only. Where it is not known which full backup begins the chain, or what kind a run was, the rule counts the least and the most that it can be: it fails by the least, and passes by the most. A full backup of another plan may begin the chain, which only makes the least smaller.',
    'Backups of the systems in `withoutChains` need no others, whatever the kind of their runs: they are left out of `chains`, which pass where all are of this sort.',
  ],
  rationale:
    'A full backup of what hardly changed costs as much as the first one, in time, network and space. A chain that is never begun anew restores slowly, and breaks with each of its links.',
  category: 'capacity',
  severity: 'low',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ supporting: 'A1.1' }),
  remediation: {
    action:
      'Make incremental backups between full ones, and begin chains anew with a full or synthetic full one in time',
    effort: 'small',
  },
  messages: {
    'fulls-few': {
      status: 'pass',
      text: 'at most {percent} % of {runs} runs were full; up to {maxFullPercent} % are allowed',
    },
    'fulls-needed': {
      status: 'pass',
      text: '{much} of {runs} runs changed at least {lowChangePercent} % of what they back up: increments would save little',
    },
    'needless-fulls': {
      status: 'fail',
      text: '{fulls} of {runs} runs were full, more than {maxFullPercent} %, and {little} runs changed less than {lowChangePercent} % of what they back up',
    },
    'change-untold': {
      status: 'unknown',
      text: '{fulls} of {runs} runs were full, more than {maxFullPercent} %; too few tell how many items changed',
    },
    'kinds-untold': {
      status: 'unknown',
      text: 'of {runs} runs {untold} do not tell what kind they were, or whether they made a backup: how many were full is not known',
    },
    'too-few': {
      status: 'unknown',
      text: '{runs} runs made a backup in the last {windowDays} days; {minRuns} are needed',
    },
    ...chainMessages,
    ...windowMessages,
  },
  options: {
    maxFullPercent: numberOption({
      default: 50,
      max: 100,
      unit: 'percent',
      stricter: 'lower',
      source: 'audit catalogue',
      description: 'So many of the runs may be full, however little changed.',
    }),
    maxChainLength: numberOption({
      default: 30,
      max: 100_000,
      unit: 'backups',
      stricter: 'lower',
      source: 'audit catalogue',
      description: 'So many backups a restore may need on top of a full one.',
    }),
    withoutChains: textsOption({
      default: ['aws-backup', 'borg', 'kopia', 'restic'],
      source: 'what these systems say of their own backups: each can be restored alone',
      description: 'Systems, as runs name them, whose backups need no others.',
    }),
    lowChangePercent: numberOption({
      default: 20,
      max: 100,
      unit: 'percent',
      stricter: 'higher',
      source: 'own choice: an increment then saves four fifths of a full backup',
      description: 'A run in which less of the items changed changed little.',
    }),
    windowDays: numberOption({
      default: 90,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'higher',
      source: 'own choice: a quarter',
      description: 'Runs of the last days count.',
    }),
    minRuns: numberOption({
      default: 4,
      min: 1,
      max: 1_000,
      unit: 'runs',
      stricter: 'higher',
      source: 'own choice: a month of weekly backups',
      description: 'Fewer say nothing about how they are made.',
    }),
  },
  folds: (fold) => ({
    runs: fold(jobRuns, {
      init: (): Seen => ({ share: noShare(), chains: noChains() }),
      step: (state, run, context) => {
        const { options, now } = context
        if (isRunAhead(run, now)) return { ...state, ahead: run }
        addRun(state.chains, run, options.withoutChains)
        if (run.start >= windowStart(context, days(options.windowDays)))
          countRun(state.share, run, options.lowChangePercent)
        return state
      },
    }),
  }),
  evaluate: ({ now, folds: { runs }, options }) => {
    const begin = windowStart({ now, observedAt: runs.observedAt }, days(options.windowDays))
    const doubt = doubtOf(runs, begin)
    const { share, chains } = runs.value
    return [
      { ...shareVerdict(share, options, doubt), subject: 'fulls' },
      { ...chainVerdict(chains, { ...options, begin }, doubt), subject: 'chains' },
    ]
  },
})

interface Seen {
  readonly share: FullShare
  readonly chains: Chains
  readonly ahead?: JobRun | undefined
}

type Doubt = Verdict<'in-future' | 'history-short'> | undefined

/** Why what is good does not stand. */
const doubtOf = (runs: FoldedFact<Seen>, begin: number): Doubt => {
  const { ahead } = runs.value
  if (ahead !== undefined) return runAheadVerdict(ahead)
  return isShort(runs, begin) ? shortVerdict(runs.from ?? begin, begin) : undefined
}

interface Limits {
  readonly maxFullPercent: number
  readonly lowChangePercent: number
  readonly windowDays: number
  readonly minRuns: number
}

type ShareMessage =
  | 'fulls-few'
  | 'fulls-needed'
  | 'needless-fulls'
  | 'change-untold'
  | 'kinds-untold'
  | 'too-few'
  | 'in-future'
  | 'history-short'

const shareVerdict = (share: FullShare, limits: Limits, doubt: Doubt): Verdict<ShareMessage> => {
  const { maxFullPercent, lowChangePercent, windowDays, minRuns } = limits
  const runs = madeBy(share)
  if (runs < minRuns) return doubt ?? { message: 'too-few', data: { runs, windowDays, minRuns } }
  const { least, most } = shareOf(share)
  const { full, fullBytes, littleChanged, muchChanged, untold, newest } = share
  const open = mayHaveMade(share)
  const told = { runs, fulls: full, maxFullPercent, lowChangePercent, little: littleChanged, much: muchChanged }
  if (least > maxFullPercent && littleChanged * 2 > runs + open) {
    const evidence = newest
      .items()
      .toReversed()
      .map((run) => runEvidence(run, measuresOf(run)))
    const data = { ...told, sentByFulls: fullBytes }
    return { message: 'needless-fulls', data, evidence, evidenceOmitted: full - evidence.length }
  }
  if (doubt !== undefined) return doubt
  if (most <= maxFullPercent) return { message: 'fulls-few', data: { ...told, percent: Math.ceil(most * 10) / 10 } }
  if (muchChanged * 2 >= runs + open) return { message: 'fulls-needed', data: told }
  return least > maxFullPercent
    ? { message: 'change-untold', data: told }
    : { message: 'kinds-untold', data: { ...told, untold: untold + open } }
}

const measuresOf = ({ kind, items, changedItems, bytesTransferred }: JobRun) => ({
  kind: kind ?? null,
  items: items ?? null,
  changedItems: changedItems ?? null,
  bytesTransferred: bytesTransferred ?? null,
})
