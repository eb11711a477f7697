import { type AuditFinding, type EngineMessage, WAIVER_RULE } from '../finding.js'
import type { AuditRule } from '../rule.js'
import { ESTATE } from '../target.js'
import { isoTime } from '../time.js'
import type { AuditStatus, Scalar } from '../verdict.js'
import { WAIVER_DAYS } from '../waiver.js'
import { type WaiverStanding, waiverStandings } from '../waiver-standing.js'
import { engineRow, rowsOf } from './rows.js'
import { createRuleRunner } from './rule-runner.js'
import { beginWork, evaluateWork, planWork } from './rule-work.js'

/**
 * Whether a rule judges waivers, and nothing else: it is asked once all the others were, as only then it is known what waivers accept.
 */
export const isAboutWaivers = ({ meta, needs, folds }: AuditRule): boolean =>
  meta.scope === ESTATE.kind &&
  Object.values(needs).length > 0 &&
  Object.values(needs).every(({ name }) => name === waiverStandings.name) &&
  Object.keys(folds).length === 0

/** What rules say of waivers; where none of them is the rule of that name, what the engine itself says. */
export const waiverRows = (
  standings: readonly WaiverStanding[],
  rules: readonly AuditRule[],
  { now, ruleTimeoutMs = 10_000 }: { readonly now: number; readonly ruleTimeoutMs?: number | undefined },
): readonly AuditFinding[] => {
  const context = { now, runner: createRuleRunner(ruleTimeoutMs), walks: new Map<string, never>() }
  const sheet = new Map([
    [
      waiverStandings.name,
      { state: 'known', value: standings, source: 'waivers of this audit', observedAt: now } as const,
    ],
  ])
  const works = planWork(rules, ESTATE, context)
  beginWork(works, context)
  evaluateWork(
    works.map((work) => ({ work, sheet })),
    context,
  )
  const told = rules.some(({ meta }) => meta.id === WAIVER_RULE)
  return [...rowsOf(works, sheet), ...(told ? [] : standings.flatMap(rowsOfStanding))]
}

const ACTIONS: Readonly<Partial<Record<EngineMessage, string>>> = {
  'waiver-malformed': 'Correct the waiver, or remove it and mend what it was to accept',
  'waiver-expired': 'Renew the waiver with approval, or remove it and mend what it accepted',
  'waiver-too-long': 'Let the waiver end sooner, or remove it and mend what it was to accept',
  'waiver-unused': 'Remove the waiver, or correct what it selects',
}

/** One row where something is to be said; none of a waiver that is used. */
const rowsOfStanding = (standing: WaiverStanding): readonly AuditFinding[] => {
  const { id, state, wrong = '', expires = 0, rule = '', severity = 'high' } = standing
  const say = (status: AuditStatus, message: EngineMessage, data: Readonly<Record<string, Scalar>>) => [
    {
      ...engineRow({ name: WAIVER_RULE, severity: 'high' }, { kind: 'waiver', id })(status, message, data),
      ...(ACTIONS[message] !== undefined && { action: ACTIONS[message] }),
    },
  ]
  switch (state) {
    case 'malformed':
      return say('fail', 'waiver-malformed', { reason: wrong })
    case 'expired':
      return say('fail', 'waiver-expired', { expires: isoTime(expires) })
    case 'too-long':
      return say('fail', 'waiver-too-long', { expires: isoTime(expires), days: WAIVER_DAYS[severity], severity })
    case 'not-asked':
      return say('not-applicable', 'waiver-not-asked', { rule })
    case 'undecided':
      return say('unknown', 'waiver-undecided', {})
    case 'unused':
      return say('fail', 'waiver-unused', {})
    default:
      return []
  }
}
