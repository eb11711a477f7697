import {
  type Asset,
  assetPolicy,
  assetTimetable,
  defineRule,
  durationOption,
  factValue,
  numberOption,
  type Timetable,
} from '@backproof/core/audit'
import { recoveryPoints } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import {
  addTime,
  createGapTrack,
  type GapTrack,
  gapsWithin,
  longestInterval,
  type Span,
} from '../recovery-points/gaps.js'
import { keptDays } from '../recovery-points/kept-days.js'
import { flawOf, usabilityOptions } from '../recovery-points/usability.js'
import { days, inHours, isAhead, isoTime } from '../time.js'

const WINDOW_DAYS = 30

/** Stretches of time without a recovery point that can be used. */
export const recoveryPointGap = defineRule({
  id: 'recovery-point-gap',
  title: 'No gap between recovery points is too long',
  description: [
    'Gaps are the times between usable recovery points, from the start of the window to the first, and from the last to the end of the history. Each that is longer than allowed is told. Usable: complete, with a key that can be used, if it needs one. Where a gap is filled only by recovery points of which nobody says that, the verdict is `unknown`.',
    'Allowed is the option, else 1.5 x the longest interval between two starts of the plans of the asset, all schedules together, else 36 hours. Recovery points that their retention no longer keeps are not asked for: without the option the window is no longer than the retention class of the asset keeps every point. It does not begin before the asset had to be backed up.',
  ],
  rationale:
    'A state that was never kept cannot be restored. Damage is often found weeks later, and then the days in the gap are what is asked for.',
  category: 'coverage',
  severity: 'medium',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'CP-9; A.8.13', supporting: 'CP-10(2)' }),
  remediation: {
    action:
      'Find out and record why there was no recovery point in each gap, and fill it where another copy has the state',
    effort: 'medium',
  },
  messages: {
    'no-gap': {
      status: 'pass',
      text: 'the longest time without a usable recovery point in the last {days} d is {longestHours} h; {limitHours} h are allowed',
    },
    gap: {
      status: 'fail',
      text: 'gaps of more than {limitHours} h between usable recovery points in the last {days} d: {gaps}, the longest from {from} to {to}, {longestHours} h',
    },
    'not-known-usable': {
      status: 'unknown',
      text: 'in gaps of more than {limitHours} h, {gaps} in all, there are only recovery points of which nobody says that they can be used: write a marker at the end of each backup, or set acceptUnmarked; collect facts about keys and digests where those are what is missing',
    },
    'too-young': {
      status: 'not-applicable',
      text: 'it has to be backed up since {since}, and no recovery point is due yet',
    },
    'no-points': {
      status: 'unknown',
      text: 'there is no usable recovery point in the last {days} d, which are no longer than the {limitHours} h that are allowed without one',
    },
    'history-short': {
      status: 'unknown',
      text: 'the history begins at {historyFrom}; whether there were gaps from {start} on is not known',
    },
    'not-observed': {
      status: 'unknown',
      text: 'the history ends at {until}; whether there was a usable recovery point since, within the {limitHours} h that are allowed without one, is not known',
    },
    'items-missing': {
      status: 'unknown',
      text: 'there seem to be gaps of more than {limitHours} h, but the history is not all there',
    },
    'too-many-gaps': {
      status: 'unknown',
      text: 'there are too many gaps to tell whether one of more than {limitHours} h lies in the last {days} d: set windowDays',
    },
  },
  options: {
    windowDays: numberOption({
      default: undefined,
      otherwise: '30, or the days that the retention class of the asset keeps every point, where those are fewer',
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'higher',
      source: 'own choice: a month',
      description: 'The last days are asked about.',
    }),
    maxGap: durationOption({
      default: undefined,
      otherwise: '1.5 x the longest interval of the schedules of the asset, else 36h',
      min: 1_000,
      stricter: 'lower',
      source: 'own choice: one start may be late by half an interval',
      description: 'Longest time without a usable recovery point.',
    }),
    ...usabilityOptions,
  },
  needs: { policy: assetPolicy, timetable: assetTimetable },
  folds: (fold) => ({
    points: fold(recoveryPoints, {
      /** `usable`: certain. `possible`: those of which nobody can say as well. */
      init: () => ({ usable: createGapTrack(), possible: createGapTrack() }),
      step: (state, point, { now, options, observedAt }) => {
        const flaw = flawOf(point, options)
        const start = Math.min(observedAt, now) - days(options.windowDays ?? WINDOW_DAYS)
        if (flaw === 'unusable' || isAhead(point.created, now) || point.created < start) return state
        addTime(state.possible, point.created)
        if (flaw === undefined) addTime(state.usable, point.created)
        return state
      },
    }),
  }),
  evaluate: ({ now, options, facts, folds: { points } }) => {
    const asset = factValue(facts.policy)
    const until = Math.min(points.observedAt, now)
    const kept = asset?.retention === undefined ? undefined : keptDays(asset.retention)
    const windowDays = options.windowDays ?? Math.min(WINDOW_DAYS, kept ?? WINDOW_DAYS)
    const start = Math.max(until - days(windowDays), asset?.since ?? Number.NEGATIVE_INFINITY)
    const limit = options.maxGap ?? intervalOf(asset, factValue(facts.timetable), start, until) * 1.5
    const { usable, possible } = points.value
    const told = Math.max(start, points.from ?? start)
    const tooLong = (track: GapTrack): readonly Span[] =>
      gapsWithin(track, told, until).filter(({ from, to }) => to - from > limit)
    const data = { days: windowDays, limitHours: inHours(limit) }

    const certain = tooLong(possible)
    const likely = tooLong(usable)
    if (likely.length > 0 && points.partial === true) return { message: 'items-missing', data }
    const longest = certain.reduce<Span>((a, b) => (b.to - b.from > a.to - a.from ? b : a), certain[0] ?? NONE)
    const evidence = (certain.length > 0 ? certain : likely).map(({ from, to }) => ({
      kind: 'gap',
      at: isoTime(from),
      data: { to: isoTime(to), hours: inHours(to - from) },
    }))
    if (certain.length > 0) {
      const span = {
        from: isoTime(longest.from),
        to: isoTime(longest.to),
        longestHours: inHours(longest.to - longest.from),
      }
      return { message: 'gap', data: { ...data, ...span, gaps: certain.length }, evidence }
    }
    if (likely.length > 0) return { message: 'not-known-usable', data: { ...data, gaps: likely.length }, evidence }
    if (usable.dropped > limit) return { message: 'too-many-gaps', data }
    // A recovery point that is told of beyond the end of the history need not be the only one there.
    if (now > until && gapsWithin(usable, start, now).some(({ from, to }) => to - from > limit)) {
      return { message: 'not-observed', data: { ...data, until: isoTime(until) } }
    }
    if (told > start) {
      return { message: 'history-short', data: { ...data, historyFrom: isoTime(told), start: isoTime(start) } }
    }
    if ((usable.last ?? Number.NEGATIVE_INFINITY) < start) {
      return asset?.since === undefined || asset.since < start
        ? { message: 'no-points', data }
        : { message: 'too-young', data: { ...data, since: isoTime(asset.since) } }
    }
    const hours = gapsWithin(usable, start, until).map(({ from, to }) => to - from)
    return { message: 'no-gap', data: { ...data, longestHours: inHours(Math.max(0, ...hours)) } }
  },
})

const NONE: Span = { from: 0, to: 0 }

/** The longest interval between two expected starts: in the window, else, where it has fewer than two, in the years around it. */
const intervalOf = (asset: Asset | undefined, timetable: Timetable | undefined, from: number, to: number): number => {
  const plans = asset?.plans ?? []
  if (timetable === undefined || plans.every(({ schedules }) => schedules.length === 0)) return days(1)
  const longest = (begin: number): number | undefined =>
    longestInterval(plans.flatMap(({ id }) => [...timetable.starts(id, { from: begin, to })]))
  return longest(from) ?? longest(from - days(800)) ?? days(1)
}
