import { type AuditRule, audit, givenHistory, type Waiver } from '@backproof/core/audit'
import { type JobRun, jobRuns } from '@backproof/core/history'
import { expect, it } from 'vitest'
import { jobLastRunSucceeded } from '../src/rules/job-last-run-succeeded.js'
import { waiverValid } from '../src/rules/waiver-valid.js'

const NOW = Date.UTC(2026, 10, 1, 12)

const waiver = (id: string, more: Partial<Waiver> = {}): Waiver => ({
  id,
  select: { target: id },
  reason: 'is replaced in December',
  approver: 'CISO',
  expires: '2026-11-30',
  ...more,
})

const waivers = [
  waiver('failed'),
  waiver('failed-too', { approved: '2026-09-15', expires: '2027-11-30' }),
  waiver('expired', { expires: '2026-10-30' }),
  waiver('fine'),
  waiver('silent'),
  waiver('malformed', { approver: '' }),
  waiver('elsewhere', { select: { rule: 'job-not-missed' } }),
  waiver('twice'),
  waiver('twice', { select: { target: 'fine' } }),
]

const runOf = (asset: string, status: JobRun['status']): JobRun => ({
  id: `${asset}-1`,
  asset,
  start: NOW - 7_200_000,
  end: NOW - 3_600_000,
  status,
})

/** The rows about waivers: of whom, and what they say. */
const said = async (rules: readonly AuditRule[]): Promise<readonly string[]> => {
  const runs = [runOf('failed', 'failed'), runOf('failed-too', 'failed'), runOf('fine', 'success')]
  const found: string[] = []
  const run = audit({
    rules: [jobLastRunSucceeded(), ...rules],
    targets: ['failed', 'failed-too', 'fine', 'silent'].map((id) => ({ kind: 'asset', id })),
    collectors: [givenHistory(jobRuns, runs)],
    waivers,
    now: () => new Date(NOW),
  })
  for await (const page of run)
    for (const { rule, target, subject, status, message } of page)
      if (rule === 'waiver-valid') found.push(`${subject ?? target.id} ${status} ${message.replace('waiver-', '')}`)
  return found
}

it('with the rule, what the engine says of waivers is said once, and those in force pass', async () => {
  const byEngine = await said([])
  expect(byEngine).toEqual([
    'elsewhere not-applicable not-asked',
    'expired fail expired',
    'failed-too fail too-long',
    'fine fail unused',
    'malformed fail malformed',
    'silent unknown undecided',
    'twice fail malformed',
  ])
  const byRule = await said([waiverValid()])
  expect(byRule.filter((row) => !byEngine.includes(row))).toEqual(['failed pass accepts'])
  expect(byRule).toHaveLength(byEngine.length + 1)
})
