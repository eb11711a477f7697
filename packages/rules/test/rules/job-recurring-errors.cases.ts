import type { JobRun } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { jobRecurringErrors } from '../../src/rules/job-recurring-errors.js'
import { HOUR, jobRun } from '../job-run.js'
import { DAY, NOW } from '../restore-test.js'

const ask = (runs: readonly JobRun[]) => ({ histories: { runs } })

const failed = (daysAgo: number, error: JobRun['error'], parts: Partial<JobRun> = {}): JobRun =>
  jobRun(24 * daysAgo, { id: `run-${daysAgo}`, status: 'failed', error, ...parts })

const timeout = { code: 'TIMEOUT', message: 'no answer' }

/** Failures of one class, days ago. */
const timeouts = (...daysAgo: readonly number[]): JobRun[] => daysAgo.map((ago) => failed(ago, timeout))

export default {
  rule: jobRecurringErrors,
  cases: [
    {
      name: 'One error happened twice',
      ...ask([jobRun(1), ...timeouts(3, 9)]),
      expect: { message: 'none', data: { failures: 2, ended: 3, most: 2, limit: 3, days: 30 } },
    },
    {
      name: 'No run failed',
      ...ask([jobRun(1), jobRun(25)]),
      expect: { message: 'none', data: { failures: 0, ended: 2, most: 0 } },
    },
    {
      name: 'One error happened three times, with successes in between',
      ...ask([jobRun(1), jobRun(100), ...timeouts(3, 9, 20)]),
      expect: {
        message: 'recurring',
        subject: 'TIMEOUT',
        data: { error: 'TIMEOUT', count: 3, days: 30 },
        evidence: ['run-20', 'run-9', 'run-3'],
      },
    },
    {
      name: 'One message three times, with another file and time in each',
      ...ask([
        failed(3, { message: 'Cannot open "/srv/shop/a.db": timed out after 30.5 s' }),
        failed(5, { message: 'cannot open "/srv/shop/b.db": timed out after 31 s' }),
        failed(7, { message: `Cannot open "/var/lib/c":  timed out after 300 s` }),
      ]),
      expect: {
        message: 'recurring',
        subject: 'cannot open <name>: timed out after <n> s',
        evidence: ['run-7', 'run-5', 'run-3'],
      },
    },
    {
      name: 'Exit codes say little: their messages count too',
      ...ask([
        failed(3, { code: '1', message: 'repository is locked' }),
        failed(5, { code: '1', message: 'no space left on device' }),
        failed(7, { code: '1', message: 'connection refused' }),
      ]),
      expect: { message: 'none', data: { failures: 3, most: 1 } },
    },
    {
      name: 'Two errors come back',
      ...ask([
        ...timeouts(3, 9, 20),
        ...[4, 10, 21].map((ago) => failed(ago, null, { status: 'cancelled' })),
        failed(1, { message: 'disk full' }),
      ]),
      expect: [
        { message: 'recurring', subject: 'cancelled', data: { count: 3 }, evidence: ['run-21', 'run-10', 'run-4'] },
        { message: 'recurring', subject: 'TIMEOUT', data: { count: 3 }, evidence: ['run-20', 'run-9', 'run-3'] },
      ],
    },
    {
      name: 'An error three times, of which one is older than the window',
      ...ask([jobRun(1), ...timeouts(3, 9, 31)]),
      expect: { message: 'none', data: { most: 2 } },
    },
    {
      name: 'An error twice, and a failure that has none',
      ...ask([...timeouts(3, 9), failed(12, null)]),
      expect: { message: 'untold', data: { untold: 1, most: 2, limit: 3 } },
    },
    {
      name: 'Three runs left something out, and no system says why',
      ...ask([3, 4, 5].map((ago) => failed(ago, null, { status: 'partial' }))),
      expect: { message: 'untold', data: { untold: 3, most: 0 } },
    },
    {
      name: 'More errors than are told apart',
      ...ask(
        Array.from({ length: 203 }, (_, index) =>
          jobRun(1 + index, { status: 'failed', error: { code: `E_${String(index)}`, message: '' } }),
        ),
      ),
      expect: { message: 'untold', data: { untold: 3, most: 1 } },
    },
    {
      name: 'No run came to an end',
      ...ask([jobRun(1, { status: 'running', end: null }), jobRun(24 * 40)]),
      expect: { message: 'no-runs', data: { days: 30 } },
    },
    {
      name: 'Of the only run nobody can say whether it came to an end',
      ...ask([jobRun(1, { status: 'unknown' })]),
      expect: { message: 'no-runs' },
    },
    { name: 'No history mentions the asset', ...ask([]), expect: { message: 'no-runs' } },
    {
      name: 'A run lies an hour after the clock of the audit',
      ...ask([jobRun(1), jobRun(-1)]),
      expect: { message: 'in-future', data: { run: 'run-ahead' } },
    },
    {
      name: 'The history begins ten days ago',
      histories: { runs: { items: [jobRun(1), ...timeouts(3, 9)], from: NOW - 10 * DAY } },
      expect: {
        message: 'history-short',
        data: { from: '2026-10-22T12:00:00.000Z', begin: '2026-10-02T12:00:00.000Z' },
      },
    },
    {
      name: 'The history begins ten days ago, and is long enough to fail',
      histories: { runs: { items: timeouts(3, 5, 9), from: NOW - 10 * DAY } },
      expect: { message: 'recurring', subject: 'TIMEOUT', evidence: ['run-9', 'run-5', 'run-3'] },
    },
    {
      name: 'The history ends twelve hours ago, and the window with it',
      histories: {
        runs: { items: [jobRun(20), ...timeouts(3, 9), ...timeouts(30.25)], observedAt: NOW - 12 * HOUR },
      },
      expect: { message: 'recurring', subject: 'TIMEOUT', evidence: ['run-30.25', 'run-9', 'run-3'] },
    },
  ],
  boundaries: {
    minOccurrences: {
      question: ask([jobRun(1), ...timeouts(3, 9, 12, 15)]),
      limit: 4,
      at: 'recurring',
      stricter: 'recurring',
      laxer: 'none',
    },
    windowDays: {
      question: ask([jobRun(1), ...timeouts(3, 9, 20)]),
      limit: 20,
      at: 'recurring',
      stricter: 'recurring',
      laxer: 'none',
    },
  },
} satisfies RuleTest
