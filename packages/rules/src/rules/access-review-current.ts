import { defineRule, factValue, numberOption, policyFact, type Verdict } from '@backproof/core/audit'
import { clauses } from '../clauses.js'
import { ageOf, isCurrent } from '../governance/dates.js'
import {
  coversStore,
  firstReviews,
  noReviewEvidence,
  reviewEvidence,
  signedReviews,
  storeIds,
} from '../governance/reviews.js'
import { days, inDays, isoTime } from '../time.js'

const KIND = 'access'

/** Somebody has looked at who can reach each store, and signed it. */
export const accessReviewCurrent = defineRule({
  id: 'access-review-current',
  title: 'Access to backup stores is reviewed',
  description: [
    'For each store of the policy there is a review of kind `access` that somebody signed (`by`), and that is not older than `maxDays`. A date stands for its whole day in UTC. A review that is dated in the future was not done yet.',
    'A review without `scope` covers every store. Else its scope names the stores by their ids, with `*` for any characters, and commas or semicolons between them.',
    'It rests on what the policy records. Whether the review named every principal that holds rights now, only the record itself tells.',
  ],
  rationale:
    'Rights are given for a task and stay for years. Who left, changed teams or was only helping out can still delete the backups, until somebody looks.',
  category: 'access',
  severity: 'medium',
  scope: 'estate',
  since: '0.1.0',
  clauses: clauses({
    partial: 'AC-6(7); A.5.18; PCI 7.2.4',
    supporting: 'AC-2; CIS 6.8; CC6.2; 308(a)(4)(ii)(C)',
  }),
  remediation: {
    action: 'Go through everybody who can reach the store, take away what is not needed, sign the review and enter it',
    effort: 'small',
  },
  messages: {
    reviewed: {
      status: 'pass',
      text: 'access to all {stores} stores was reviewed within {limit} days; the oldest of these reviews is {age} days old',
    },
    'never-reviewed': { status: 'fail', text: 'no signed review of access covers the store {store}' },
    overdue: {
      status: 'fail',
      text: 'access to the store {store} was last reviewed on {reviewed} by {by}; once in {limit} days is required',
    },
    'no-reviews': { status: 'fail', text: 'there is no signed review of access' },
    'no-stores': { status: 'unknown', text: 'the policy names no store whose access could have been reviewed' },
    'no-policy': { status: 'unknown', text: 'no policy says when access was reviewed' },
  },
  options: {
    maxDays: numberOption({
      default: 92,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'lower',
      source: 'seed: quarterly; PCI DSS 7.2.4 asks for six months',
      description: 'The last review of each store may be this old.',
    }),
  },
  needs: { policy: policyFact },
  evaluate: ({ now, facts, options: { maxDays: limit } }) => {
    const policy = factValue(facts.policy)
    if (policy === undefined) return { message: 'no-policy' }
    const reviews = signedReviews(policy, KIND, now)
    if (reviews.length === 0) return { message: 'no-reviews', evidence: [noReviewEvidence(policy, KIND)] }
    const stores = storeIds(policy)
    if (stores.length === 0) return { message: 'no-stores', evidence: reviews.map(reviewEvidence) }

    const shown = firstReviews(reviews)
    const fails: Verdict<'never-reviewed' | 'overdue'>[] = []
    const used = new Set<(typeof reviews)[number]>()
    for (const store of stores) {
      const newest = reviews.find((review) => coversStore(review, store))
      if (newest === undefined)
        fails.push({
          message: 'never-reviewed',
          subject: store,
          data: { store },
          ...shown,
        })
      else if (isCurrent(newest.at, now, days(limit))) used.add(newest)
      else {
        const data = { store, reviewed: isoTime(newest.at), by: newest.by, limit }
        fails.push({ message: 'overdue', subject: store, data, evidence: [reviewEvidence(newest)] })
      }
    }
    if (fails.length > 0) return fails
    const age = inDays([...used].reduce((oldest, { at }) => Math.max(oldest, ageOf(at, now)), 0))
    return { message: 'reviewed', data: { stores: stores.length, limit, age }, evidence: [...used].map(reviewEvidence) }
  },
})
