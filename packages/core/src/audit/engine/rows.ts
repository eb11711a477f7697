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

/** What is the same in the rows of one target, made once: the target, and the facts by the name of their token. */
interface Shared {
  readonly target: AuditFinding['target']
  readonly facts: Map<string, FactReading>
}

/** The rows of all rules about one target: at least one for each rule. */
export const rowsOf = (works: readonly RuleWork[], sheet: FactSheet): readonly AuditFinding[] => {
  const [first] = works
  if (first === undefined) return []
  const shared: Shared = { target: shownTarget(first.target), facts: new Map() }
  return works.flatMap((work) => {
    try {
      return said(work, sheet, shared)
    } catch (error) {
      // Verdicts of plain JavaScript may throw where they are looked at.
      const reason = toBackupError(error).message
      return [engineRow(work.rule, work.target, readingsOf(work, sheet))('error', 'wrong-verdict', { reason })]
    }
  })
}

const said = (work: RuleWork, sheet: FactSheet, shared: Shared): readonly AuditFinding[] => {
  const { rule, target, failure, missing, notApplicable } = work
  const readings = readingsOf(work, sheet)
  const row = engineRow(rule, target, readings, shared)
  if (failure !== undefined) return [row('error', failure.message, failure.data)]
  if (missing !== undefined) return [row('unknown', 'attribute-missing', { attribute: missing })]
  // Whether a rule applies does not rest on facts.
  const moot = notApplicable !== undefined
  const unknown = moot ? undefined : unknownSaid(rule, readings)
  if (unknown !== undefined) return [findingOf(rule, target, readings, unknown, shared)]
  const read = moot
    ? readVerdicts(rule.meta, typeof notApplicable === 'string' ? { message: notApplicable } : notApplicable, [
        'not-applicable',
      ])
    : readVerdicts(rule.meta, work.verdicts)
  if ('wrong' in read)
    return [read.wrong === '' ? row('error', 'no-verdict') : row('error', 'wrong-verdict', { reason: read.wrong })]
  return read.verdicts.map((verdict) =>
    findingOf(rule, target, readings, verdictSaid(rule, verdict, moot ? [] : readings), shared, verdict.subject),
  )
}

/** Makes rows that the engine itself says. */
export const engineRow =
  (
    rule: Pick<AuditRule, 'name' | 'severity'>,
    target: AuditTarget,
    readings: readonly Reading[] = [],
    shared: Shared = { target: shownTarget(target), facts: new Map() },
  ) =>
  (status: AuditStatus, message: EngineMessage, data?: Readonly<Record<string, Scalar>>): AuditFinding =>
    findingOf(rule, target, readings, engineSaid(status, rule.severity, message, ENGINE_MESSAGES, data), shared)

/** @param subject As the rule says it: two secrets in it must not look like one. Default: that of `said`. */
const findingOf = (
  rule: Pick<AuditRule, 'name'>,
  target: AuditTarget,
  readings: readonly Reading[],
  said: Said,
  shared: Shared,
  subject: string | undefined = said.subject,
): AuditFinding => ({
  rule: rule.name,
  target: shared.target,
  ...said,
  ...(readings.length > 0 && { facts: readings.map((reading) => sharedReading(reading, shared)) }),
  fingerprint: fingerprintOf(rule.name, target, subject, said.message),
})

const shownTarget = ({ kind, id, name, declaredAt }: AuditTarget): AuditFinding['target'] => ({
  kind,
  id: redact(id),
  ...(name !== undefined && { name: redact(name) }),
  ...(declaredAt !== undefined && { declaredAt: { ...declaredAt, file: redact(declaredAt.file) } }),
})

/** A rule that failed on the way has seen fewer items than the others. */
const sharedReading = (reading: Reading, { facts }: Shared): FactReading => {
  const known = facts.get(reading.token)
  if (known !== undefined && known.items === (known.state === 'unknown' ? undefined : reading.items)) return known
  const made = factReading(reading)
  facts.set(reading.token, made)
  return made
}

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
