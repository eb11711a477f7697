import type { Evidence, Message, Verdict } from '@backproof/core/audit'
import { hasSucceeded, type JobRun } from '@backproof/core/history'
import { isAhead, isoTime } from './time.js'

export { isShort, windowStart } from './history-start.js'

/** What runs of several rules count as. `partial` is a failure: something was not backed up. `unknown` may be either. */
export type RunResult = 'success' | 'failure' | 'unknown' | 'none'

/** `none`: it is still going, or was skipped on purpose, and says nothing. */
export const resultOfRun = (run: JobRun): RunResult => {
  if (hasSucceeded(run)) return 'success'
  if (run.status === 'running' || run.status === 'skipped') return 'none'
  return run.status === 'unknown' ? 'unknown' : 'failure'
}

/** Whether its start or end lies after the clock of the audit, by more than clocks may be apart. */
export const isRunAhead = ({ start, end }: JobRun, now: number): boolean => isAhead(Math.max(start, end ?? start), now)

/** @param data What else the number can be recomputed from. */
export const runEvidence = ({ id, start, status }: JobRun, data: Evidence['data'] = {}): Evidence => ({
  kind: 'job-run',
  id,
  at: isoTime(start),
  data: { status, ...data },
})

/** A run for `data` and messages. */
export const runData = ({ id, start, status }: JobRun): { run: string; at: string; status: string } => ({
  run: id,
  at: isoTime(start),
  status,
})

/** Messages of rules that judge the newest runs. */
export const newestRunMessages = {
  'no-runs': { status: 'unknown', text: 'no run has come to an end, as far as its history tells' },
  'in-future': {
    status: 'unknown',
    text: 'the run {run} of {at} lies after the clock of this audit: one of the clocks is wrong',
  },
} as const satisfies Record<string, Message>

/** Messages of rules that judge the runs of a window. */
export const windowMessages = {
  'in-future': newestRunMessages['in-future'],
  'history-short': {
    status: 'unknown',
    text: 'what is asked of begins at {begin}, and is known from {from} on only; a longer history would tell',
  },
} as const satisfies Record<string, Message>

/** What is said in place of a pass, where nobody knows what happened at the beginning of the window. */
export const shortVerdict = (from: number, begin: number): Verdict<'history-short'> => ({
  message: 'history-short',
  data: { from: isoTime(from), begin: isoTime(begin) },
})

/** Stands above all passes: a run whose time cannot be. */
export const runAheadVerdict = (ahead: JobRun): Verdict<'in-future'> => ({
  message: 'in-future',
  data: runData(ahead),
  evidence: [runEvidence(ahead)],
})
