import type { Asset, BackupPlan } from '@backproof/core/audit'
import type { JobRun } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { jobNotMissed } from '../../src/rules/job-not-missed.js'
import { HOUR, jobRun, plan } from '../job-run.js'
import { ABSENT, DAY, MINUTE, NOW, shop } from '../restore-test.js'
import { timetableOf } from '../timetable.js'

/** Every day at 03:00 UTC, nine hours before the clock of cases. */
const daily = plan('nightly', { schedules: [{ cron: '0 3 * * *', timezone: 'UTC' }] })
const hourly = plan('hourly', { schedules: [{ cron: '0 * * * *', timezone: 'UTC' }] })

const assetOf = (plans: readonly BackupPlan[], parts: Partial<Asset> = {}) => ({
  asset: shop({ plans, ...parts }),
  timetable: timetableOf(plans),
})

const ask = (runs: readonly JobRun[], facts: Readonly<Record<string, unknown>> = assetOf([daily])) => ({
  facts,
  histories: { runs },
})

/** A run at 03:00 on each of the last days, by days ago: 0 is today. */
const nights = (daysAgo: readonly number[], parts: (ago: number) => Partial<JobRun> = () => ({})): JobRun[] =>
  daysAgo.map((ago) => jobRun(9 + 24 * ago, { id: `night-${ago}`, ...parts(ago) }))

const month = Array.from({ length: 30 }, (_, index) => index)
const monthBut = (...missing: readonly number[]) => month.filter((ago) => !missing.includes(ago))

const late = (count: number) => (): Partial<JobRun> => ({ start: NOW - 9 * HOUR + count * MINUTE, end: NOW })

