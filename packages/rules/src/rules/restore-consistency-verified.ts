import { assetPolicy, choiceOption, defineRule, factValue, RESTORE_LEVELS } from '@backproof/core/audit'
import { type Drill, drills } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { aheadVerdict, drillData, drillEvidence, endOf, newestDrills, newestMessages, resultOf } from '../drills.js'

/** How much the newest restore test proved. */
export const restoreConsistencyVerified = defineRule({
  id: 'restore-consistency-verified',
  title: 'Restore tests prove what came back',
  description: [
    'The newest restore test that is over proved at least the level that is required. Levels, weakest first: `bytes` were written, `content` was compared, it was mounted (`mount`), it booted (`boot`), the application answered (`application`).',
    'The level that is required: `restoreLevel` of the asset in the policy, else `minLevel`. A restore test that failed, or whose check failed or ran out of time, proved nothing. A level above `bytes` of which the history also says that nobody checked the data contradicts itself and is `unknown`.',
  ],
  rationale:
    'Files that came back are not yet a system that runs: databases restore torn, applications miss a key or a half of their data.',
  category: 'restore',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'CP-10(2); A1.3', supporting: 'CP-9(1); A.8.13; PI1.5' }),
  remediation: {
    action: 'Add the check that is missing to the restore test: compare content, mount, boot, or ask the application',
    effort: 'medium',
  },
  messages: {
    verified: {
      status: 'pass',
      text: 'the newest restore test, {drill} of {started}, proved the level {level}; {needed} is required',
    },
    'too-weak': {
      status: 'fail',
      text: 'the newest restore test, {drill} of {started}, proved the level {level} only; {needed} is required',
    },
    failed: {
      status: 'fail',
      text: 'the newest restore test, {drill} of {started}, proved nothing: {end}; the level {needed} is required',
    },
    'level-unknown': {
      status: 'unknown',
      text: 'nobody can say what the newest restore test, {drill} of {started}, proved; the level {needed} is required',
    },
    ...newestMessages,
  },
  options: {
    minLevel: choiceOption({
      default: 'content',
      choices: ['bytes', 'content', 'mount', 'boot', 'application'],
      source: 'audit catalogue: own choice, after heartbeat, ping and script of Veeam SureBackup',
      description: 'What a restore test has to prove at least, where the policy does not say it of the asset.',
    }),
  },
  needs: { asset: assetPolicy },
  folds: (fold) => ({ tests: fold(drills, newestDrills) }),
  evaluate: ({ facts, folds: { tests }, options }) => {
    const { ended, ahead } = tests.value
    const needed = factValue(facts.asset)?.restoreLevel ?? options.minLevel
    const level = ended && levelOf(ended)
    const verdict = ended && {
      data: { ...drillData(ended), level: level ?? 'unknown', needed, end: endOf(ended) },
      evidence: [drillEvidence(ended, { level: ended.level ?? null })],
    }
    if (ended !== undefined && verdict !== undefined) {
      if (resultOf(ended) === 'failed') return { message: 'failed', ...verdict }
      if (level !== undefined && RESTORE_LEVELS.indexOf(level) < RESTORE_LEVELS.indexOf(needed))
        return { message: 'too-weak', ...verdict }
    }
    if (ahead !== undefined) return aheadVerdict(ahead)
    if (verdict === undefined) return { message: 'no-drill' }
    return { message: level === undefined ? 'level-unknown' : 'verified', ...verdict }
  },
})

/** What it proved, where that is known and does not contradict itself. */
const levelOf = (drill: Drill): (Drill['level'] & string) | undefined => {
  const { level, validation } = drill
  if (resultOf(drill) !== 'restored' || level === undefined || level === null) return undefined
  if (!RESTORE_LEVELS.includes(level) || (validation === 'none' && level !== 'bytes')) return undefined
  return level
}
