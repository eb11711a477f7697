import {
  assetPolicy,
  defineRule,
  EVIDENCE_LIMIT,
  factValue,
  numberOption,
  type TimeWindow,
  textsOption,
  type Verdict,
} from '@backproof/core/audit'
import { jobRuns } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { foldByPlan, judgePlans, NO_PLAN, planMessages } from '../plans.js'
import { keepRecent, knownEnd, noRuns, type RecentRun, sampleOf } from '../recent-runs.js'
import { isShort, runAheadVerdict, shortVerdict, windowMessages, windowStart } from '../runs.js'
import { days, inMinutes, isoTime, minutes } from '../time.js'
import { openUntil, WINDOW_FORM, WINDOW_PATTERN, windowsOf } from '../time-window.js'

/** Runs begin and end within the backup window. */
export const jobWindowRespected = defineRule({
  id: 'job-window-respected',
  title: 'Backups stay within their window',
  description: [
    'Each run of the last `windowDays`, whatever it came to, has to begin and to end within an occurrence of the window of its plan; it may end `maxOverrunMinutes` later. A run that is still going must not be later than that. Windows are times of the wall clock in their time zone: one from 22:00 to 06:00 lasts 7 or 9 hours in a night in which clocks jump. Where one window begins at the moment at which another ends, both are one.',
    'Each plan of the asset that has a window gets a verdict. Of more than 10,000 runs the newest are judged, and the result says that it is a sample.',
  ],
  rationale:
    'Backups outside their window slow down production, and read data that is being changed. One that ends later every night has outgrown its window.',
  category: 'jobs',
  severity: 'medium',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'A1.1', supporting: 'CP-9; A.8.6' }),
  remediation: {
    action: 'Move the schedule, split what one run backs up, or change from full backups to incremental ones',
    effort: 'medium',
  },
  messages: {
    respected: { status: 'pass', text: 'all {runs} runs of {days} days began and ended within their window' },
    outside: {
      status: 'fail',
      text: '{outside} of {runs} runs of {days} days were outside their window: {early} began, and {late} ended, when it was closed; the longest was {longest} minutes late',
    },
    'end-unknown': {
      status: 'unknown',
      text: '{runs} runs began within their window, and of {open} of them nobody says when they ended',
    },
    'plan-unknown': {
      status: 'unknown',
      text: '{runs} runs name no plan: which window they should be in, nobody can say',
    },
    'no-runs': { status: 'unknown', text: 'no run is known of the last {days} days' },
    'window-unreadable': { status: 'unknown', text: 'the option `window` cannot be read: {reason}' },
    'no-window': { status: 'not-applicable', text: 'the policy has no window for it' },
    ...windowMessages,
    ...planMessages,
  },
  options: {
    window: textsOption({
      default: [],
      pattern: WINDOW_PATTERN,
      form: WINDOW_FORM,
      source: 'the window of each plan in the policy',
      description: 'Windows in which every run has to be, in place of those of the policy.',
    }),
    maxOverrunMinutes: numberOption({
      default: 0,
      max: 10_080,
      unit: 'minutes',
      stricter: 'lower',
      source: 'audit catalogue',
      description: 'A run may end this much later than its window.',
    }),
    windowDays: numberOption({
      default: 30,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'higher',
      source: 'own choice: a month',
      description: 'Runs that started or ended in the last days count.',
    }),
  },
  needs: { asset: assetPolicy },
  folds: (fold) => ({ runs: fold(jobRuns, foldByPlan({ init: noRuns, step: keepRecent })) }),
  evaluate: ({ now, facts: { asset }, folds: { runs }, options }) => {
    const given = windowsOf(options.window)
    if ('wrong' in given) return { message: 'window-unreadable', data: { reason: given.wrong } }
    const { observedAt } = runs
    const begin = windowStart({ now, observedAt }, days(options.windowDays))
    const windowed = factValue(asset)?.plans.some(({ window }) => window !== undefined)
    return judgePlans(asset, runs, (state = noRuns(), { plan, subject }): Judged => {
      const windows = given.length > 0 || plan?.window === undefined ? given : [plan.window]
      const judged = state.kept.items()
      const data = { runs: judged.length, days: options.windowDays }
      if (windows.length === 0)
        return subject === NO_PLAN && windowed === true
          ? { message: 'plan-unknown', data }
          : { message: 'no-window', data }
      const until = Math.min(now, observedAt)
      const trips = judged.map((run) => tripOf(run, windows, until, minutes(options.maxOverrunMinutes)))
      const outside = trips.filter(({ early, late }) => early || late > 0)
      if (outside.length > 0)
        return {
          message: 'outside',
          data: {
            ...data,
            outside: outside.length,
            early: outside.filter(({ early }) => early).length,
            late: outside.filter(({ late }) => late > 0).length,
            longest: inMinutes(outside.reduce((most, { late }) => Math.max(most, late), 0)),
          },
          evidence: outside.slice(0, EVIDENCE_LIMIT).map(({ run, early, late, closed }) => ({
            kind: 'job-run',
            id: run.id,
            at: isoTime(run.start),
            data: {
              end: run.end === null ? null : isoTime(run.end),
              closed: closed === undefined ? null : isoTime(closed),
              early,
              lateMinutes: inMinutes(late),
            },
          })),
          evidenceOmitted: Math.max(0, outside.length - EVIDENCE_LIMIT),
        }
      if (state.ahead !== undefined) return runAheadVerdict(state.ahead)
      if (judged.length === 0) return { message: 'no-runs', data }
      const open = trips.filter(({ ended }) => !ended)
      if (open.length > 0)
        return {
          message: 'end-unknown',
          data: { ...data, open: open.length },
          evidence: open
            .slice(0, EVIDENCE_LIMIT)
            .map(({ run }) => ({ kind: 'job-run', id: run.id, at: isoTime(run.start) })),
          evidenceOmitted: Math.max(0, open.length - EVIDENCE_LIMIT),
        }
      if (isShort(runs, begin)) return shortVerdict(runs.from!, begin)
      return { message: 'respected', data, ...sampleOf(state) }
    })
  },
})

type Judged = Verdict<
  'respected' | 'outside' | 'end-unknown' | 'plan-unknown' | 'no-runs' | 'no-window' | keyof typeof windowMessages
>

/** How a run lay in the windows. */
interface Trip {
  readonly run: RecentRun
  /** It began when they were closed. */
  readonly early: boolean
  /** Milliseconds after they closed; 0 where that is allowed. */
  readonly late: number
  /** When they closed. */
  readonly closed: number | undefined
  /** Whether it is known how long it was under way. */
  readonly ended: boolean
}

const tripOf = (run: RecentRun, windows: readonly TimeWindow[], until: number, overrun: number): Trip => {
  const end = knownEnd(run, until)
  const closed = openUntil(windows, run.start, end ?? run.start)
  const late = closed === undefined || end === undefined || end <= closed + overrun ? 0 : end - closed
  return { run, early: closed === undefined, late, closed, ended: end !== undefined }
}
