import {
  type Asset,
  assetPolicy,
  assetTimetable,
  type BackupPlan,
  defineRule,
  durationOption,
  factValue,
  flagOption,
  type Timetable,
} from '@backproof/core/audit'
import { clauses } from '../clauses.js'
import { startGaps } from '../start-gaps.js'
import { days, inHours, isoTime } from '../time.js'

/** A leap year. */
const YEAR = days(366)
/** Clocks are set back once a year; a range of 366 days may hold two such days. */
const SET_BACK = 2

/** The longest time between two starts that the schedules of an asset leave. */
export const planMinFrequency = defineRule({
  id: 'plan-min-frequency',
  title: 'Plans are scheduled often enough',
  description: [
    'Expands the schedules of the asset over the coming 366 days, in their time zones, and takes the longest time between two neighbouring starts: `0 3 * * 1-5` leaves 3 days over each weekend. The time from now (or from when on it has to be backed up, `since`) to the first start counts, and so does that from the last one to the end: schedules may begin late, or end.',
    'All plans of an asset count together, as a weekly full backup beside a nightly one is no fault; with `eachPlan` each has to be frequent enough by itself. Up to two gaps for each plan may be an hour longer than allowed: on the day on which clocks are set back, 03:00 comes 25 hours after the last 03:00.',
    'A plan without a schedule runs on demand, which promises nothing.',
  ],
  rationale:
    'What was written since the last start is lost in a disaster. A schedule that leaves out weekends or holidays loses days, and each run of it succeeds.',
  category: 'coverage',
  severity: 'medium',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'CP-9; CIS 11.2; DORA 12(1)(a)', supporting: 'A.8.13' }),
  remediation: {
    action: 'Raise the frequency: add starts where the evidence shows the gap',
    effort: 'small',
  },
  messages: {
    frequent: {
      status: 'pass',
      text: 'the longest time between two starts in a year is {longestHours} h; {limitHours} h are allowed, and an hour more when clocks are set back',
    },
    'too-seldom': {
      status: 'fail',
      text: 'its schedules leave {longestHours} h without a start, from {from} to {to}; {limitHours} h are allowed ({gaps} gaps in a year are longer)',
    },
    'no-starts': { status: 'fail', text: 'its schedules expect no start within a year' },
    'on-demand': { status: 'fail', text: 'it has no schedule: {plans} run on demand, which promises nothing' },
    'no-plan': { status: 'not-applicable', text: 'the policy gives it no plan, which asset-has-plan judges' },
    'no-policy': { status: 'unknown', text: 'no policy says when its backups should run' },
  },
  options: {
    maxInterval: durationOption({
      default: days(1),
      min: 900_000,
      stricter: 'lower',
      source: '1d: AWS Backup Audit Manager (minimum frequency of plans); CIS 11.2 asks for a week',
      description: 'Longest time between two starts.',
    }),
    eachPlan: flagOption({
      default: false,
      source: 'own choice: a weekly full backup stands beside a nightly one',
      description: 'Whether each plan has to start often enough by itself, not all together.',
    }),
  },
  needs: { asset: assetPolicy, timetable: assetTimetable },
  evaluate: ({ now, facts, options: { maxInterval, eachPlan } }) => {
    const asset = factValue(facts.asset)
    const timetable = factValue(facts.timetable)
    if (asset === undefined || timetable === undefined) return { message: 'no-policy' }
    const { plans } = asset
    if (plans.length === 0) return { message: 'no-plan' }
    const question = { asset, timetable, now, limit: maxInterval }
    if (!eachPlan) return judged(plans, question)
    return plans.map((plan) => ({ ...judged([plan], question), subject: plan.id }))
  },
})

interface Question {
  readonly asset: Asset
  readonly timetable: Timetable
  readonly now: number
  readonly limit: number
}

const judged = (plans: readonly BackupPlan[], { asset, timetable, now, limit }: Question) => {
  const evidence = plans.map(({ id, schedules }) => ({ kind: 'plan', id, data: { schedules: schedules.length } }))
  const scheduled = plans.filter(({ schedules }) => schedules.length > 0)
  const names = plans.slice(0, 5).map(({ id }) => id)
  if (scheduled.length === 0) return { message: 'on-demand', data: { plans: names.join(', ') }, evidence } as const
  const from = Math.max(now, asset.since ?? now)
  const sources = scheduled.map(
    ({ id }) =>
      (range: { from: number; to: number }) =>
        timetable.starts(id, range),
  )
  const { starts, longest, slightly, over } = startGaps(sources, { from, to: from + YEAR, limit })
  if (starts === 0) return { message: 'no-starts', evidence } as const
  const data = { longestHours: inHours(longest.to - longest.from), limitHours: inHours(limit) }
  if (over === 0 && slightly <= SET_BACK * scheduled.length) return { message: 'frequent', data } as const
  const span = { from: isoTime(longest.from), to: isoTime(longest.to) }
  return {
    message: 'too-seldom',
    data: { ...data, ...span, gaps: over + slightly },
    evidence: [{ kind: 'gap', at: span.from, data: { to: span.to, hours: data.longestHours } }, ...evidence],
  } as const
}
