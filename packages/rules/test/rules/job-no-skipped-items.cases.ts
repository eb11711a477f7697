import type { JobRun } from '@backproof/core/history'
import type { RuleTest } from '@backproof/core/testing'
import { jobNoSkippedItems } from '../../src/rules/job-no-skipped-items.js'
import { jobRun, plan, runsOfManyPlans } from '../job-run.js'
import { ABSENT, shop } from '../restore-test.js'

const nightly = { asset: shop({ plans: [plan('nightly')] }) }

const ask = (runs: readonly JobRun[], facts: Readonly<Record<string, unknown>> = nightly) => ({
  facts,
  histories: { runs },
})

/** A run that skipped some items, and names them. */
const skipping = (hoursAgo: number, paths: readonly string[], parts: Partial<JobRun> = {}): JobRun =>
  jobRun(hoursAgo, { skippedItems: { count: paths.length, paths }, ...parts })

const clean = (hoursAgo: number, parts: Partial<JobRun> = {}): JobRun => skipping(hoursAgo, [], parts)

export default {
  rule: jobNoSkippedItems,
  cases: [
    {
      name: 'The newest backup left nothing out, the one before did',
      ...ask([skipping(30, ['/srv/shop/db']), clean(6)]),
      expect: { message: 'complete', subject: 'nightly', data: { run: 'run-6', skipped: 0, limit: 0 } },
    },
    {
      name: 'A run succeeded, and left two files out',
      ...ask([clean(30), skipping(6, ['/srv/shop/db', '/srv/shop/wal'])]),
      expect: {
        message: 'skipped',
        subject: 'nightly',
        data: { run: 'run-6', skipped: 2 },
        evidence: ['run-6', '/srv/shop/db', '/srv/shop/wal'],
      },
    },
    {
      name: 'Nobody can say how the run after the newest backup ended',
      ...ask([clean(30), jobRun(6, { status: 'unknown' })]),
      expect: { message: 'untold', subject: 'nightly', data: { run: 'run-6' }, evidence: ['run-6'] },
    },
    {
      name: 'A run left 500 files out, and names none of them',
      ...ask([jobRun(6, { status: 'warning', skippedItems: { count: 500 } })]),
      expect: { message: 'skipped', subject: 'nightly', data: { skipped: 500 }, evidence: ['run-6'] },
    },
    {
      name: 'What was left out need not be backed up',
      options: { ignorePaths: ['/proc/*', '*.tmp'] },
      ...ask([skipping(6, ['/proc/1/mem', '/srv/shop/upload.tmp'])]),
      expect: { message: 'complete', subject: 'nightly', data: { skipped: 0 } },
    },
    {
      name: 'One of the files that were left out has to be backed up',
      options: { ignorePaths: ['/proc/*'] },
      ...ask([skipping(6, ['/proc/1/mem', '/srv/shop/db'])]),
      expect: { message: 'skipped', subject: 'nightly', data: { skipped: 1 }, evidence: ['run-6', '/srv/shop/db'] },
    },
    {
      name: 'Some of the files that were left out have no name, and may be those that need not be backed up',
      options: { ignorePaths: ['/proc/*'] },
      ...ask([jobRun(6, { skippedItems: { count: 5, paths: ['/proc/1/mem'] } })]),
      expect: { message: 'unlisted', subject: 'nightly', data: { least: 0, most: 4, limit: 0 } },
    },
    {
      name: 'The system does not tell what it skips',
      ...ask([jobRun(6, { skippedItems: null })]),
      expect: { message: 'untold', subject: 'nightly', data: { run: 'run-6' } },
    },
    {
      name: 'The newest backup is partial, and does not tell what it left out',
      ...ask([clean(30), jobRun(6, { status: 'partial' })]),
      expect: { message: 'left-out', subject: 'nightly', data: { run: 'run-6' }, evidence: ['run-6'] },
    },
    {
      name: 'The newest backup is partial, and says that it left out nothing',
      ...ask([clean(6, { status: 'partial' })]),
      expect: { message: 'left-out', subject: 'nightly', evidence: ['run-6'] },
    },
    {
      name: 'The newest backup is partial: what it left out may be what need not be backed up',
      options: { ignorePaths: ['/proc/*'] },
      ...ask([jobRun(6, { status: 'partial' })]),
      expect: { message: 'untold', subject: 'nightly' },
    },
    {
      name: 'The last run failed: the backup before is looked at',
      ...ask([skipping(30, ['/srv/shop/db']), jobRun(6, { status: 'failed' })]),
      expect: { message: 'skipped', subject: 'nightly', evidence: ['run-30', '/srv/shop/db'] },
    },
    {
      name: 'No run made a backup',
      ...ask([jobRun(30, { status: 'failed' }), jobRun(6, { status: 'cancelled' })]),
      expect: { message: 'no-runs', subject: 'nightly' },
    },
    { name: 'No history mentions the asset', ...ask([]), expect: { message: 'no-runs', subject: 'nightly' } },
    {
      name: 'A run lies an hour after the clock of the audit',
      ...ask([clean(6), clean(-1)]),
      expect: { message: 'in-future', subject: 'nightly', data: { run: 'run-ahead' } },
    },
    {
      name: 'One plan leaves something out, the other does not',
      ...ask([skipping(6, ['/srv/shop/db'], { plan: 'files' }), clean(1, { plan: 'images' })], { asset: ABSENT }),
      expect: [
        { message: 'skipped', subject: 'files', evidence: ['run-6', '/srv/shop/db'] },
        { message: 'complete', subject: 'images' },
      ],
    },
    {
      name: 'Of two plans, one run names none: whose it is nobody can say',
      ...ask([clean(6, { plan: 'files' }), clean(5, { plan: 'images' }), clean(1)], { asset: ABSENT }),
      expect: [
        { message: 'complete', subject: 'files' },
        { message: 'complete', subject: 'images' },
        { message: 'plan-untold', subject: '(no plan)' },
      ],
    },
    {
      name: 'Runs name more plans than are told apart, and none of them is of the policy',
      ...ask(runsOfManyPlans()),
      expect: [
        { message: 'too-many-plans', subject: 'nightly' },
        { message: 'too-many-plans', data: { runs: 1 } },
        { message: 'other-plans', subject: '(other plans)', data: { count: 100 } },
      ],
    },
  ],
  absent: { asset: { message: 'complete', data: { run: 'run-6' } } },
  boundaries: {
    maxSkippedItems: {
      question: ask([skipping(6, ['/srv/shop/a', '/srv/shop/b', '/srv/shop/c'])]),
      limit: 3,
      at: 'complete',
      stricter: 'skipped',
      laxer: 'complete',
    },
  },
} satisfies RuleTest
