import {
  type Asset,
  assetPolicy,
  assetTimetable,
  type BackupPlan,
  defineRule,
  EVIDENCE_LIMIT,
  type FoldedFact,
  factValue,
  numberOption,
  type Timetable,
  type Verdict,
} from '@backproof/core/audit'
import { jobRuns } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { LEAD, missedStarts } from '../missed-starts.js'
import {
  addStart,
  hasBetween,
  keptFrom,
  noStarts,
  type PlanStarts,
  type RunStarts,
  startsByPlan,
} from '../run-starts.js'
import { isRunAhead, runAheadVerdict, shortVerdict, windowMessages, windowStart } from '../runs.js'
import { CLOCK_SKEW, days, isoTime, minutes } from '../time.js'

const DEFAULT_TOLERANCE = 60

/** Each start that a schedule expects has to have a run. */
export const jobNotMissed = defineRule({
  id: 'job-not-missed',
  title: 'Scheduled backups run',
  description: [
    'Expands the schedules of each plan that the policy gives the asset, in their time zones, over the window, and looks for a run of the plan for each start: one that began up to `toleranceMinutes` later, or, as clocks differ, up to 5 minutes earlier. One run answers one start, and each start takes its own run first: the tolerance allows a scheduler to catch up, and does not let a start that is missing be hidden by those that follow.',
    'A run that began is not missed, however it ended: `job-last-run-succeeded` judges that. A run that the system recorded as skipped began nothing, and its start is missed; the evidence says so. A run with the status `unknown` may have been skipped: the rule is `unknown` where it would answer what is missing.',
    'Judged are starts since the asset has to be backed up (`since`), and before the end of the history less the tolerance: later ones may still be in time. Of a history that begins within the window only the rest is judged, which can fail, not pass.',
    'Where an asset has several plans, a run that names none may be of any of them: the rule is `unknown` where such runs would answer all that is missing. Of an asset the newest 100,000 runs are kept; where there were more in the window, what they cover is judged like a history that begins with them.',
  ],
  rationale:
    'A scheduler that died reports no failure: no run, no error, no alert. Only the schedule knows what should have happened.',
  category: 'jobs',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'CP-9; CIS 11.2; A1.2; 308(a)(7)(ii)(A)', supporting: 'CC7.2' }),
  remediation: {
    action: 'Repair the scheduler, and let something outside of it raise an alarm when a run does not happen',
    steps: [
      'Run the backup by hand, so that the newest data is protected.',
      'Find out why the scheduler did not start it: stopped, disabled, clock, time zone, a queue that is full.',
      'Add a dead-man alert: a run that does not report within its tolerance raises an alarm.',
    ],
    effort: 'small',
  },
  messages: {
    'in-time': {
      status: 'pass',
      text: '{expected} of {expected} starts that were expected from {begin} to {end} happened within {tolerance} minutes',
    },
    missed: {
      status: 'fail',
      text: '{missed} of {expected} starts that were expected from {begin} to {end} did not happen within {tolerance} minutes',
    },
    unassigned: {
      status: 'unknown',
      text: '{missed} of {expected} starts that were expected from {begin} to {end} have no run of this plan that is known to have begun; runs that name no plan, or of which nobody can say what became of them, may be theirs',
    },
    'too-tolerant': {
      status: 'unknown',
      text: 'a start may be {tolerance} minutes late, so that none of the last {days} days is missed yet: set windowDays to more, or the tolerance to less',
    },
    'none-due': { status: 'not-applicable', text: 'no start that is over was expected since {begin}' },
    'no-schedule': { status: 'not-applicable', text: 'the plan has no schedule: it runs on demand' },
    'no-plan': { status: 'not-applicable', text: 'the policy gives it no plan, so no run is expected' },
    'no-policy': { status: 'unknown', text: 'no policy says when its backups should run' },
    ...windowMessages,
  },
  options: {
    toleranceMinutes: numberOption({
      default: undefined,
      otherwise: `\`toleranceMinutes\` of the plan in the policy, else ${DEFAULT_TOLERANCE}`,
      min: 0,
      max: 14_400,
      unit: 'minutes',
      stricter: 'lower',
      source: 'own choice: an hour',
      description: 'Minutes after a start that is expected in which a run is in time.',
    }),
    windowDays: numberOption({
      default: 30,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'higher',
      source: 'own choice: a month',
      description: 'Starts that were expected in the last days count.',
    }),
  },
  needs: { asset: assetPolicy, timetable: assetTimetable },
  folds: (fold) => ({
    runs: fold(jobRuns, {
      init: () => noStarts(),
      step: (state, run, context) => {
        if (isRunAhead(run, context.now)) state.ahead = run
        else if (run.start >= windowStart(context, days(context.options.windowDays)) - LEAD) addStart(state, run)
        return state
      },
    }),
  }),
  evaluate: ({ now, facts, folds: { runs }, options: { toleranceMinutes, windowDays } }) => {
    const asset = factValue(facts.asset)
    const timetable = factValue(facts.timetable)
    if (asset === undefined || timetable === undefined) return { message: 'no-policy' }
    if (asset.plans.length === 0) return { message: 'no-plan' }
    const ids = asset.plans.map(({ id }) => id)
    const starts = startsByPlan(runs.value, ids)
    const horizon = windowStart({ now, observedAt: runs.observedAt }, 0)
    const span = spanOf(asset, runs, horizon - days(windowDays))
    return asset.plans.map((plan): JobVerdict => {
      const { id: subject, schedules } = plan
      if (schedules.length === 0) return { message: 'no-schedule', subject }
      const tolerance = toleranceMinutes ?? plan.toleranceMinutes ?? DEFAULT_TOLERANCE
      const late = { tolerance, days: windowDays }
      if (minutes(tolerance) >= days(windowDays)) return { message: 'too-tolerant', subject, data: late }
      return { ...judgePlan(plan, starts.get(subject)!, { ...span, horizon, tolerance, runs, timetable }), subject }
    })
  },
})

