import type { Asset, BackupPlan, TimeWindow } from '@backproof/core/audit'
import type { JobRun } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { jobNoProductionImpact } from '../../src/rules/job-no-production-impact.js'

const SALES: TimeWindow = { from: '09:00', to: '18:00', timezone: 'Europe/Berlin', days: ['mon', 'fri'] }
const plan = (id: string, more: Partial<BackupPlan> = {}): BackupPlan => ({ id, schedules: [], ...more })
const asset = (...plans: BackupPlan[]): { asset: Asset } => ({ asset: { id: 'shop', plans, copies: [] } })
const careful = asset(plan('nightly', { blackouts: [SALES], maxConcurrent: 2 }))

const run = (start: string, end: string | null, more: Partial<JobRun> = {}): JobRun => ({
  id: `run-${start.slice(0, 5)}`,
  asset: 'shop',
  plan: 'nightly',
  start: Date.parse(`2026-${start}`),
  end: end === null ? null : Date.parse(`2026-${end}`),
  status: 'success',
  sourceCpuPercent: 35,
  ...more,
})
/** From Wednesday to Thursday. */
const good = run('10-28T23:00Z', '10-29T03:00Z')
const ask = (facts: { asset: Asset }, ...runs: JobRun[]) => ({ facts, histories: { runs } })
const blackout = { facts: asset(plan('nightly', { blackouts: [SALES] })) }
const limited = { facts: asset(plan('nightly', { maxConcurrent: 2 })) }
const three = [
  run('10-28T23:00Z', '10-29T03:00Z', { id: 'one' }),
  run('10-29T01:00Z', '10-29T04:00Z', { id: 'two' }),
  run('10-29T02:59Z', '10-29T03:30Z', { id: 'three' }),
]

