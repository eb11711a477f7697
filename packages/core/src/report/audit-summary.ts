import type { AuditIncompleteness, AuditResult, HistorySummary, LostFact } from '../audit/result.js'
import { SEVERITIES } from '../audit/verdict.js'
import { type AuditStanding, auditStanding } from './audit-standing.js'
import { exitCode } from './exit-code.js'
import { counted, countsByName, figure, listed } from './phrases.js'
import type { Summary } from './summary.js'

/** An audit in plain English. Never says more than the result proves. Lost facts are in `result.lost`; the sentence has the first. */
export const summarizeAudit = (result: AuditResult): Summary => {
  const proven = exitCode(result) === 0
  const standing = auditStanding(result)
  const said = proven ? provenReasons(result, standing) : notProvenReasons(result, standing)
  return {
    proven,
    sentence: `${title(proven, standing)}: ${[...said, ...scoreOf(result)].join('; ')}.`,
    details: detailsOf(result),
  }
}

const title = (proven: boolean, { waived }: AuditStanding): string => {
  if (!proven) return 'NOT proven'
  return waived === 0 ? 'Proven' : `Proven but for ${counted(waived, 'waived failure')}`
}

const provenReasons = ({ totals: { statuses } }: AuditResult, { checks, waived }: AuditStanding): string[] =>
  checks === 1
    ? [waived === 0 ? `${ONLY} passes` : `${ONLY} fails and is waived`]
    : [
        waived === 0
          ? `all ${figure(checks)} checks pass`
          : `${outOf(statuses.pass, checks)} ${statuses.pass === 1 ? 'passes' : 'pass'}, ${waivedPhrase(waived)}`,
      ]

const ONLY = 'the only check'

const outOf = (count: number | string, checks: number): string =>
  checks === 1 ? ONLY : `${typeof count === 'number' ? figure(count) : count} of ${counted(checks, 'check')}`

const waivedPhrase = (waived: number): string =>
  waived === 1 ? '1 fails and is waived' : `${figure(waived)} fail and are waived`

const notProvenReasons = (result: AuditResult, { failing, waived, checks }: AuditStanding): string[] => {
  const { unknown, review, error } = result.totals.statuses
  const broken = result.incomplete.map((why) => incompleteReason(why, result))
  const some = [
    ...(failing > 0
      ? [`${outOf(failing, checks)} ${failing === 1 ? 'fails' : 'fail'} (${countsByName(bySeverity(result))})`]
      : []),
    ...(waived > 0 ? [waivedPhrase(waived)] : []),
    ...(unknown > 0 ? [`${figure(unknown)} cannot be decided${lostPhrase(result.lost)}`] : []),
    ...(review > 0 ? [`${figure(review)} ${review === 1 ? 'needs' : 'need'} the judgement of a person`] : []),
    ...(error > 0 ? [`${figure(error)} ended in an error`] : []),
  ]
  // The first number says of how many.
  if (failing === 0 && some.length > 0) some[0] = some[0]!.replace(/^[\d,]+/, (count) => outOf(count, checks))
  // One that was broken off before its first finding does not know whether there was anything.
  const knows = result.totals.findings > 0 || broken.length === 0
  const nothing = checks === 0 && knows ? [nothingReason(result)] : []
  return [...some, ...nothing, ...broken]
}

const bySeverity = ({ failing }: AuditResult): Readonly<Record<string, number>> =>
  Object.fromEntries(SEVERITIES.map((severity) => [severity, failing[severity]]))

const nothingReason = ({ totals }: AuditResult): string =>
  totals.findings === 0
    ? 'there was nothing to check (0 findings)'
    : `nothing was applicable (${counted(totals.findings, 'finding')})`

/** Facts that are named in a sentence, of those without a collector and of the others. */
const MOST_LOST = 3

const lostPhrase = (lost: readonly LostFact[]): string => {
  const nobody = lost.filter(({ reason }) => reason === NOBODY).map(({ token }) => token)
  const others = lost.filter(({ reason }) => reason !== NOBODY).map(describeLost)
  const reasons = [
    ...(nobody.length > 0 ? [`no collector gives ${someOf(nobody)}`] : []),
    ...others.slice(0, MOST_LOST),
  ]
  const hidden = Math.max(0, others.length - MOST_LOST)
  const more = hidden > 0 ? [counted(hidden, 'further fact')] : []
  return reasons.length === 0 ? '' : ` (${[...reasons, ...more].join('; ')})`
}

const NOBODY = 'not-collected'

const someOf = (names: readonly string[]): string =>
  listed(
    names.length <= MOST_LOST
      ? names
      : [...names.slice(0, MOST_LOST - 1), `${figure(names.length - MOST_LOST + 1)} more`],
  )

/** What is lost and why: `no collector gives restore.drills`, `bucket.versioning may not be read (s3:GetBucketVersioning is missing)`. */
export const describeLost = ({
  token,
  reason,
  missingPermission,
}: Pick<LostFact, 'token' | 'reason' | 'missingPermission'>): string => {
  const why = LOST_REASONS[reason]
  const permission = missingPermission === undefined ? '' : ` (${missingPermission} is missing)`
  return `${why === undefined ? `${token}: ${reason}` : why.replace('{fact}', token)}${permission}`
}

const LOST_REASONS: Readonly<Record<string, string>> = {
  [NOBODY]: 'no collector gives {fact}',
  denied: '{fact} may not be read',
  unsupported: '{fact} cannot be read there',
  throttled: '{fact} was not given in time: the service throttles',
  timeout: '{fact} was not given in time',
  stale: '{fact} is too old',
  conflict: 'collectors contradict each other about {fact}',
  failed: '{fact} could not be read',
}

const incompleteReason = ({ reason, collector, error }: AuditIncompleteness, result: AuditResult): string => {
  const seen = `after ${counted(result.totals.findings, 'finding')}`
  if (reason === 'aborted') return `the run was cancelled ${seen}`
  if (reason === 'left-early') return `the run was stopped early by its caller, ${seen}`
  const message = error?.message.replace(/\.$/, '') ?? 'unknown error'
  return `${collector ?? 'a collector'} could not tell which targets there are (${message})`
}

/** Rounded down: 99.96 % is not 100 %. */
const scoreOf = ({ score }: AuditResult): string[] =>
  score === null ? [] : [`score ${Math.floor(score * 1_000 + 1e-9) / 10} %`]

const detailsOf = (result: AuditResult): string[] => [
  `${counted(result.rules.length, 'rule')} asked about ${targetsPhrase(result.targets)}, as of ${result.asOf}`,
  ...result.histories.filter(({ sources }) => sources.length > 0).map(historyDetail),
  ...(result.findingsOmitted > 0
    ? [
        `${counted(result.findingsOmitted, 'further finding')} not kept in this result (limit ${figure(result.findingsLimit)})`,
      ]
    : []),
]

const targetsPhrase = (targets: Readonly<Record<string, number>>): string =>
  listed([
    ...Object.entries(targets)
      .filter(([, count]) => count > 0)
      .map(([kind, count]) => counted(count, kind.replaceAll('-', ' '))),
    'the estate',
  ])

const historyDetail = ({ token, sources, items, duplicates, unassigned }: HistorySummary): string =>
  [
    `${token}: ${counted(items, 'item')} from ${listed(sources)}`,
    ...(duplicates > 0 ? [`${figure(duplicates)} more told twice`] : []),
    ...(unassigned > 0 ? [`${figure(unassigned)} of them about targets that are not audited`] : []),
  ].join('; ')
