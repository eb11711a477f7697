import { defineRule } from '@backproof/core/audit'
import { drills } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { aheadVerdict, drillData, drillEvidence, newestDrills, newestMessages } from '../drills.js'
import { isoTime } from '../time.js'

/** Whether restore tests keep away from production. */
export const restoreIsolated = defineRule({
  id: 'restore-isolated',
  title: 'Restore tests keep away from production',
  description: [
    'The newest restore test, however it ended and even if it still runs, restored to a place apart from production: another account, another network, another root path. The history of restore tests says whether it did (`isolated`).',
  ],
  rationale:
    'A restore test into production overwrites what it should protect, starts second copies of live services, and lets restored personal data escape its limits.',
  category: 'restore',
  severity: 'medium',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'A.8.31; DORA 12(3)', supporting: 'CP-4' }),
  remediation: {
    action: 'Restore into a laboratory: an account, network or root path of its own',
    effort: 'medium',
  },
  messages: {
    isolated: { status: 'pass', text: 'the newest restore test, {drill} of {started}, kept apart from production' },
    'in-production': {
      status: 'fail',
      text: 'the newest restore test, {drill} of {started}, was not kept apart from production; it went to {destination}',
    },
    'isolation-unknown': {
      status: 'unknown',
      text: 'nobody can say whether the newest restore test, {drill} of {started}, was kept apart from production',
    },
    'history-short': {
      status: 'unknown',
      text: 'no restore test since {from}, where the history begins; what was before is not known',
    },
    'in-future': newestMessages['in-future'],
    'no-drill': { status: 'not-applicable', text: 'it was never restored, so nothing was restored into production' },
  },
  folds: (fold) => ({ tests: fold(drills, newestDrills) }),
  evaluate: ({ folds: { tests } }) => {
    const { newest, ahead } = tests.value
    const destination = newest?.destination ?? 'an unnamed place'
    const verdict = newest && {
      data: { ...drillData(newest), destination },
      evidence: [drillEvidence(newest, { destination, isolated: newest.isolated ?? null })],
    }
    if (verdict !== undefined && newest?.isolated === false) return { message: 'in-production', ...verdict }
    if (ahead !== undefined) return aheadVerdict(ahead)
    if (verdict !== undefined)
      return { message: newest?.isolated === true ? 'isolated' : 'isolation-unknown', ...verdict }
    if (tests.from !== undefined) return { message: 'history-short', data: { from: isoTime(tests.from) } }
    return { message: 'no-drill' }
  },
})
