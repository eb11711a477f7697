import { assetPolicy, defineRule, factValue, numberOption, policyFact, type Verdict } from '@backproof/core/audit'
import { jobRuns } from '@backproof/core/history'
import { type AlertLog, addRun, noAlerts, silentFailures, untoldFailures } from '../alert-log.js'
import { type AlertCover, alertCover, alertNeeds, isTested } from '../alert-routes.js'
import { clauses } from '../clauses.js'
import { isRunAhead, isShort, runAheadVerdict, shortVerdict, windowMessages, windowStart } from '../runs.js'
import { days, isoTime, minutes } from '../time.js'

/** Somebody has to be told when a backup fails, or does not run. */
export const jobFailureAlerting = defineRule({
  id: 'job-failure-alerting',
  title: 'Failed and missed backups raise an alarm',
  description: [
    'The alert routes of the policy have to cover each plan of the asset, for runs that failed, and where the plan has a schedule for runs that did not happen. An asset without plans has to be covered for both. The routes have to end in `minChannels` different channels: those of contacts that the policy has, and addresses such as `mailto:` or `https:`. And test alerts have to have reached as many channels within `testMaxAgeDays`.',
    'Real failures are held against that where the history tells when somebody was told (`alertedAt`): each run of the window that failed or left something out has to have raised an alert within `maxDelayMinutes` of its end. A backup system that never tells of alerts is judged by its routes alone; of one that does, a failure without an alert was silent, and where nobody can say whether a run failed that raised none, the rule is `unknown`.',
  ],
  rationale:
    'A failure that nobody hears of is found at the restore. And an alarm that was never tested is a guess: mailboxes are closed, people leave, filters learn.',
  category: 'jobs',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'CC7.2; A.8.16', supporting: 'IR-6(1); SI-4; 308(a)(6)(ii)' }),
  remediation: {
    action:
      'Create an alert route for what is not covered, and let a backup fail on purpose to see that the alert arrives',
    steps: [
      'Add the route under `alerts` of the policy, with contacts or addresses that exist.',
      'Send a test alert, have it confirmed, and enter the date as `tested`.',
      'Find out where alerts of real failures were lost or delayed.',
    ],
    effort: 'small',
  },
  messages: {
    covered: {
      status: 'pass',
      text: 'channels that test alerts reached: {channels}; no failure in {days} days is known to have put them to the test',
    },
    alerted: {
      status: 'pass',
      text: 'channels that test alerts reached: {channels}; {alerted} of {failures} failures in {days} days are known to have raised an alert within {limit} minutes',
    },
    uncovered: { status: 'fail', text: 'no alert route covers {uncovered}' },
    'too-few-channels': {
      status: 'fail',
      text: 'alerts on {needs} reach too few channels: {channels}; required: {limit}',
    },
    'test-overdue': {
      status: 'fail',
      text: 'test alerts on {needs} reached too few channels within {days} days: {channels}; required: {limit}',
    },
    silent: { status: 'fail', text: 'nobody was told of {silent} of {failures} failures in {days} days' },
    late: {
      status: 'fail',
      text: 'alerts of {late} of {failures} failures in {days} days came more than {limit} minutes after the run had ended',
    },
    'delay-unknown': {
      status: 'unknown',
      text: 'nobody can say how late the alerts of {unsure} of {failures} failures in {days} days were',
    },
    'failure-untold': {
      status: 'unknown',
      text: 'of {untold} runs in {days} days nobody can say whether they failed, and nobody was told of them in time',
    },
    'no-policy': { status: 'unknown', text: 'no policy says who is told of failures' },
    'no-runs': { status: 'unknown', text: 'its history tells of no run in {days} days, so of no failure either' },
    ...windowMessages,
  },
  options: {
    maxDelayMinutes: numberOption({
      default: 60,
      max: 44_640,
      unit: 'minutes',
      stricter: 'lower',
      source: 'own choice: an hour',
      description: 'Minutes after the end of a failed run in which somebody has to be told.',
    }),
    testMaxAgeDays: numberOption({
      default: 90,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'lower',
      source: 'own choice: a quarter',
      description: 'Days after which a test alert is too old.',
    }),
    minChannels: numberOption({
      default: 1,
      min: 1,
      max: 100,
      unit: 'channels',
      stricter: 'higher',
      source: 'own choice: one that works',
      description: 'Different channels that an alert has to reach.',
    }),
    windowDays: numberOption({
      default: 30,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'higher',
      source: 'own choice: a month',
      description: 'Failures of runs that started in the last days count.',
    }),
  },
  needs: { policy: policyFact, asset: assetPolicy },
  folds: (fold) => ({
    runs: fold(jobRuns, {
      init: noAlerts,
      step: (state, run, { now, observedAt, options }) => {
        const until = windowStart({ now, observedAt }, 0)
        const begin = until - days(options.windowDays)
        if (isRunAhead(run, now)) state.ahead = run
        else addRun(state, run, { now, begin, until, maxDelay: minutes(options.maxDelayMinutes) })
        return state
      },
    }),
  }),
  evaluate: ({ target, now, facts: { policy, asset }, folds: { runs }, options }) => {
    const known = factValue(policy)
    const clock = { now, maxAge: days(options.testMaxAgeDays) }
    const covers =
      known === undefined ? [] : alertNeeds(factValue(asset)).map((need) => alertCover(known, target.id, need, clock))
    const fails = [...judgeRoutes(covers, target.id, options, now), ...judgeLog(runs.value, options)]
    if (fails.length > 0) return fails
    if (known === undefined) return { message: 'no-policy' }
    const { ahead, seen, failures, unsure, inTime } = runs.value
    if (ahead !== undefined) return runAheadVerdict(ahead)
    const { windowDays, maxDelayMinutes } = options
    const data = { days: windowDays, failures, limit: maxDelayMinutes }
    if (unsure.count > 0)
      return {
        message: 'delay-unknown',
        data: { ...data, unsure: unsure.count },
        evidence: unsure.first,
        evidenceOmitted: unsure.count - unsure.first.length,
      }
    const untold = untoldFailures(runs.value)
    if (untold.count > 0)
      return {
        message: 'failure-untold',
        data: { ...data, untold: untold.count },
        evidence: untold.first,
        evidenceOmitted: untold.count - untold.first.length,
      }
    if (seen === 0) return { message: 'no-runs', data }
    const begin = windowStart({ now, observedAt: runs.observedAt }, days(windowDays))
    if (isShort(runs, begin)) return shortVerdict(runs.from ?? begin, begin)
    const channels = Math.min(...covers.map(({ tested }) => tested))
    return { message: inTime > 0 ? 'alerted' : 'covered', data: { ...data, channels, alerted: inTime } }
  },
})

