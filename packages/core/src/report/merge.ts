import { BackupError } from '../errors.js'
import { sampleResult } from '../evidence/sample/result.js'
import { alertsOf } from './alerts.js'
import { canonicalJson, hashOptions } from './canonical.js'
import { compareCoverage, coversEverything, overlaps, validateCoverage } from './coverage.js'
import { addDrift } from './drift.js'
import { extrasOf } from './exit-code.js'
import type { Coverage, Incompleteness, RunResult, SourceIdentity } from './report.js'
import { REPORT_SCHEMA } from './report.js'
import { addCounts, addTotals, addUnspent, compareFindings } from './tally.js'

/**
 * Merges results of parts (ranges of keys, hash shards) of one run into a result for all of them. Associative and
 * commutative: the canonical JSON of the whole is the same whatever the order and grouping. The whole is complete when
 * its parts cover every key and each came to its end; what the parts leave open is told as one `gap`.
 *
 * Throws `invalid-config` for no result at all, results of another schema, kind, options, source or replicas, and for
 * parts that overlap.
 */
export const mergeResults = (...results: readonly RunResult[]): RunResult => {
  const [first, ...others] = results.map(alone)
  if (first === undefined) throw refused('There is no result to merge: give at least one.')
  return others.reduce(mergeTwo, first)
}

/** One result, in the form that merging gives. */
const alone = (result: RunResult, index: number): RunResult => {
  const name = `Result ${index + 1}`
  if (result.schema !== REPORT_SCHEMA)
    throw refused(`${name} has the schema ${String(result.schema)}; this version merges ${REPORT_SCHEMA}.`)
  if (result.optionsHash !== hashOptions(result.options))
    throw refused(`${name} was altered: its options do not have its optionsHash ${result.optionsHash}.`)
  return assembled(result, result.covered.map(validateCoverage), result.incomplete)
}

const mergeTwo = (a: RunResult, b: RunResult): RunResult => {
  checkSameRun(a, b)
  for (const one of a.covered) {
    const other = b.covered.find((piece) => overlaps(one, piece))
    if (other !== undefined) {
      throw refused(
        `Two results overlap: ${canonicalJson(one)} and ${canonicalJson(other)} may cover the same keys. Merge each part once; shards of different counts merge only over separate ranges.`,
      )
    }
  }
  const findingsLimit = Math.min(a.findingsLimit, b.findingsLimit)
  const all = [...a.findings, ...b.findings].sort(compareFindings(extrasOf(a)))
  const findings = all.slice(0, findingsLimit)
  const { alerts: _, ...of } = a
  const unspent = addUnspent(a.unspent, b.unspent)
  const drift = a.drift === undefined || b.drift === undefined ? undefined : addDrift(a.drift, b.drift)
  const alerts = drift === undefined ? [] : alertsOf(drift)
  const merged: RunResult = {
    ...of,
    asOf: {
      from: a.asOf.from < b.asOf.from ? a.asOf.from : b.asOf.from,
      to: a.asOf.to > b.asOf.to ? a.asOf.to : b.asOf.to,
    },
    source: addSource(a.source, b.source),
    replicas: a.replicas.map((replica, i) => addSource(replica, b.replicas[i]!)),
    ...(a.expected !== undefined && { expected: addSource(a.expected, b.expected!) }),
    totals: addTotals(a.totals, b.totals),
    ...(unspent !== undefined && { unspent }),
    ...(a.sample !== undefined && {
      sample: sampleResult(a.sample.plan, a.sample.confidence, [...a.sample.strata, ...b.sample!.strata]),
    }),
    ...(drift !== undefined && { drift }),
    ...(alerts.length > 0 && { alerts }),
    byReplica: a.byReplica.map((totals, i) => addTotals(totals, b.byReplica[i]!)),
    findings,
    findingsOmitted: a.findingsOmitted + b.findingsOmitted + all.length - findings.length,
    findingsLimit,
  }
  return assembled(merged, [...a.covered, ...b.covered], [...a.incomplete, ...b.incomplete])
}

/** Coverage is kept piece by piece: joined neighbours would make the result depend on the order of merging. */
const assembled = (result: RunResult, pieces: readonly Coverage[], reasons: readonly Incompleteness[]): RunResult => {
  const covered = [...pieces].sort(compareCoverage)
  const byText = new Map(
    reasons.filter(({ reason }) => reason !== 'gap').map((reason) => [canonicalJson(reason), reason]),
  )
  const incomplete = [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reason]) => reason)
  if (!coversEverything(covered)) incomplete.push({ reason: 'gap' })
  return { ...result, covered, complete: incomplete.length === 0, incomplete }
}

const checkSameRun = (a: RunResult, b: RunResult): void => {
  const same = (what: string, left: unknown, right: unknown): void => {
    if (canonicalJson(left) === canonicalJson(right)) return
    throw refused(
      `Two results do not belong together: ${what} is ${canonicalJson(left)} in one and ${canonicalJson(right)} in the other.`,
    )
  }
  same('kind', a.kind, b.kind)
  same('source', a.source.uri, b.source.uri)
  same('replicas', uris(a.replicas), uris(b.replicas))
  same('expected', a.expected?.uri ?? null, b.expected?.uri ?? null)
  if (a.optionsHash !== b.optionsHash) same('options', a.options, b.options)
  same('sample', samplePlan(a), samplePlan(b))
  same('byReplica.length', a.byReplica.length, b.byReplica.length)
}

const samplePlan = ({ sample }: RunResult): unknown =>
  sample === undefined ? null : { ...sample.plan, confidence: sample.confidence }

const uris = (sources: readonly SourceIdentity[]): readonly string[] => sources.map(({ uri }) => uri)

const addSource = (a: SourceIdentity, b: SourceIdentity): SourceIdentity => ({
  uri: a.uri,
  objects: a.objects + b.objects,
  bytes: a.bytes + b.bytes,
  excluded: addCounts(a.excluded, b.excluded),
  bytesRead: a.bytesRead + b.bytesRead,
  ...((a.asOf !== undefined || b.asOf !== undefined) && {
    asOf: Math.min(a.asOf ?? Number.POSITIVE_INFINITY, b.asOf ?? Number.POSITIVE_INFINITY),
  }),
})

const refused = (message: string): BackupError =>
  new BackupError({ code: 'invalid-config', operation: 'merge', message })
