import {
  choiceOption,
  defineRule,
  durationOption,
  factValue,
  flagOption,
  numberOption,
  storePolicy,
  type Verdict,
} from '@backproof/core/audit'
import { type CapacitySample, capacitySamples } from '@backproof/core/history'
import {
  aheadSample,
  capacityMessages,
  judgeable,
  keepNewest,
  limitLost,
  type NewestSample,
  roomsOf,
  sampleEvidence,
  sampleTrouble,
} from '../capacity.js'
import { clauses } from '../clauses.js'
import { theilSen } from '../statistics/index.js'
import { days, isoTime } from '../time.js'

/** When a store will be full, if it goes on growing as it does. */
export const capacityRunway = defineRule({
  id: 'capacity-runway',
  title: 'Stores have room for the months to come',
  description: [
    'Trend = the Theil-Sen slope (the median of the slopes between all pairs) of what was used in the samples of the last `windowDays`: one day on which much was written or removed does not move it. Runway = (limit - used) / slope, where used is the larger of the newest sample and what the trend says for now. A store that does not grow has an endless one; one that is full has none.',
    'The window is cut into 120 parts, and the last sample of each counts: many samples of one hour are not a history. Fewer than `minSamples`, or samples that lie within less than `minSpanDays`, show no trend. The limit is what the sample tells, or the quota of the store in the policy; of both the tighter one. Bytes and, where they are limited, objects (inodes) get a verdict each.',
  ],
  rationale:
    'Capacity takes weeks to buy and install. A store that fills faster than that ends the backups of everything in it.',
  category: 'capacity',
  severity: 'medium',
  scope: 'store',
  since: '0.1.0',
  clauses: clauses({ partial: 'A.8.6; A1.1', supporting: 'CP-2(2)' }),
  remediation: {
    action: 'Order capacity, or shorten what is kept, so that it lasts until the order can be filled',
    effort: 'large',
  },
  messages: {
    enough: {
      status: 'pass',
      text: 'its {resource} last for {days} days at the trend of {samples} samples; at least {minDays} are required',
    },
    'not-growing': {
      status: 'pass',
      text: 'the use of its {resource} did not grow over {samples} samples since {from}',
    },
    'too-short': {
      status: 'fail',
      text: 'its {resource} are used up in {days} days, on {full}, at the trend of {samples} samples; at least {minDays} days are required',
    },
    full: { status: 'fail', text: 'all of its {resource} are used' },
    'too-few': {
      status: 'unknown',
      text: 'samples of the last {windowDays} days: {samples}, days between the first and the last: {span}; a trend needs at least {minSamples} over {minSpanDays}',
    },
    ...capacityMessages,
  },
  options: {
    minDays: numberOption({
      default: 90,
      max: 3_660,
      unit: 'days',
      stricter: 'higher',
      source: 'audit catalogue: a quarter, in which capacity can be bought',
      description: 'For this time the store has to last.',
    }),
    model: choiceOption({
      default: 'theil-sen',
      choices: ['theil-sen'],
      source: 'audit catalogue',
      description: 'How the trend is found.',
    }),
    windowDays: numberOption({
      default: 90,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'higher',
      source: 'own choice: as far back as it has to look ahead',
      description: 'Samples of the last days count.',
    }),
    minSamples: numberOption({
      default: 14,
      min: 2,
      max: 120,
      unit: 'samples',
      stricter: 'higher',
      source: 'audit catalogue: unknown under 14 samples',
      description: 'Fewer show no trend: `unknown`.',
    }),
    minSpanDays: numberOption({
      default: 13,
      min: 0,
      max: 3_660,
      unit: 'days',
      stricter: 'higher',
      source: 'own choice: what fourteen daily samples span',
      description: 'Samples that lie closer together show no trend: `unknown`.',
    }),
    inodes: flagOption({
      default: true,
      source: 'as `capacity-utilization`',
      description: 'Whether the number of objects is judged too, where it is limited.',
    }),
    maxSampleAge: durationOption({
      default: days(2),
      stricter: 'lower',
      source: 'as `capacity-utilization`',
      description: 'The newest sample may be this old; beyond it the result is `unknown`.',
    }),
  },
  needs: { store: storePolicy },
  folds: (fold) => ({
    samples: fold(capacitySamples, {
      init: (): Samples => ({ limited: {}, thinned: [], part: -1 }),
      step: (state, sample, context) => {
        const { now, options } = context
        const window = days(options.windowDays)
        const part = Math.floor(((sample.at - now + window) * PARTS) / window)
        if (part >= 0 && part <= PARTS) {
          if (part === state.part) state.thinned.pop()
          state.thinned.push(sample)
          state.part = part
        }
        return keepNewest(state, sample, context)
      },
    }),
  }),
  evaluate: ({ now, facts, folds: { samples }, options }) => {
    const { minDays, minSamples, minSpanDays, windowDays } = options
    const { newest, ahead, thinned } = samples.value
    const trouble = sampleTrouble(samples.value, options.maxSampleAge, now)
    if (trouble !== undefined || newest === undefined) return trouble ?? { message: 'no-sample' }
    return roomsOf(newest, samples.value, factValue(facts.store), options.inodes).map((room): Judged => {
      const evidence = [sampleEvidence(newest, room)]
      const judged = judgeable(room, evidence)
      if ('message' in judged) return judged
      const { used, limit } = judged
      const { resource } = room
      if (used >= limit)
        return { message: 'full', subject: resource, data: { resource, used, limit }, evidence, severity: 'critical' }
      const points = thinned.flatMap((sample) => {
        const y = resource === 'bytes' ? sample.usedBytes : sample.usedObjects
        // Counted from now: what the trend says for now is its intercept.
        return typeof y === 'number' && Number.isFinite(y) ? [{ x: (sample.at - now) / days(1), y }] : []
      })
      const first = points[0]
      const span = (points.at(-1)?.x ?? 0) - (first?.x ?? 0)
      const counted = { resource, samples: points.length, span: roundDown(span), windowDays, minSamples, minSpanDays }
      const trend = points.length < minSamples || span < minSpanDays ? undefined : theilSen(points)
      if (trend === undefined || first === undefined)
        return { message: 'too-few', subject: resource, data: counted, evidence }
      const from = isoTime(now + first.x * days(1))
      // As exact as a trend is: more digits would only look so.
      const perDay = Number(trend.slope.toPrecision(6))
      const verdict = {
        subject: resource,
        evidence: [{ kind: 'trend', at: from, data: { ...counted, perDay } }, ...evidence],
      }
      const left = Math.max(0, limit - Math.max(used, trend.intercept))
      const runway = left / trend.slope
      const data = { ...counted, from, used, limit, perDay, minDays }
      // At most a hundred years: beyond that no date says anything.
      const told = { ...data, days: roundDown(Math.min(runway, 36_525)) }
      if (trend.slope > 0 && runway < minDays) {
        const full = isoTime(now + days(runway)).slice(0, 10)
        return { ...verdict, message: 'too-short', data: { ...told, full } }
      }
      if (ahead !== undefined) return { ...aheadSample(ahead), subject: resource }
      if (room.isLost) return limitLost(room, evidence)
      return trend.slope > 0
        ? { ...verdict, message: 'enough', data: told }
        : { ...verdict, message: 'not-growing', data }
    })
  },
})

/** To tenths: a span that is too short reads so. */
const roundDown = (count: number): number => Math.floor(count * 10) / 10

/** Parts of the window, of each of which the last sample counts: 7,140 pairs for the trend. */
const PARTS = 120

interface Samples extends NewestSample {
  thinned: CapacitySample[]
  /** Of the last one. */
  part: number
}

type Judged = Verdict<'enough' | 'not-growing' | 'too-short' | 'full' | 'too-few' | keyof typeof capacityMessages>