type RouteMessage = 'uncovered' | 'too-few-channels' | 'test-overdue'

const judgeRoutes = (
  covers: readonly AlertCover[],
  asset: string,
  { minChannels: limit, testMaxAgeDays }: { readonly minChannels: number; readonly testMaxAgeDays: number },
  now: number,
): readonly Verdict<RouteMessage>[] => {
  const verdicts: Verdict<RouteMessage>[] = []
  const uncovered = covers.filter(({ routes }) => routes.length === 0)
  const few = covers.filter(({ routes, channels }) => routes.length > 0 && channels < limit)
  const overdue = covers.filter(({ channels, tested }) => channels >= limit && tested < limit)
  const evidenceOf = ({ plan, on, channels, tested }: AlertCover) => ({
    kind: plan === undefined ? 'asset' : 'plan',
    id: plan ?? asset,
    data: { on, channels, tested },
  })
  if (uncovered.length > 0)
    verdicts.push({
      message: 'uncovered',
      data: { uncovered: named(uncovered) },
      evidence: uncovered.map(evidenceOf),
    })
  if (few.length > 0)
    verdicts.push({
      message: 'too-few-channels',
      data: { needs: named(few), channels: Math.min(...few.map(({ channels }) => channels)), limit },
      evidence: few.map(evidenceOf),
    })
  if (overdue.length > 0) {
    const old = new Set(
      overdue.flatMap(({ routes }) => routes.filter((route) => !isTested(route, now, days(testMaxAgeDays)))),
    )
    verdicts.push({
      message: 'test-overdue',
      data: {
        needs: named(overdue),
        days: testMaxAgeDays,
        channels: Math.min(...overdue.map(({ tested }) => tested)),
        limit,
      },
      evidence: [...old].map(({ id, tested }) => ({
        kind: 'alert-route',
        id,
        data: { tested: tested === undefined ? null : isoTime(tested) },
      })),
    })
  }
  return verdicts
}

/** "failed runs, missed runs of nightly, weekly". */
const named = (covers: readonly AlertCover[]): string =>
  (['failed', 'missed'] as const)
    .flatMap((kind) => {
      const some = covers.filter(({ on }) => on === kind)
      const plans = some.flatMap(({ plan }) => (plan === undefined ? [] : [plan]))
      return some.length === 0 ? [] : [`${kind} runs${plans.length === 0 ? '' : ` of ${plans.join(', ')}`}`]
    })
    .join(' and ')

const judgeLog = (
  log: AlertLog,
  { windowDays, maxDelayMinutes: limit }: { readonly windowDays: number; readonly maxDelayMinutes: number },
): readonly Verdict<'silent' | 'late'>[] => {
  const { failures, late } = log
  const silent = silentFailures(log)
  const data = { failures, days: windowDays, limit }
  const verdicts: Verdict<'silent' | 'late'>[] = []
  if (silent.count > 0)
    verdicts.push({
      message: 'silent',
      data: { ...data, silent: silent.count },
      evidence: silent.first,
      evidenceOmitted: silent.count - silent.first.length,
    })
  if (late.count > 0)
    verdicts.push({
      message: 'late',
      data: { ...data, late: late.count },
      evidence: late.first,
      evidenceOmitted: late.count - late.first.length,
    })
  return verdicts
}