export default {
  rule: jobNotMissed,
  cases: [
    {
      name: 'It ran every night for a month',
      ...ask(nights(month)),
      expect: {
        message: 'in-time',
        subject: 'nightly',
        data: { expected: 30, tolerance: 60, begin: '2026-10-02T12:00:00.000Z', end: '2026-11-01T11:00:00.000Z' },
      },
    },
    {
      name: 'It did not run in one of thirty nights',
      ...ask(nights(monthBut(4))),
      expect: {
        message: 'missed',
        subject: 'nightly',
        data: { expected: 30, missed: 1 },
        evidence: ['2026-10-28T03:00:00.000Z'],
      },
    },
    {
      name: 'The scheduler died silently three weeks ago',
      ...ask(nights(month.filter((ago) => ago > 21))),
      expect: { message: 'missed', subject: 'nightly', data: { expected: 30, missed: 22 } },
    },
    {
      name: 'No history mentions the asset',
      ...ask([]),
      expect: { message: 'missed', subject: 'nightly', data: { expected: 30, missed: 30 } },
    },
    {
      name: 'Runs failed, were cancelled, or are still going: they began all the same',
      ...ask(
        nights(month, (ago) => ({
          status: ago === 3 ? 'failed' : ago === 2 ? 'cancelled' : ago === 0 ? 'running' : 'success',
        })),
      ),
      expect: { message: 'in-time', subject: 'nightly', data: { expected: 30 } },
    },
    {
      name: 'The system skipped a run',
      ...ask(nights(month, (ago) => (ago === 4 ? { status: 'skipped' } : {}))),
      expect: { message: 'missed', subject: 'nightly', data: { missed: 1 }, evidence: ['2026-10-28T03:00:00.000Z'] },
    },
    {
      name: 'A run began fifty minutes late',
      ...ask([...nights(monthBut(0)), jobRun(9, late(50)())]),
      expect: { message: 'in-time', subject: 'nightly' },
    },
    {
      name: 'A run began an hour and ten minutes late',
      ...ask([...nights(monthBut(0)), jobRun(9, late(70)())]),
      expect: { message: 'missed', subject: 'nightly', evidence: ['2026-11-01T03:00:00.000Z'] },
    },
    {
      name: 'A run began an hour and ten minutes late, which the plan allows',
      ...ask([...nights(monthBut(0)), jobRun(9, late(70)())], assetOf([{ ...daily, toleranceMinutes: 90 }])),
      expect: { message: 'in-time', subject: 'nightly', data: { tolerance: 90 } },
    },
    {
      name: 'The option counts more than the plan',
      options: { toleranceMinutes: 30 },
      ...ask([...nights(monthBut(0)), jobRun(9, late(70)())], assetOf([{ ...daily, toleranceMinutes: 90 }])),
      expect: { message: 'missed', subject: 'nightly', data: { tolerance: 30 } },
    },
    {
      name: 'The clock of the backup system is three minutes behind',
      ...ask(nights(month).map((run) => ({ ...run, start: run.start - 3 * MINUTE }))),
      expect: { message: 'in-time', subject: 'nightly' },
    },
    {
      name: 'Every hour but one, with a tolerance of two hours: those that follow do not hide it',
      options: { windowDays: 1, toleranceMinutes: 120 },
      ...ask(
        Array.from({ length: 30 }, (_, index) => jobRun(index)).filter(({ id }) => id !== 'run-10'),
        assetOf([hourly]),
      ),
      expect: { message: 'missed', subject: 'hourly', data: { missed: 1 }, evidence: ['2026-11-01T02:00:00.000Z'] },
    },
    {
      name: 'The scheduler was down for two hours, and caught up',
      options: { windowDays: 1, toleranceMinutes: 180 },
      ...ask(
        Array.from({ length: 30 }, (_, index) => jobRun(index)).map((run) =>
          run.id === 'run-10' || run.id === 'run-9' ? { ...run, start: NOW - 8 * HOUR + MINUTE } : run,
        ),
        assetOf([hourly]),
      ),
      expect: { message: 'in-time', subject: 'hourly' },
    },
    {
      name: 'A run began 58 minutes late, and the next one in time',
      options: { windowDays: 1 },
      ...ask(
        Array.from({ length: 30 }, (_, index) => jobRun(index)).map((run) =>
          run.id === 'run-10' ? { ...run, start: run.start + 58 * MINUTE } : run,
        ),
        assetOf([hourly]),
      ),
      expect: { message: 'in-time', subject: 'hourly' },
    },
    {
      name: 'Clocks went back on 25 October in Berlin: 02:30 came twice, and the backup ran once',
      ...ask(
        month.map((ago) => jobRun(10.5 + 24 * ago + (ago > 7 ? 1 : 0), { id: `night-${ago}` })),
        assetOf([plan('nightly', { schedules: [{ cron: '30 2 * * *', timezone: 'Europe/Berlin' }] })]),
      ),
      expect: { message: 'in-time', subject: 'nightly', data: { expected: 30 } },
    },
    {
      name: 'A weekly rule of RFC 5545, and one week without a run',
      ...ask(
        [4, 18, 25].map((ago) => jobRun(24 * ago + 9)),
        assetOf([
          plan('weekly', {
            schedules: [{ rrule: 'FREQ=WEEKLY;BYDAY=WE', start: '2026-01-07T03:00:00', timezone: 'UTC' }],
          }),
        ]),
      ),
      expect: {
        message: 'missed',
        subject: 'weekly',
        data: { expected: 4, missed: 1 },
        evidence: ['2026-10-21T03:00:00.000Z'],
      },
    },
    {
      name: 'A plan with two schedules expects the starts of both',
      ...ask(
        nights(month),
        assetOf([plan('nightly', { schedules: [...daily.schedules, { cron: '0 15 * * SUN', timezone: 'UTC' }] })]),
      ),
      expect: { message: 'missed', subject: 'nightly', data: { expected: 34, missed: 4 } },
    },
    {
      name: 'Of two plans one runs',
      options: { windowDays: 1 },
      ...ask(
        Array.from({ length: 30 }, (_, index) => jobRun(index, { plan: 'hourly' })),
        assetOf([daily, hourly]),
      ),
      expect: [
        { message: 'missed', subject: 'nightly', data: { missed: 1 }, evidence: ['2026-11-01T03:00:00.000Z'] },
        { message: 'in-time', subject: 'hourly' },
      ],
    },
    {
      name: 'A run names no plan, and may be the one that is missing',
      options: { windowDays: 1 },
      ...ask(
        [jobRun(9), ...Array.from({ length: 30 }, (_, index) => jobRun(index, { id: `h-${index}`, plan: 'hourly' }))],
        assetOf([daily, hourly]),
      ),
      expect: [
        { message: 'unassigned', subject: 'nightly', data: { missed: 1 } },
        { message: 'in-time', subject: 'hourly' },
      ],
    },
    {
      name: 'Nobody can say what became of a run, which may have been skipped',
      ...ask(nights(month, (ago) => (ago === 3 ? { status: 'unknown' } : {}))),
      expect: {
        message: 'unassigned',
        subject: 'nightly',
        data: { missed: 1 },
        evidence: ['2026-10-29T03:00:00.000Z'],
      },
    },
    {
      name: 'Runs of another plan do not count',
      ...ask(nights(month, () => ({ plan: 'weekly' }))),
      expect: { message: 'missed', subject: 'nightly', data: { missed: 30 } },
    },
    {
      name: 'The asset has to be backed up since ten days',
      ...ask(nights(month.slice(0, 10)), assetOf([daily], { since: NOW - 10 * DAY })),
      expect: { message: 'in-time', subject: 'nightly', data: { expected: 10 } },
    },
    {
      name: 'The asset is three hours old',
      ...ask([], assetOf([daily], { since: NOW - 3 * HOUR })),
      expect: { message: 'none-due', subject: 'nightly' },
    },
    {
      name: 'The history begins ten days ago',
      facts: assetOf([daily]),
      histories: { runs: { items: nights(month.slice(0, 10)), from: NOW - 10 * DAY } },
      expect: {
        message: 'history-short',
        subject: 'nightly',
        data: { from: '2026-10-22T12:05:00.000Z', begin: '2026-10-02T12:00:00.000Z' },
      },
    },
    {
      name: 'The history begins ten days ago, and a night is missing since',
      facts: assetOf([daily]),
      histories: { runs: { items: nights([0, 1, 2, 4, 5, 6, 7, 8, 9]), from: NOW - 10 * DAY } },
      expect: {
        message: 'missed',
        subject: 'nightly',
        data: { expected: 10, missed: 1 },
        evidence: ['2026-10-29T03:00:00.000Z'],
      },
    },
    {
      name: 'The history ends half an hour after the start that is expected: it may still be in time',
      facts: assetOf([daily]),
      histories: { runs: { items: nights(monthBut(0)), observedAt: NOW - 8.5 * HOUR } },
      expect: { message: 'in-time', subject: 'nightly', data: { expected: 29, end: '2026-11-01T02:30:00.000Z' } },
    },
    {
      name: 'A run lies an hour after the clock of the audit',
      ...ask([...nights(month), jobRun(-1)]),
      expect: { message: 'in-future', subject: 'nightly', data: { run: 'run-ahead' } },
    },
    {
      name: 'A start may be a month late: none of the month is missed yet',
      ...ask([], assetOf([plan('nightly', { schedules: daily.schedules, toleranceMinutes: 43_200 })])),
      expect: { message: 'too-tolerant', subject: 'nightly', data: { tolerance: 43_200, days: 30 } },
    },
    {
      name: 'A plan that runs on demand',
      ...ask([], assetOf([plan('before-upgrades')])),
      expect: { message: 'no-schedule', subject: 'before-upgrades' },
    },
    {
      name: 'The policy gives the asset no plan',
      ...ask(nights(month), assetOf([])),
      expect: { message: 'no-plan' },
    },
    {
      name: 'No policy names the asset',
      ...ask(nights(month), { asset: ABSENT, timetable: ABSENT }),
      expect: { message: 'no-policy' },
    },
  ],
  absent: { asset: { message: 'no-policy' }, timetable: { message: 'no-policy' } },
  boundaries: {
    toleranceMinutes: {
      question: ask([...nights(monthBut(0)), jobRun(9, late(70)())]),
      limit: 70,
      at: 'in-time',
      stricter: 'missed',
      laxer: 'in-time',
    },
    windowDays: {
      // Noon of the day that is 20 days ago has no run.
      question: ask(
        month.slice(0, 20).map((ago) => jobRun(24 * ago)),
        assetOf([plan('noon', { schedules: [{ cron: '0 12 * * *', timezone: 'UTC' }] })]),
      ),
      limit: 20,
      at: 'missed',
      stricter: 'missed',
      laxer: 'in-time',
    },
  },
} satisfies RuleTest
