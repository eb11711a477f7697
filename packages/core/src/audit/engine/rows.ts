import { toBackupError } from '../../errors.js'
import { redact } from '../../redact.js'
import { type AuditFinding, ENGINE_MESSAGES, type EngineMessage, type FactReading } from '../finding.js'
import type { AuditRule } from '../rule.js'
import type { AuditTarget } from '../target.js'
import { isoTime } from '../time.js'
import type { AuditStatus, Scalar } from '../verdict.js'
import type { FactSheet } from './facts.js'
import { fingerprintOf } from './fingerprint.js'
import { type RuleWork, readingsOf } from './rule-work.js'
import { engineSaid, type Reading, type Said, unknownSaid, verdictSaid } from './settle.js'
import { readVerdicts } from './verdicts.js'

/** The rows of one rule and one target: at least one. */
export const rowsOf = (work: RuleWork, sheet: FactSheet): readonly AuditFinding[] => {
  try {
    return said(work, sheet)
  } catch (error) {
    // Verdicts of plain JavaScript may throw where they are looked at.
    const reason = toBackupError(error).message
    return [engineRow(work.rule, work.target, readingsOf(work, sheet))('error', 'wrong-verdict', { reason })]
  }
}

const said = (work: RuleWork, sheet: FactSheet): readonly AuditFinding[] => {
  const { rule, target, failure, missing, notApplicable } = work
  const readings = readingsOf(work, sheet)
  const row = engineRow(rule, target, readings)
  if (failure !== undefined) return [row('error', failure.message, failure.data)]
  if (missing !== undefined) return [row('unknown', 'attribute-missing', { attribute: missing })]
  // Whether a rule applies does not rest on facts.
  const moot = notApplicable !== undefined
  const unknown = moot ? undefined : unknownSaid(rule, readings)
  if (unknown !== undefined) return [findingOf(rule, target, readings, unknown)]
  const read = moot
    ? readVerdicts(rule.meta, typeof notApplicable === 'string' ? { message: notApplicable } : notApplicable, [
        'not-applicable',
      ])
    : readVerdicts(rule.meta, work.verdicts)
  if ('wrong' in read)
    return [read.wrong === '' ? row('error', 'no-verdict') : row('error', 'wrong-verdict', { reason: read.wrong })]
  return read.verdicts.map((verdict) =>
    findingOf(rule, target, readings, verdictSaid(rule, verdict, moot ? [] : readings), verdict.subject),
  )
}

/** Makes rows that the engine itself says. */
export const engineRow =
  (rule: Pick<AuditRule, 'name' | 'severity'>, target: AuditTarget, readings: readonly Reading[] = []) =>
  (status: AuditStatus, message: EngineMessage, data?: Readonly<Record<string, Scalar>>): AuditFinding =>
    findingOf(rule, target, readings, engineSaid(status, rule.severity, message, ENGINE_MESSAGES, data))

/** @param subject As the rule says it: two secrets in it must not look like one. Default: that of `said`. */
const findingOf = (
  rule: Pick<AuditRule, 'name'>,
  target: AuditTarget,
  readings: readonly Reading[],
  said: Said,
  subject: string | undefined = said.subject,
): AuditFinding => ({
  rule: rule.name,
  target: shownTarget(target),
  ...said,
  ...(readings.length > 0 && { facts: readings.map(factReading) }),
  fingerprint: fingerprintOf(rule.name, target, subject, said.message),
})

const shownTarget = ({ kind, id, name, declaredAt }: AuditTarget): AuditFinding['target'] => ({
  kind,
  id: redact(id),
  ...(name !== undefined && { name: redact(name) }),
  ...(declaredAt !== undefined && { declaredAt: { ...declaredAt, file: redact(declaredAt.file) } }),
})

const factReading = ({ token, fact, items }: Reading): FactReading =>
  fact.state === 'unknown'
    ? {
        token,
        state: fact.state,
        reason: fact.reason,
        ...(fact.detail !== undefined && { detail: fact.detail }),
        ...(fact.missingPermission !== undefined && { missingPermission: fact.missingPermission }),
      }
    : {
        token,
        state: fact.state,
        source: redact(fact.source),
        observedAt: isoTime(fact.observedAt),
        ...(fact.state === 'known' && fact.partial === true && { partial: true }),
        ...(items !== undefined && { items }),
      }
