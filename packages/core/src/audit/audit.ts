import { BackupError } from '../errors.js'
import { redact } from '../redact.js'
import { canonicalJson, hashOptions } from '../report/canonical.js'
import type { Incompleteness } from '../report/report.js'
import { createRun } from '../run/create-run.js'
import { createProgress } from '../run/progress.js'
import type { Run } from '../run/run.js'
import type { JsonValue } from '../source/entry.js'
import { compareKeys } from '../source/key.js'
import { type AuditMeter, auditRows } from './engine/audit-rows.js'
import { createAuditTally } from './engine/tally.js'
import { validateAudit } from './engine/validate.js'
import { isAboutWaivers, waiverRows } from './engine/waiver-rows.js'
import { createWaiverDesk } from './engine/waivers.js'
import type { AuditFinding } from './finding.js'
import type { AuditOptions } from './options.js'
import type { Policy } from './policy.js'
import {
  type AttestedClauses,
  AUDIT_SCHEMA,
  type AuditIncompleteness,
  type AuditReport,
  type AuditResult,
  type RuleSummary,
} from './result.js'
import type { AuditRule } from './rule.js'
import { isoTime, isTime } from './time.js'

/**
 * Judges backup systems by rules: each needed fact is collected once, histories are streamed, and what is not known is `unknown`,
 * never a pass.
 *
 * Rows come by kind of target, id and rule; the estate and the waivers come last. Throws `invalid-config` at once for options that
 * cannot work. The run rejects with `contract` where a collector or a history breaks its promises.
 */
export const audit = (options: AuditOptions): Run<AuditFinding, AuditReport> => {
  validateAudit(options)
  const { findingsLimit = 1_000, onProgress } = options
  const clock = options.now ?? (() => new Date())
  let now = 0
  let startedAt = ''
  let started = 0
  const meter: AuditMeter = {
    targets: new Map(),
    failed: [],
    walks: [],
    collected: new Map(),
    measured: {},
    retries: 0,
    sortedItems: 0,
    spilledItems: 0,
  }
  const tally = createAuditTally(findingsLimit)
  const waivers = [...(options.policy?.waivers ?? []), ...(options.waivers ?? [])]

  async function* findings(signal: AbortSignal): AsyncGenerator<readonly AuditFinding[]> {
    startedAt = new Date().toISOString()
    started = performance.now()
    now = timeOf(clock())
    const desk = createWaiverDesk(waivers, options.rules, now)
    const progress = createProgress({ onProgress, sides: 1 })
    const counted = (rows: readonly AuditFinding[]): readonly AuditFinding[] => {
      for (const row of rows) tally.add(row)
      return rows
    }
    const ofWaivers = options.rules.filter(isAboutWaivers).sort((a, b) => compareKeys(a.name, b.name))
    const others = { ...options, rules: options.rules.filter((rule) => !ofWaivers.includes(rule)) }
    for await (const rows of auditRows(others, { now, meter, progress, signal })) yield counted(rows.map(desk.apply))
    const last = waiverRows(desk.standings(meter.failed.length === 0), ofWaivers, { ...options, now })
    if (last.length > 0) yield counted(last)
    progress.end()
  }

  return createRun({
    signal: options.signal,
    findings,
    report: (incomplete): AuditReport => {
      const { byRule, ...counts } = tally.snapshot()
      const why = [...meter.failed, ...(incomplete === undefined ? [] : [reasonOf(incomplete)])]
      const known = options.rules.map(
        (rule): RuleSummary => ({
          rule: rule.name,
          id: rule.meta.id,
          title: rule.meta.title,
          severity: rule.severity,
          scope: rule.meta.scope,
          options: shownOptions(rule),
          clauses: rule.meta.clauses,
          category: rule.meta.category,
          rationale: rule.meta.rationale,
          action: rule.meta.remediation.action,
          ...(byRule.get(rule.name) ?? NOTHING),
        }),
      )
      return {
        result: {
          schema: AUDIT_SCHEMA,
          kind: 'audit',
          asOf: isoTime(now),
          optionsHash: hashOptions(decisive(options)),
          targets: Object.fromEntries(meter.targets),
          complete: why.length === 0,
          incomplete: why,
          ...counts,
          rules: known.sort((a, b) => compareKeys(a.rule, b.rule)),
          histories: meter.walks.map(({ history, sources, counts: { items, unassigned, duplicates } }) => ({
            token: history.name,
            sources,
            items,
            unassigned,
            duplicates,
          })),
          ...attestedBy(options.policy),
          ...(Object.keys(meter.measured).length > 0 && { measures: meter.measured }),
        },
        telemetry: {
          startedAt,
          elapsedMs: Math.round(performance.now() - started),
          collected: Object.fromEntries(
            [...meter.collected]
              .map(([id, calls]) => [redact(id), calls] as const)
              .sort(([a], [b]) => compareKeys(a, b)),
          ),
          retries: meter.retries,
          sortedItems: meter.sortedItems,
          spilledItems: meter.spilledItems,
        },
      }
    },
  })
}

