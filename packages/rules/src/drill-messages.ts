import type { Message } from '@backproof/core/audit'

/** Messages of rules that judge the newest restore test that is over. */
export const newestMessages = {
  'no-drill': { status: 'unknown', text: 'no restore test of it has come to an end' },
  'in-future': {
    status: 'unknown',
    text: 'the restore test {drill} of {started} starts or ends at a time that is yet to come: a clock is wrong',
  },
} as const satisfies Record<string, Message>

/** Messages of rules that measure what the newest restore test that is over brought back. */
export const measuredMessages = {
  ...newestMessages,
  'not-restored': {
    status: 'unknown',
    text: 'the newest restore test, {drill} of {started}, did not end well ({end}), so it measured nothing',
  },
} as const satisfies Record<string, Message>
