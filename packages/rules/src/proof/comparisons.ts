import type { Evidence } from '@backproof/core/audit'
import type { ProofReport } from '@backproof/core/history'
import type { ObjectFinding, OutcomeCounts, RunResult, SourceIdentity, Totals } from '@backproof/core/report'
import { isAhead, isoTime } from '../time.js'
import { type Moments, momentsOf, type Terms } from './accept.js'
import { type Refusal, refusalOf } from './refusal.js'

/** The weakest evidence that counts as a match: both sides were read, or their digests are equal, or claimed digests, or sizes. */
export type Required = 'read' | 'checksum' | 'claimed' | 'size'

/** Grades that are weaker than what is required. */
const WEAKER: Readonly<Record<Required, readonly (keyof Totals['grades'])[]>> = {
  read: ['stored', 'claimed', 'size'],
  checksum: ['claimed', 'size'],
  claimed: ['size'],
  size: [],
}

export interface ComparisonTerms extends Terms {
  readonly required: Required
  /** Milliseconds before a comparison in which what was written may still be on its way. */
  readonly maxLag: number
}

/** What one report says of two places: what `far` lacks of `near`, and the other way round. */
export interface Comparison extends Moments {
  readonly report: ProofReport
  readonly near: string
  readonly far: string
  readonly refusal: Refusal | undefined
  readonly matches: number
  /** Matches of a weaker grade than is required. */
  readonly weak: number
  /** Of `near`, without those on their way. */
  readonly missing: number
  readonly onTheWay: number
  /** In `far` only. */
  readonly extra: number
  readonly mismatch: number
  readonly unreadable: number
  readonly undecided: number
  /** Matches that are one file under two names: no copy. */
  readonly sameFile: number
  /** What the report keeps of what does not match. */
  readonly findings: readonly ObjectFinding[]
}

/** What reports say of any two of the places, whose URIs have to be equal to those of the sides. In both directions. */
export const comparisonsOf = (
  reports: readonly ProofReport[],
  uris: ReadonlySet<string>,
  terms: ComparisonTerms,
): readonly Comparison[] =>
  reports.flatMap((report) => {
    const { kind, source, replicas } = report.result
    const named = replicas.flatMap(({ uri }, i) => (uris.has(uri) ? [i] : []))
    if (kind !== 'compare' || named.length + Number(uris.has(source.uri)) < 2) return []
    const own = named.map((replica) => sourceWith(report, replica, terms))
    const pairs = [...(uris.has(source.uri) ? own : []), ...betweenReplicas(report, own, terms)]
    return pairs.filter(({ near, far }) => near !== far).flatMap((pair) => [pair, reversed(pair, terms)])
  })

const sourceWith = (report: ProofReport, replica: number, terms: ComparisonTerms): Comparison => {
  const { result } = report
  const far = result.replicas[replica]!
  const totals = result.byReplica[replica]
  const findings = result.findings.filter((finding) => (finding.replica ?? 0) === replica)
  const { match, missing, extra, mismatch, unreadable, ...others } = totals?.outcomes ?? NOTHING
  const onTheWay = findings.filter((finding) => isOnTheWay(finding, 'missing', result, terms)).length
  return {
    report,
    ...accepted(result, [result.source, far], terms, totals),
    near: result.source.uri,
    far: far.uri,
    matches: match,
    weak: WEAKER[terms.required].reduce((sum, grade) => sum + (totals?.grades[grade] ?? 0), 0),
    missing: missing - onTheWay,
    onTheWay,
    extra,
    mismatch,
    unreadable,
    undecided: others.changed + others.unverifiable + others.error,
    sameFile: totals?.notes['same-file'] ?? 0,
    findings,
  }
}

const NOTHING: OutcomeCounts = {
  match: 0,
  mismatch: 0,
  missing: 0,
  extra: 0,
  unreadable: 0,
  changed: 0,
  unverifiable: 0,
  error: 0,
}