const timeOf = (date: unknown): number => {
  // A Date of another realm is one too.
  const time = Object.prototype.toString.call(date) === '[object Date]' ? (date as Date).getTime() : undefined
  if (isTime(time)) return time
  throw new BackupError({
    code: 'invalid-config',
    operation: 'audit',
    message: 'The clock `now` gave a date that is no time. It must give a valid Date.',
  })
}

/** What the policy vouches for, where that speaks to clauses. */
const attestedBy = (policy: Policy | undefined): Pick<AuditResult, 'attestations'> => {
  const attestations = (policy?.attestations ?? []).flatMap(
    ({ id, subject, statement, by, at, expires, evidence, clauses = [] }): AttestedClauses[] =>
      clauses.length === 0
        ? []
        : [
            {
              id: redact(id),
              subject: redact(subject),
              statement: redact(statement),
              by: redact(by),
              at: isoTime(at),
              expires: isoTime(expires),
              ...(evidence !== undefined && { evidence: redact(evidence) }),
              clauses: clauses.map((clause) => redact(clause)),
            },
          ],
  )
  return attestations.length === 0 ? {} : { attestations: attestations.sort((a, b) => compareKeys(a.id, b.id)) }
}

/** Options are scalars and lists of texts. */
const shownOptions = ({ options }: AuditRule): Readonly<Record<string, JsonValue>> =>
  Object.fromEntries(
    Object.entries(options as Readonly<Record<string, JsonValue>>).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(shownValue) : shownValue(value),
    ]),
  )

const shownValue = (value: JsonValue): JsonValue => (typeof value === 'string' ? redact(value) : value)

/** Runs of audits end early in no other way: what collectors and rules fail with is told by rows. */
const reasonOf = ({ reason }: Incompleteness): AuditIncompleteness => ({
  reason: reason === 'left-early' ? 'left-early' : 'aborted',
})

const NOTHING = {
  findings: 0,
  statuses: { fail: 0, error: 0, unknown: 0, review: 0, pass: 0, 'not-applicable': 0 },
  waived: 0,
} as const

/** What decides verdicts beside facts and clock. */
const decisive = ({ rules, policy, waivers = [], maxAge }: AuditOptions): Readonly<Record<string, JsonValue>> => {
  const plain = {
    rules: [...rules]
      .sort((a, b) => compareKeys(a.name, b.name))
      .map(({ name, meta, severity, options, select }) => ({ name, id: meta.id, severity, options, select })),
    // On which line of which file something is declared decides nothing, and differs from one checkout to another.
    policy: policy && { ...policy, declared: undefined },
    // Whatever they are: those that are none are told in rows.
    waivers: waivers.map((waiver) => canonicalJson(waiver) ?? '').sort(compareKeys),
    maxAge,
  }
  return plain as unknown as Readonly<Record<string, JsonValue>>
}
