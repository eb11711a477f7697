import { assetPolicy, choiceOption, defineRule, factValue, numberOption, type Verdict } from '@backproof/core/audit'
import { hasEnded, hasSucceeded, type JobRun, jobRuns } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { doubtUnnamed, foldByPlan, judgePlans, planMessages, unnamedMessages } from '../plans.js'
import { isRunAhead, newestRunMessages, runAheadVerdict, runData, runEvidence } from '../runs.js'
import { days, isoTime } from '../time.js'

interface Newest {
  /** By its start, of those that came to an end. */
  ended?: JobRun
  ahead?: JobRun
}

/** The newest finished run of each plan has to be a success. */
export const jobLastRunSucceeded = defineRule({
  id: 'job-last-run-succeeded',
  title: 'The last backup run succeeded',
  description: [
    'Of each plan the run that started last is looked at, among those that came to an end: a run that is still going, or was skipped on purpose, is passed over. `success` and `warning` succeeded; `failed` and `cancelled` did not; a run that left something out counts as `treatPartialAs` says; of `unknown` nobody can say.',
    'How old that run is does not matter here: `job-not-missed` finds runs that never happened, `recovery-point-fresh` backups that are too old.',
    'Plans are those that the policy gives the asset, else those that runs name. Runs that name no plan are of the only plan; where there are several, they are judged together as `(no plan)`, which can fail and never passes.',
  ],
  rationale:
    'After a failed run the newest data is not backed up. As long as no later run succeeds, everything since the last success would be lost.',
  category: 'jobs',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({
    partial: 'CP-9; CIS 11.2; A.8.13; A1.2; 308(a)(7)(ii)(A)',
    supporting: 'PCI 12.10.1; GDPR 32(1)(b); DORA 12',
  }),
  remediation: {
    action: 'Run the backup again, classify the error, and open a corrective action',
    effort: 'small',
  },
  messages: {
    succeeded: { status: 'pass', text: 'the last run, {run} of {at}, ended with {status}' },
    failed: { status: 'fail', text: 'the last run, {run} of {at}, ended with {status}' },
    partial: { status: 'fail', text: 'the last run, {run} of {at}, left something out' },
    'status-unknown': { status: 'unknown', text: 'nobody can say how the last run, {run} of {at}, ended' },
    'in-grace': {
      status: 'not-applicable',
      text: 'it has to be backed up since {since}, and its runs are judged after {days} days',
    },
    ...newestRunMessages,
    ...planMessages,
    ...unnamedMessages,
  },
  options: {
    treatPartialAs: choiceOption({
      default: 'fail',
      choices: ['fail', 'pass'],
      source: 'Commvault counts completed-with-errors as unsuccessful',
      description: 'What a last run that left something out comes to.',
    }),
    newAssetGraceDays: numberOption({
      default: 0,
      max: 3_660,
      unit: 'days',
      stricter: 'lower',
      source: 'own choice: none; Commvault has 30',
      description: 'Days after `since` of the policy in which an asset is not judged yet.',
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
          else if (hasEnded(run)) state.ended = run
        },
      }),
    ),
  }),
  evaluate: ({ now, facts: { asset }, folds: { runs }, options: { treatPartialAs, newAssetGraceDays } }) => {
    const since = factValue(asset)?.since
    if (since !== undefined && now < since + days(newAssetGraceDays))
      return { message: 'in-grace', data: { since: isoTime(since), days: newAssetGraceDays } }
    return judgePlans(asset, runs, (state, group) =>
      doubtUnnamed(judge(state, treatPartialAs === 'pass'), group, 'succeeded'),
    )
  },
})

const judge = (
  { ended, ahead }: Newest = {},
  passPartial: boolean,
): Verdict<'succeeded' | 'failed' | 'partial' | 'status-unknown' | keyof typeof newestRunMessages> => {
  const succeeded = ended !== undefined && (hasSucceeded(ended) || (ended.status === 'partial' && passPartial))
  if (ended !== undefined && !succeeded && ended.status !== 'unknown')
    return { message: ended.status === 'partial' ? 'partial' : 'failed', ...evidenceOf(ended) }
  if (ahead !== undefined) return runAheadVerdict(ahead)
  if (ended === undefined) return { message: 'no-runs' }
  return { message: succeeded ? 'succeeded' : 'status-unknown', ...evidenceOf(ended) }
}

const evidenceOf = (run: JobRun): Pick<Verdict, 'data' | 'evidence'> => ({
  data: runData(run),
  evidence: [runEvidence(run, { rawStatus: run.rawStatus ?? null })],
})
