import { RULE_NOW, type RuleTest } from '@backproof/core/testing'
import { tapeRotation } from './tape-rotation.js'

const DAY = 86_400_000
const daysAgo = (days: number) => ({ facts: { tape: { label: 'A1', left: RULE_NOW - days * DAY } } })

export default {
  rule: tapeRotation,
  cases: [
    { name: 'A tape left two days ago', ...daysAgo(2), expect: { message: 'in-time', data: { label: 'A1' } } },
    { name: 'The newest tape left eight days ago', ...daysAgo(8), expect: { message: 'late', evidence: ['A1'] } },
    {
      name: 'The library has no tape outside',
      facts: { tape: { state: 'absent', source: 'tape library', observedAt: RULE_NOW } },
      expect: { message: 'never' },
    },
    { name: 'A tape leaves tomorrow', ...daysAgo(-1), expect: { message: 'ahead' } },
    { name: 'Nobody asked the library', expect: { message: 'fact-unknown' } },
  ],
  absent: { tape: { message: 'never' } },
  boundaries: {
    maxAge: { question: daysAgo(7), limit: 7 * DAY, at: 'in-time', stricter: 'late', laxer: 'in-time' },
  },
} satisfies RuleTest