export default {
  rule: jobNoProductionImpact,
  cases: [
    {
      name: 'A run by night, alone',
      ...ask(careful, good),
      expect: [
        { message: 'no-overlap', subject: 'blackouts', data: { runs: 1 } },
        { message: 'few-at-once', subject: 'concurrency' },
      ],
    },
    {
      name: 'A run went on until nine on Friday, when sales begin',
      ...blackout,
      histories: { runs: [run('10-30T01:00Z', '10-30T08:00Z')] },
      expect: { message: 'no-overlap', subject: 'blackouts' },
    },
    {
      name: 'A run went on one second longer',
      ...blackout,
      histories: { runs: [good, run('10-30T01:00Z', '10-30T08:00:01Z')] },
      expect: { message: 'in-blackout', subject: 'blackouts', data: { hit: 1, runs: 2 }, evidence: ['run-10-30'] },
    },
    {
      name: 'A run from Thursday to Saturday spans the sales of Friday',
      ...blackout,
      histories: { runs: [run('10-29T20:00Z', '10-31T02:00Z')] },
      expect: { message: 'in-blackout', subject: 'blackouts' },
    },
    {
      name: 'A run of Friday noon took no time',
      ...blackout,
      histories: { runs: [run('10-30T11:00Z', '10-30T11:00Z')] },
      expect: { message: 'in-blackout', subject: 'blackouts' },
    },
    {
      name: 'A run goes on when sales have begun',
      ...blackout,
      histories: { runs: [run('10-30T01:00Z', null, { status: 'running' })] },
      now: Date.parse('2026-10-30T10:00Z'),
      expect: { message: 'in-blackout', subject: 'blackouts' },
    },
    {
      name: 'Nobody says when a cancelled run ended',
      ...ask(careful, good, run('10-30T01:00Z', null, { status: 'cancelled' })),
      expect: [
        { message: 'end-unknown', subject: 'blackouts', data: { open: 1, runs: 2 } },
        { message: 'end-unknown', subject: 'concurrency', data: { open: 1, runs: 2 } },
      ],
    },
    {
      name: 'An option has another blackout than the policy',
      ...blackout,
      histories: { runs: [run('10-30T11:00Z', '10-30T12:00Z'), run('10-28T02:00Z', '10-28T03:00Z')] },
      options: { blackouts: ['00:00-06:00 UTC'] },
      expect: { message: 'in-blackout', subject: 'blackouts', data: { hit: 1 }, evidence: ['run-10-28'] },
    },
    {
      name: 'The time zone of the option is not known',
      ...ask(careful, good),
      options: { blackouts: ['00:00-06:00 Europe/Berln'] },
      expect: { message: 'window-unreadable' },
    },
    {
      name: 'Three runs at once where two may be',
      ...limited,
      histories: { runs: three },
      expect: {
        message: 'too-many-at-once',
        subject: 'concurrency',
        data: { peak: 3, allowed: 2, at: '2026-10-29T02:59:00.000Z' },
        evidence: ['one', 'two', 'three'],
      },
    },
    {
      name: 'The third begins as the first ends',
      ...limited,
      histories: { runs: [...three.slice(0, 2), run('10-29T03:00Z', '10-29T03:30Z', { id: 'three' })] },
      expect: { message: 'few-at-once', subject: 'concurrency' },
    },
    {
      name: 'Runs of another plan are not counted',
      facts: asset(plan('nightly', { maxConcurrent: 2 }), plan('logs')),
      histories: { runs: three.map((one) => (one.id === 'three' ? { ...one, plan: 'logs' } : one)) },
      expect: { message: 'few-at-once', subject: 'concurrency', data: { runs: 2 } },
    },
    {
      name: 'With the option all runs of the asset are counted',
      facts: asset(plan('nightly', { maxConcurrent: 2 }), plan('logs')),
      histories: { runs: three.map((one) => (one.id === 'three' ? { ...one, plan: 'logs' } : one)) },
      options: { maxConcurrent: 2 },
      expect: { message: 'too-many-at-once', subject: 'concurrency' },
    },
    {
      name: 'A run of an asset with two plans names neither',
      facts: asset(plan('nightly', { maxConcurrent: 2 }), plan('logs')),
      histories: { runs: [good, run('10-29T23:00Z', '10-30T01:00Z', { plan: null })] },
      expect: { message: 'plan-unknown', subject: 'concurrency', data: { unclear: 1 } },
    },
    {
      name: 'A run is of a plan that the policy does not know',
      ...blackout,
      histories: { runs: [good, run('10-29T23:00Z', '10-30T01:00Z', { plan: 'test' })] },
      expect: { message: 'plan-unknown', subject: 'blackouts', data: { unclear: 1 } },
    },
    {
      name: 'The source was busy by a third',
      facts: asset(plan('nightly')),
      histories: { runs: [good] },
      options: { maxSourceCpuPercent: 80 },
      expect: { message: 'low-load', subject: 'load' },
    },
    {
      name: 'The source was busy by nine tenths',
      facts: asset(plan('nightly')),
      histories: { runs: [good, run('10-29T23:00Z', '10-30T01:00Z', { sourceCpuPercent: 91.5 })] },
      options: { maxSourceCpuPercent: 80 },
      expect: { message: 'high-load', subject: 'load', data: { over: 1, highest: 91.5 }, evidence: ['run-10-29'] },
    },
    {
      name: 'Nobody measured the load of one run',
      facts: asset(plan('nightly')),
      histories: { runs: [good, run('10-29T23:00Z', '10-30T01:00Z', { sourceCpuPercent: null })] },
      options: { maxSourceCpuPercent: 80 },
      expect: { message: 'load-unknown', subject: 'load', data: { open: 1 } },
    },
    {
      name: 'The load of one run is no number',
      facts: asset(plan('nightly')),
      histories: { runs: [good, run('10-30T23:00Z', '10-31T01:00Z', { sourceCpuPercent: Number.NaN })] },
      options: { maxSourceCpuPercent: 80 },
      expect: { message: 'load-unknown', subject: 'load' },
    },
    {
      name: 'Nothing is declared',
      facts: asset(plan('nightly')),
      histories: { runs: three },
      expect: { message: 'nothing-declared' },
    },
    { name: 'No run is known', ...blackout, histories: { runs: [] }, expect: { message: 'no-runs' } },
    {
      name: 'A skipped run was never under way',
      ...blackout,
      histories: { runs: [run('10-30T11:00Z', '10-30T12:00Z', { status: 'skipped' })] },
      expect: { message: 'no-runs' },
    },
    {
      name: 'A run comes from the future',
      ...blackout,
      histories: { runs: [good, run('11-03T23:00Z', '11-04T01:00Z')] },
      expect: { message: 'in-future', subject: 'blackouts' },
    },
    {
      name: 'The history begins two weeks ago',
      ...blackout,
      histories: { runs: { items: [good], from: Date.parse('2026-10-18T00:00Z') } },
      expect: { message: 'history-short', subject: 'blackouts' },
    },
    {
      name: 'The history begins two weeks ago, and a run was in a blackout',
      ...blackout,
      histories: {
        runs: { items: [run('10-30T11:00Z', '10-30T12:00Z')], from: Date.parse('2026-10-18T00:00Z') },
      },
      expect: { message: 'in-blackout', subject: 'blackouts' },
    },
  ],
  absent: { asset: { message: 'nothing-declared' } },
  boundaries: {
    maxConcurrent: {
      question: ask(asset(plan('nightly')), ...three),
      limit: 3,
      at: 'few-at-once',
      stricter: 'too-many-at-once',
      laxer: 'few-at-once',
    },
    maxSourceCpuPercent: {
      question: ask(asset(plan('nightly')), good),
      limit: 35,
      at: 'low-load',
      stricter: 'high-load',
      laxer: 'low-load',
    },
    windowDays: {
      // Of no length: it ended where it began.
      question: { ...blackout, histories: { runs: [good, run('10-12T12:00Z', '10-12T12:00Z')] } },
      limit: 20,
      at: 'in-blackout',
      stricter: 'in-blackout',
      laxer: 'no-overlap',
    },
  },
} satisfies RuleTest
