import { assetPolicy, defineRule, EVIDENCE_LIMIT, numberOption, textsOption, type Verdict } from '@backproof/core/audit'
import { hasSucceeded, type JobRun, jobRuns } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { doubtUnnamed, foldByPlan, judgePlans, planMessages, unnamedMessages } from '../plans.js'
import { isRunAhead, newestRunMessages, runAheadVerdict, runData, runEvidence } from '../runs.js'
import { skippedItems } from '../skipped-items.js'

interface Newest {
  /** By its start, of those that made a backup. */
  run?: JobRun
  /** Newer, and nobody can say whether it made one. */
  untold?: JobRun | undefined
  ahead?: JobRun
}

/** The newest backup of each plan has to hold everything. */
export const jobNoSkippedItems = defineRule({
  id: 'job-no-skipped-items',
  title: 'Backups leave nothing out',
  description: [
    'Of each plan the newest run that made a backup is looked at (`success`, `warning` or `partial`, by its start): it fails where more than `maxSkippedItems` items were unread, locked or excluded by an error. Items on paths of `ignorePaths` do not count; `*` in them stands for any characters.',
    'A run whose system does not tell what it skipped is `unknown`, not clean, and so is a newer one of which nobody can say how it ended; one that is `partial` left something out all the same. Where a system counts skipped items and names only some of them, those without a name may be of `ignorePaths`: the rule is `unknown` where that decides.',
    'Of an asset with several plans, runs that name none are judged together as `(no plan)`, which can fail and never passes.',
  ],
  rationale:
    'A job may report success and have left out the one file that is open all day: the database, the mailbox. That is found at the restore, when it is too late.',
  category: 'jobs',
  severity: 'medium',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'CP-9; A.8.13', supporting: 'PI1.5' }),
  remediation: {
    action: 'Give the backup the permissions that it lacks, or back up from a snapshot what is open while it runs',
    steps: [
      'Look at why each item was skipped: permission, lock, read error.',
      'Exclude on purpose, in the job, what need not be backed up.',
      'Check disks that gave read errors.',
    ],
    effort: 'small',
  },
  messages: {
    complete: {
      status: 'pass',
      text: 'items that the newest backup, {run} of {at}, left out: {skipped}; allowed: {limit}',
    },
    skipped: {
      status: 'fail',
      text: 'items that the newest backup, {run} of {at}, left out: {skipped}; allowed: {limit}',
    },
    'left-out': {
      status: 'fail',
      text: 'the newest backup, {run} of {at}, left something out, and does not tell what; allowed: {limit}',
    },
    untold: {
      status: 'unknown',
      text: 'nobody can say what the newest backup, {run} of {at}, left out; allowed: {limit}',
    },
    unlisted: {
      status: 'unknown',
      text: 'items that the newest backup, {run} of {at}, left out and that count: from {least} to {most}, as it does not name all of them; allowed: {limit}',
    },
    ...newestRunMessages,
    'no-runs': { status: 'unknown', text: 'no run has made a backup, as far as its history tells' },
    ...planMessages,
    ...unnamedMessages,
  },
  options: {
    maxSkippedItems: numberOption({
      default: 0,
      unit: 'items',
      stricter: 'lower',
      source: 'own choice: nothing is left out without a word',
      description: 'Items that the newest backup may have left out.',
    }),
    ignorePaths: textsOption({
      default: [],
      source: 'own choice: none',
      description: 'Paths that may be left out, with `*` for any characters, for example `*/lost+found`.',
    }),
  },
  needs: { asset: assetPolicy },
  folds: (fold) => ({
    runs: fold(
      jobRuns,
      foldByPlan({
        init: (): Newest => ({}),
        step: (state, run, { now }) => {
          if (isRunAhead(run, now)) state.ahead = run
          else if (run.status === 'unknown') state.untold = run
          else if (hasSucceeded(run) || run.status === 'partial') {
            state.run = run
            state.untold = undefined
          }
        },
      }),
    ),
  }),
  evaluate: ({ facts: { asset }, folds: { runs }, options: { maxSkippedItems, ignorePaths } }) =>
    judgePlans(asset, runs, (state, group) =>
      doubtUnnamed(judge(state, maxSkippedItems, ignorePaths), group, 'complete'),
    ),
})

const judge = (
  { run, untold, ahead }: Newest = {},
  limit: number,
  ignore: readonly string[],
): Verdict<'complete' | 'skipped' | 'left-out' | 'untold' | 'unlisted' | keyof typeof newestRunMessages> => {
  if (run === undefined) return ahead === undefined ? { message: 'no-runs' } : runAheadVerdict(ahead)
  const { least, most, paths } = skippedItems(run, ignore, EVIDENCE_LIMIT - 1)
  const data = { ...runData(run), limit }
  const evidence = {
    evidence: [
      runEvidence(run, { skippedItems: most ?? null }),
      ...paths.map((path) => ({ kind: 'skipped-item', id: path })),
    ],
    evidenceOmitted: Math.max(0, least - paths.length),
  }
  if (least > limit)
    return most === undefined
      ? { message: 'left-out', data, ...evidence }
      : { message: 'skipped', data: { ...data, skipped: least }, ...evidence }
  if (ahead !== undefined) return runAheadVerdict(ahead)
  if (most === undefined) return { message: 'untold', data, ...evidence }
  if (most > limit) return { message: 'unlisted', data: { ...data, least, most }, ...evidence }
  if (untold !== undefined)
    return { message: 'untold', data: { ...runData(untold), limit }, evidence: [runEvidence(untold)] }
  return { message: 'complete', data: { ...data, skipped: most }, ...evidence }
}
