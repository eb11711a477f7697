import { defineRule, factValue, numberOption, policyFact, type Review, type Verdict } from '@backproof/core/audit'
import { clauses } from '../clauses.js'
import { isCurrent } from '../governance/dates.js'
import { holesIn, logRange } from '../governance/log-ranges.js'
import { coversStore, noReviewEvidence, reviewEvidence, signedReviews, storeIds } from '../governance/reviews.js'
import { days, inDays, isoTime } from '../time.js'

const KIND = 'access-log'

/** Somebody reads the logs of each store, all of them. */
export const accessLogReviewed = defineRule({
  id: 'access-log-reviewed',
  title: 'Access logs of backup stores are reviewed without a hole',
  description: [
    'For each store of the policy there is a review of kind `access-log` that somebody signed (`by`), and that is not older than `maxDays`. A review that is dated in the future was not done yet, and one looks at no logs of days after it.',
    'Each review of the last `windowDays` says which days of the logs it looked at (`from`, `to`). Between these ranges, those of older reviews and the days after there is no hole that ends within `windowDays`; a second is none. A later review can close a hole. And the newest day that was looked at lies at most `maxLagDays` before the newest review.',
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
      text: 'access logs of all {stores} stores were reviewed within {limit} days, without a hole in {days} days; of each at least from {from} to {to}',
    },
    'never-reviewed': { status: 'fail', text: 'no signed review of access logs covers the store {store}' },
    overdue: {
      status: 'fail',
      text: 'access logs of the store {store} were last reviewed on {reviewed} by {by}; once in {limit} days is required',
    },
    'no-range': {
      status: 'fail',
      text: '{count} reviews of the access logs of the store {store} do not say which days were looked at',
    },
    hole: {
      status: 'fail',
      text: 'access logs of the store {store} were not reviewed between {after} and {before}; {holes} such holes in {days} days',
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
      description: 'The last review of each store may be this old.',
    }),
    maxLagDays: numberOption({
      default: 31,
      max: 3_660,
      unit: 'days',
      stricter: 'lower',
      source: 'own choice: a month to get at the logs and read them',
      description: 'Days between the newest day that was looked at and the newest review.',
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

    const fails: Verdict<Fail>[] = []
    const used = new Set<Review>()
    let from = Number.NEGATIVE_INFINITY
    let to = Number.POSITIVE_INFINITY
    for (const store of stores) {
      const covering = reviews.filter((review) => coversStore(review, store))
      const [newest] = covering
      if (newest === undefined) {
        fails.push({
          message: 'never-reviewed',
          subject: store,
          data: { store },
          evidence: reviews.map(reviewEvidence),
        })
        continue
      }
      fails.push(...judgeStore(store, newest, covering, { now, ...options }))
      used.add(newest)
      const ranges = covering.flatMap((review) => logRange(review) ?? [])
      from = Math.max(from, Math.min(...ranges.map((range) => range.from)))
      to = Math.min(to, Math.max(...ranges.map((range) => range.to)))
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

const judgeStore = (
  store: string,
  newest: Review,
  covering: readonly Review[],
  o: { readonly now: number; readonly maxDays: number; readonly maxLagDays: number; readonly windowDays: number },
): readonly Verdict<Fail>[] => {
  const fails: Verdict<Fail>[] = []
  const say = (message: Fail, data: Verdict['data'], about: readonly Review[]): void => {
    fails.push({ message, subject: store, data: { store, ...data }, evidence: about.map(reviewEvidence) })
  }
  const begin = o.now - days(o.windowDays)
  const reviewed = isoTime(newest.at)
  if (!isCurrent(newest.at, o.now, days(o.maxDays)))
    say('overdue', { reviewed, by: newest.by, limit: o.maxDays }, [newest])

  const untold = covering.filter(
    (review) => logRange(review) === undefined && (review === newest || review.at >= begin),
  )
  if (untold.length > 0) say('no-range', { count: untold.length }, untold)

  const ranges = covering.flatMap((review) => logRange(review) ?? [])
  const holes = holesIn(ranges).filter(({ before }) => before >= begin)
  const last = holes.at(-1)
  if (last !== undefined) {
    const data = { after: isoTime(last.after), before: isoTime(last.before), holes: holes.length, days: o.windowDays }
    say('hole', data, [...new Set(holes.flatMap(({ left, right }) => [left, right]))])
  }
  const end = Math.max(...ranges.map(({ to }) => to))
  if (ranges.length > 0 && newest.at - end > days(o.maxLagDays))
    say('behind', { reviewed, to: isoTime(end), lag: inDays(newest.at - end), limit: o.maxLagDays }, [newest])
  return fails
}