type JobVerdict = Verdict<
  'in-time' | 'missed' | 'unassigned' | 'too-tolerant' | 'none-due' | 'no-schedule' | keyof typeof windowMessages
>

interface Span {
  /** From when on starts are asked of. */
  readonly asked: number
  /** From when on they are known. */
  readonly begin: number
}

const spanOf = ({ since }: Asset, { from, value }: FoldedFact<RunStarts>, begin: number): Span => {
  const asked = Math.max(begin, since ?? begin)
  // A run just before the history begins may have been an early one.
  const told = from !== undefined && from > asked ? from + CLOCK_SKEW : asked
  return { asked, begin: Math.max(told, keptFrom(value) ?? told) }
}

interface Judged extends Span {
  readonly horizon: number
  /** Minutes. */
  readonly tolerance: number
  readonly runs: FoldedFact<RunStarts>
  readonly timetable: Timetable
}

const judgePlan = (
  { id }: BackupPlan,
  { began, skipped, unsure }: PlanStarts,
  { asked, begin, horizon, tolerance, runs, timetable }: Judged,
): JobVerdict => {
  const late = minutes(tolerance)
  const end = horizon - late
  const range = { from: begin - LEAD, to: horizon + CLOCK_SKEW + 1 }
  const expected = () => timetable.starts(id, range)
  const answer = missedStarts({ expected, began, begin, end, tolerance: late })
  const isNear = (times: readonly number[], start: number) => hasBetween(times, start - CLOCK_SKEW, start + late)
  const certain = answer.missed.filter((start) => !isNear(unsure, start))
  const missed = certain.length > 0 ? certain : answer.missed
  const data = {
    expected: answer.expected,
    missed: missed.length,
    begin: isoTime(begin),
    end: isoTime(end),
    tolerance,
  }
  if (missed.length > 0)
    return {
      message: certain.length > 0 ? 'missed' : 'unassigned',
      data,
      evidence: missed.slice(0, EVIDENCE_LIMIT).map((start) => ({
        kind: 'expected-start',
        id: isoTime(start),
        at: isoTime(start),
        data: { plan: id, skipped: isNear(skipped, start) },
      })),
      evidenceOmitted: Math.max(0, missed.length - EVIDENCE_LIMIT),
    }
  if (runs.value.ahead !== undefined) return runAheadVerdict(runs.value.ahead)
  if (begin > asked) return shortVerdict(begin, asked)
  if (answer.expected === 0) return { message: 'none-due', data }
  return { message: 'in-time', data }
}
