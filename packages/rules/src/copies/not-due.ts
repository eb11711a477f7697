import type { Message, Verdict } from '@backproof/core/audit'
import { inHours, isoTime } from '../time.js'
import type { CopyFacts } from './places.js'

/** What is said in place of a failure, where an asset has to be backed up since a short time only. */
export const notDue = {
  messages: {
    'not-due': {
      status: 'not-applicable',
      text: 'it has to be backed up since {since}, and its copies are due {limitHours} h later',
    },
  },
  verdictOf: ({ asset, now, limit }: CopyFacts): Verdict<'not-due'> | undefined =>
    asset?.since !== undefined && asset.since > now - limit
      ? { message: 'not-due', data: { since: isoTime(asset.since), limitHours: inHours(limit) } }
      : undefined,
} as const satisfies {
  readonly messages: Record<string, Message>
  readonly verdictOf: (facts: CopyFacts) => Verdict | undefined
}
