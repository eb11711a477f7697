import { defineRule, flagOption } from '@backproof/core/audit'
import { drills } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { aheadVerdict, drillData, drillEvidence, endOf, newestDrills, newestMessages, resultOf } from '../drills.js'

/** Whether the newest restore test of an asset ended well. */
export const restoreTestPassed = defineRule({
  id: 'restore-test-passed',
  title: 'The newest restore test passed',
  description: [
    'The newest restore test that is over succeeded, and the check of the restored data says `successful`. One that is still running, or whose data is still being checked, is not over. A cancelled one did not end well.',
    'A restore whose data nobody checked is `unknown`, unless `requireValidation` is off. How long ago it was is the question of `restore-test-recent`.',
  ],
  rationale: 'A restore that failed in a test would have failed in an emergency, and the cause is still there.',
  category: 'restore',
  severity: 'critical',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'CP-4; CP-9(2); A1.3; 308(a)(7)(ii)(D)', supporting: 'GDPR 32(1)(d)' }),
  remediation: {
    action: 'Find the root cause of the restore test that did not end well, remove it, and restore again',
    effort: 'medium',
  },
  messages: {
    passed: {
      status: 'pass',
      text: 'the newest restore test, {drill} of {started}, succeeded, and so did the check of its data',
    },
    restored: {
      status: 'pass',
      text: 'the newest restore test, {drill} of {started}, succeeded; nobody checked its data, and no check is required',
    },
    failed: { status: 'fail', text: 'the newest restore test, {drill} of {started}, did not end well: {end}' },
    unvalidated: {
      status: 'unknown',
      text: 'the newest restore test, {drill} of {started}, restored data that nobody checked',
    },
    undecided: { status: 'unknown', text: 'nobody can say how the newest restore test, {drill} of {started}, ended' },
    ...newestMessages,
  },
  options: {
    requireValidation: flagOption({
      default: true,
      source: 'audit catalogue: an unvalidated restore is unknown',
      description: 'Whether the restored data has to have been checked.',
    }),
  },
  folds: (fold) => ({ tests: fold(drills, newestDrills) }),
  evaluate: ({ folds: { tests }, options }) => {
    const { ended, ahead } = tests.value
    const verdict = ended && { data: { ...drillData(ended), end: endOf(ended) }, evidence: [drillEvidence(ended)] }
    const result = ended && resultOf(ended)
    if (verdict !== undefined && (result === 'failed' || result === 'cancelled'))
      return { message: 'failed', ...verdict }
    if (ahead !== undefined) return aheadVerdict(ahead)
    if (ended === undefined || verdict === undefined) return { message: 'no-drill' }
    if (result !== 'restored') return { message: 'undecided', ...verdict }
    if (ended.validation === 'successful') return { message: 'passed', ...verdict }
    return { message: options.requireValidation ? 'unvalidated' : 'restored', ...verdict }
  },
})
