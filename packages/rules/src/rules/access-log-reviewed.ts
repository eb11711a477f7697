import { defineRule, factValue, numberOption, policyFact, type Review, type Verdict } from '@backproof/core/audit'
import { clauses } from '../clauses.js'
import { isCurrent } from '../governance/dates.js'
import { furthest, holesIn, type LogRange, logRange } from '../governance/log-ranges.js'
import {
  coversStore,
  firstReviews,
  noReviewEvidence,
  reviewEvidence,
  signedReviews,
  storeIds,
} from '../governance/reviews.js'
import { days, inDays, isoTime } from '../time.js'

const KIND = 'access-log'

/** Somebody reads the logs of each store, all of them. */
export const accessLogReviewed = defineRule({
  id: 'access-log-reviewed',
  title: 'Access logs of backup stores are reviewed without a hole',
  description: [
    'For each store of the policy there are reviews of kind `access-log` that somebody signed (`by`). The one that looked at the newest days is not older than `maxDays`, and was done at most `maxLagDays` after these days. A date stands for its whole day in UTC. A review that is dated in the future was not done yet, and one looks at no logs of days after it. Who looks at the same days again, or at older ones, makes no review newer.',
    'Each review of the last `windowDays` says which days of the logs it looked at (`from`, `to`). Between these ranges, those of older reviews and the days after there is no hole that ends within `windowDays`; a second is none. A later review can close a hole.',
    'A review without `scope` covers every store. Else its scope names the stores by their ids, with `*` for any characters, and commas or semicolons between them. What was before the first range nobody asks about.',
  ],
  rationale:
    'Logs that nobody reads protect nothing. Whoever wants to be unseen needs only the weeks that no review looked at.',
  category: 'access',
  severity: 'high',
  scope: 'estate',
  since: '0.1.0',
  clauses: clauses({
    partial: 'AU-6; CIS 8.11; 308(a)(1)(ii)(D)',
    supporting: 'A.8.15; CC7.2; PCI 10.4.1',
  }),
  remediation: {
    action: 'Read the access logs of the days that nobody looked at, sign the review, and enter it with its range',
    effort: 'medium',
  },
  messages: {
    reviewed: {
      status: 'pass',
      text: 'access logs of all {stores} stores were reviewed within {limit} days, of each at least those from {from} to {to}; no hole between reviews ended in the last {days} days',
    },
    'never-reviewed': { status: 'fail', text: 'no signed review of access logs covers the store {store}' },
    overdue: {
      status: 'fail',
      text: 'newer days of the access logs of the store {store} were last reviewed on {reviewed}, by {by}; once in {limit} days is required',
    },
    'no-range': {
      status: 'fail',
      text: 'reviews of the access logs of the store {store} that do not say which days were looked at: {count}',
    },
    hole: {
      status: 'fail',
      text: 'access logs of the store {store} were not reviewed between {after} and {before}; holes of this kind in {days} days: {holes}',
    },
    behind: {
      status: 'fail',
      text: 'the review of {reviewed} of the access logs of the store {store} looked at days until {to} only, {lag} days before; {limit} are allowed',
    },
    'no-reviews': { status: 'fail', text: 'there is no signed review of access logs' },
    'no-stores': { status: 'unknown', text: 'the policy names no store whose access logs could have been reviewed' },
    'no-policy': { status: 'unknown', text: 'no policy says when access logs were reviewed' },
  },
  options: {
    maxDays: numberOption({
      default: 92,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'lower',
      source: 'seed: quarterly; PCI DSS 10.4.1 asks for daily, CIS 8.11 for weekly',
      description: 'The review of the newest days of each store may be this old.',
    }),
    maxLagDays: numberOption({
      default: 31,
      max: 3_660,
      unit: 'days',
      stricter: 'lower',
      source: 'own choice: a month to get at the logs and read them',
      description: 'Days between the newest day that was looked at and that review.',
    }),
    windowDays: numberOption({
      default: 365,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'higher',
      source: 'own choice: a year',
      description:
        'Holes that end within the last days count, and reviews that were done in them have to tell their range.',
    }),
  },
  needs: { policy: policyFact },
  evaluate: ({ now, facts, options }) => {
    const policy = factValue(facts.policy)
    if (policy === undefined) return { message: 'no-policy' }
    const reviews = signedReviews(policy, KIND, now)
    if (reviews.length === 0) return { message: 'no-reviews', evidence: [noReviewEvidence(policy, KIND)] }
    const stores = storeIds(policy)
    if (stores.length === 0) return { message: 'no-stores', evidence: reviews.map(reviewEvidence) }

    const shown = firstReviews(reviews)
    const fails: Verdict<Fail>[] = []
    const used = new Set<Review>()
    let from = Number.NEGATIVE_INFINITY
    let to = Number.POSITIVE_INFINITY
    for (const store of stores) {
      const covering = reviews.filter((review) => coversStore(review, store))
      if (covering.length === 0) {
        fails.push({ message: 'never-reviewed', subject: store, data: { store }, ...shown })
        continue
      }
      const ranges = covering.flatMap((review) => logRange(review) ?? [])
      const last = furthest(ranges)
      fails.push(...judgeStore({ store, covering, ranges, last }, { now, ...options }))
      if (last === undefined) continue
      used.add(last.review)
      from = Math.max(from, Math.min(...ranges.map((range) => range.from)))
      to = Math.min(to, last.to)
    }
    if (fails.length > 0) return fails
    const { maxDays: limit, windowDays } = options
    return {
      message: 'reviewed',
      data: { stores: stores.length, limit, days: windowDays, from: isoTime(from), to: isoTime(to) },
      evidence: [...used].map(reviewEvidence),
    }
  },
})

type Fail = 'never-reviewed' | 'overdue' | 'no-range' | 'hole' | 'behind'

/** What the policy records of the logs of one store. */
interface Reviewed {
  readonly store: string
  /** The newest first; at least one. */
  readonly covering: readonly Review[]
  readonly ranges: readonly LogRange[]
  /** The range that reaches furthest. */
  readonly last: LogRange | undefined
}

const judgeStore = (
  { store, covering, ranges, last }: Reviewed,
  o: { readonly now: number; readonly maxDays: number; readonly maxLagDays: number; readonly windowDays: number },
): readonly Verdict<Fail>[] => {
  const fails: Verdict<Fail>[] = []
  const say = (message: Fail, data: Verdict['data'], about: readonly Review[]): void => {
    fails.push({ message, subject: store, data: { store, ...data }, evidence: about.map(reviewEvidence) })
  }
  const begin = o.now - days(o.windowDays)
  const untold = covering.filter((review) => logRange(review) === undefined)
  const asked = last === undefined ? untold : untold.filter(({ at }) => at >= begin)
  if (asked.length > 0) say('no-range', { count: asked.length }, asked)
  if (last === undefined) return fails

  const { at, by } = last.review
  const reviewed = isoTime(at)
  if (!isCurrent(at, o.now, days(o.maxDays))) say('overdue', { reviewed, by, limit: o.maxDays }, [last.review])
  if (at - last.to > days(o.maxLagDays))
    say('behind', { reviewed, to: isoTime(last.to), lag: inDays(at - last.to), limit: o.maxLagDays }, [last.review])
  const holes = holesIn(ranges).filter(({ before }) => before >= begin)
  const hole = holes.at(-1)
  if (hole !== undefined) {
    const data = { after: isoTime(hole.after), before: isoTime(hole.before), holes: holes.length, days: o.windowDays }
    say('hole', data, [...new Set(holes.flatMap(({ left, right }) => [left, right]))])
  }
  return fails
}
