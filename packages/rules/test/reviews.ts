import type { Policy, Review } from '@backproof/core/audit'
import { policyOf } from './job-run.js'
import { DAY, NOW } from './restore-test.js'

/** A review that Ann signed, a number of days ago. */
export const review = (kind: string, daysAgo: number, parts: Partial<Review> = {}): Review => ({
  kind,
  at: NOW - daysAgo * DAY,
  by: 'Ann',
  ...parts,
})

/** A policy with two stores, `vault` and `tape`. */
export const withStores = (reviews: readonly Review[], stores = ['vault', 'tape']): { readonly policy: Policy } => ({
  policy: policyOf({ reviews, stores: stores.map((id) => ({ id })) }),
})