const accepted = (
  result: RunResult,
  sides: readonly SourceIdentity[],
  terms: Terms,
  totals: Totals | undefined,
): Moments & Pick<Comparison, 'refusal'> => ({
  ...momentsOf(result, sides),
  refusal:
    totals === undefined ? { reason: 'malformed', why: 'has no counts of this copy' } : refusalOf(result, sides, terms),
})

/**
 * Two replicas of one comparison, where one of them is equal to the source in everything: it stands for the source. Reports of
 * different times are not joined in this way, as nobody knows what a source that is no copy was in between.
 */
const betweenReplicas = (
  report: ProofReport,
  own: readonly Comparison[],
  terms: ComparisonTerms,
): readonly Comparison[] => {
  const { source, replicas } = report.result
  const sideOf = (uri: string): readonly SourceIdentity[] => replicas.filter((side) => side.uri === uri)
  return own.flatMap((like, i) =>
    own.flatMap((other, j) => {
      // Two that are both equal say the same in both directions: once is enough.
      if (i === j || !isEqual(like) || (j < i && isEqual(other))) return []
      const sides = [source, ...sideOf(like.far), ...sideOf(other.far)]
      return [
        {
          ...other,
          ...momentsOf(report.result, sides),
          refusal: refusalOf(report.result, sides, terms),
          near: like.far,
        },
      ]
    }),
  )
}

const isEqual = (one: Comparison): boolean =>
  one.refusal === undefined &&
  one.matches > 0 &&
  one.weak + one.missing + one.onTheWay + one.extra + one.mismatch + one.unreadable + one.undecided === 0

/** Seen from the other side: what only it has is missing here. */
const reversed = (one: Comparison, terms: ComparisonTerms): Comparison => {
  const onTheWay = one.findings.filter((finding) => isOnTheWay(finding, 'extra', one.report.result, terms)).length
  return {
    ...one,
    near: one.far,
    far: one.near,
    missing: one.extra - onTheWay,
    onTheWay,
    extra: one.missing + one.onTheWay,
  }
}

/** Whether the one side that has it says that it was written so shortly before the comparison that it may still be on its way. */
const isOnTheWay = (
  { outcome, sides }: ObjectFinding,
  wanted: 'missing' | 'extra',
  { asOf }: RunResult,
  { maxLag }: ComparisonTerms,
): boolean => {
  const modified = (wanted === 'missing' ? sides?.source : sides?.replica)?.modified
  if (outcome !== wanted || modified === undefined) return false
  return modified >= Date.parse(asOf.from) - maxLag && !isAhead(modified, Date.parse(asOf.to))
}

const SHOWN = 10

/** The report with its counts, and the first objects that do not match. */
export const comparisonEvidence = (one: Comparison): readonly Evidence[] => {
  const { report, near, far, matches, missing, onTheWay, extra, mismatch, unreadable, undecided } = one
  const counts = { matches, missing, onTheWay, extra, mismatch, unreadable, undecided }
  const failing = one.findings.filter(({ outcome }) => FAILING.has(outcome))
  return [
    { kind: 'report', id: report.source, ...reportTime(one), data: { near, far, ...counts } },
    ...failing
      .slice(0, SHOWN)
      .map(({ key, outcome, reason }) => ({ kind: 'object', id: key, data: { outcome, reason } })),
  ]
}

/** When the report was made, where it says so. */
export const reportTime = ({ to }: Moments): { readonly at?: string } => (Number.isNaN(to) ? {} : { at: isoTime(to) })

/** How many objects that do not match {@link comparisonEvidence} leaves out. */
export const comparisonOmitted = ({ missing, onTheWay, extra, mismatch, unreadable, findings }: Comparison): number => {
  const shown = findings.filter(({ outcome }) => FAILING.has(outcome)).length
  return missing + onTheWay + extra + mismatch + unreadable - Math.min(shown, SHOWN)
}

const FAILING: ReadonlySet<string> = new Set(['missing', 'extra', 'mismatch', 'unreadable'])
