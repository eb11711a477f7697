import { assetPolicy, defineRule, factValue, numberOption, textsOption, type Verdict } from '@backproof/core/audit'
import { jobRuns } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { blackoutImpact, concurrencyImpact, type Impact, loadImpact, withPlans } from '../impact.js'
import { keepRecent, noRuns, sampleOf } from '../recent-runs.js'
import { isShort, runAheadVerdict, shortVerdict, windowMessages, windowStart } from '../runs.js'
import { days } from '../time.js'
import { WINDOW_FORM, WINDOW_PATTERN, windowsOf } from '../time-window.js'

/** Backups do not get in the way of production. */
export const jobNoProductionImpact = defineRule({
  id: 'job-no-production-impact',
  title: 'Backups do not get in the way of production',
  description: [
    'Runs of the last `windowDays` are held against what is declared, with a verdict each. `blackouts`: no run is under way in a blackout of its plan. `concurrency`: no more runs of a plan than its `maxConcurrent` are under way at once; with the option, of the asset. `load`: no run loads the processors of the source more than `maxSourceCpuPercent`; each has to be measured.',
    'Runs of other assets are not counted. Of more than 10,000 runs the newest are judged: a sample.',
  ],
  rationale: 'A backup that slows down the shop is soon switched off.',
  category: 'jobs',
  severity: 'low',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ supporting: 'A1.1; A.8.6' }),
  remediation: {
    action: 'Throttle the job, or move its schedule away from blackouts and peers',
    effort: 'small',
  },
  messages: {
    'no-overlap': { status: 'pass', text: 'none of {runs} runs of {days} days was under way in a blackout' },
    'in-blackout': { status: 'fail', text: '{hit} of {runs} runs of {days} days were under way in a blackout' },
    'few-at-once': { status: 'pass', text: 'of {runs} runs of {days} days no more ran at once than may' },
    'too-many-at-once': {
      status: 'fail',
      text: '{peak} of {runs} runs of {days} days were under way at {at}, at once; {allowed} may be',
    },
    'low-load': {
      status: 'pass',
      text: 'none of {runs} runs of {days} days loaded the source more than {allowed} %',
    },
    'high-load': {
      status: 'fail',
      text: '{over} of {runs} runs of {days} days loaded the source more than {allowed} %, the highest {highest} %',
    },
    'end-unknown': {
      status: 'unknown',
      text: 'of {open} of {runs} runs nobody says when they ended',
    },
    'load-unknown': { status: 'unknown', text: '{open} of {runs} runs have no measured load' },
    'plan-unknown': {
      status: 'unknown',
      text: '{unclear} runs name no plan of the policy: nobody knows their limits',
    },
    'no-runs': { status: 'unknown', text: 'no run of {days} days has to keep to it' },
    'window-unreadable': { status: 'unknown', text: 'the option `blackouts` cannot be read: {reason}' },
    'nothing-declared': {
      status: 'not-applicable',
      text: 'no blackouts and no limits are declared',
    },
    ...windowMessages,
  },
  options: {
    blackouts: textsOption({
      default: [],
      pattern: WINDOW_PATTERN,
      form: WINDOW_FORM,
      source: 'the blackouts of each plan in the policy',
      description: 'When no run may be under way.',
    }),
    maxConcurrent: numberOption({
      default: undefined,
      otherwise: '`maxConcurrent` of each plan in the policy; else not asked',
      min: 1,
      unit: 'runs',
      stricter: 'lower',
      source: 'audit catalogue: none',
      description: 'Runs of the asset that may be under way at once.',
    }),
    maxSourceCpuPercent: numberOption({
      default: undefined,
      otherwise: 'not asked',
      max: 100,
      step: 0.1,
      unit: 'percent',
      stricter: 'lower',
      source: 'audit catalogue: none',
      description: 'The highest load of the source.',
    }),
    windowDays: numberOption({
      default: 30,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'higher',
      source: 'own choice: a month',
      description: 'Runs of the last days count.',
    }),
  },
  needs: { asset: assetPolicy },
  folds: (fold) => ({ runs: fold(jobRuns, { init: noRuns, step: keepRecent }) }),
  evaluate: ({ now, facts, folds: { runs }, options }) => {
    const given = windowsOf(options.blackouts)
    if ('wrong' in given) return { message: 'window-unreadable', data: { reason: given.wrong } }
    const asset = factValue(facts.asset)
    const { maxConcurrent, maxSourceCpuPercent, windowDays } = options
    const kept = runs.value.kept.items()
    const until = Math.min(now, runs.observedAt)
    const begin = windowStart({ now, observedAt: runs.observedAt }, days(windowDays))
    const ofPlans = withPlans(kept, asset)
    const ofAll = { ...ofPlans, unclear: 0 }

    /** The worst that can be said, and good news only where nothing is open. */
    const settle = (
      subject: string,
      { found, evidence, evidenceOmitted, ...counts }: Impact,
      bad: Says,
      good: Says,
      unknown: Says = 'end-unknown',
    ): Verdict<Says> => {
      const data = { ...counts, days: windowDays, allowed: maxSourceCpuPercent ?? null }
      const say = (message: Says): Verdict<Says> => ({ message, subject, data })
      if (found !== undefined) return { ...say(bad), data: { ...data, ...found }, evidence, evidenceOmitted }
      if (runs.value.ahead !== undefined) return { ...runAheadVerdict(runs.value.ahead), subject }
      if (counts.unclear > 0) return say('plan-unknown')
      if (counts.runs === 0) return say('no-runs')
      if (counts.open > 0) return say(unknown)
      if (isShort(runs, begin)) return { ...shortVerdict(runs.from!, begin), subject }
      return { ...say(good), ...sampleOf(runs.value) }
    }

    const verdicts: Verdict<Says>[] = []
    if (given.length > 0 || asset?.plans.some(({ blackouts = [] }) => blackouts.length > 0)) {
      const impact =
        given.length > 0
          ? blackoutImpact(ofAll, () => given, until)
          : blackoutImpact(ofPlans, (plan) => plan?.blackouts ?? [], until)
      verdicts.push(settle('blackouts', impact, 'in-blackout', 'no-overlap'))
    }
    if (maxConcurrent !== undefined || asset?.plans.some((plan) => plan.maxConcurrent !== undefined)) {
      const impact =
        maxConcurrent === undefined
          ? concurrencyImpact(
              ofPlans,
              (plan) =>
                plan?.maxConcurrent === undefined ? undefined : { name: plan.id, allowed: plan.maxConcurrent },
              until,
            )
          : concurrencyImpact(ofAll, () => ({ name: '', allowed: maxConcurrent }), until)
      verdicts.push(settle('concurrency', impact, 'too-many-at-once', 'few-at-once'))
    }
    if (maxSourceCpuPercent !== undefined) {
      const impact = loadImpact(kept, maxSourceCpuPercent)
      verdicts.push(settle('load', impact, 'high-load', 'low-load', 'load-unknown'))
    }
    return verdicts.length === 0 ? { message: 'nothing-declared' } : verdicts
  },
})

type Says =
  | 'no-overlap'
  | 'in-blackout'
  | 'few-at-once'
  | 'too-many-at-once'
  | 'low-load'
  | 'high-load'
  | 'end-unknown'
  | 'load-unknown'
  | 'plan-unknown'
  | 'no-runs'
  | keyof typeof windowMessages
