import type { Evidence } from '@backproof/core/audit'
import type { ProofReport } from '@backproof/core/history'
import type { ObjectFinding, RunResult, SideName, SourceIdentity, Totals } from '@backproof/core/report'
import { type Moments, momentsOf, type Terms } from './accept.js'
import { reportTime } from './comparisons.js'
import { type Refusal, refusalOf } from './refusal.js'

/** What one report says of the bytes of one copy. */
export interface Reading extends Moments {
  readonly report: ProofReport
  readonly refusal: Refusal | undefined
  readonly objects: number
  /** Bytes of the copy. */
  readonly bytes: number
  /** Of these, read and proven: of matches of grade `read`. */
  readonly proven: number
  /** 0 to 100, rounded down to hundredths. */
  readonly percent: number
  /** Objects whose bytes are other than they should be. */
  readonly mismatch: number
  readonly unreadable: number
  /** Objects that a recorded baseline names and that are gone. */
  readonly missing: number
  /** All of these. */
  readonly damaged: number
  /** Whether every object was read, and matched. */
  readonly whole: boolean
  /** What the report keeps of what is damaged. */
  readonly findings: readonly ObjectFinding[]
}

/** What reports say of a copy, whose URI has to be equal to that of a side that was read. */
export const readingsOf = (reports: readonly ProofReport[], uri: string, terms: Terms): readonly Reading[] =>
  reports.flatMap((report) => {
    const { kind, source, replicas } = report.result
    if (kind === 'verify') return source.uri === uri ? [readingOf(report, { side: source, name: 'source' }, terms)] : []
    return replicas.flatMap((side, replica) => [
      ...(side.uri === uri ? [readingOf(report, { side, name: 'replica', replica } as const, terms)] : []),
      ...(source.uri === uri ? [readingOf(report, { side: source, name: 'source', replica } as const, terms)] : []),
    ])
  })

/** The side of a report that is the copy, and of a comparison the pair. */
interface Place {
  readonly side: SourceIdentity
  readonly name: SideName
  readonly replica?: number
}

const readingOf = (report: ProofReport, place: Place, terms: Terms): Reading => {
  const { result } = report
  const { side } = place
  const totals = result.byReplica[place.replica ?? 0]
  const damage = damageOf(result, place, totals)
  const proven = provenBytes(side, totals)
  const { match = 0 } = totals?.outcomes ?? {}
  const all = totals?.findings ?? 0
  const read = result.kind === 'verify' ? match : (totals?.grades.read ?? 0)
  const isPart = result.sample !== undefined && result.sample.sampled < result.sample.population
  const empty = all > 0 && totals?.grades.read === all ? 100 : 0
  return {
    report,
    ...momentsOf(result, [side]),
    refusal: totals === undefined ? { reason: 'malformed', why: 'has no counts' } : refusalOf(result, [side], terms),
    objects: side.objects,
    bytes: side.bytes,
    proven,
    percent: side.bytes > 0 ? Math.floor((10_000 * proven) / side.bytes) / 100 : empty,
    ...damage,
    whole: match > 0 && read === all && !isPart,
  }
}

/** Nothing is proven of a side that was not read in this run, as one that is a list. */
const provenBytes = ({ bytes, bytesRead, asOf }: SourceIdentity, totals: Totals | undefined): number =>
  bytesRead > 0 && asOf === undefined ? Math.min(bytes, totals?.bytesProvenByReading ?? 0) : 0

type Damage = Pick<Reading, 'mismatch' | 'unreadable' | 'missing' | 'damaged' | 'findings'>

/**
 * What differs counts, whoever is to blame, but for findings that name the other side, or that are about attributes. A listing that
 * found its place corrupt counts as one.
 */
const damageOf = (result: RunResult, place: Place, totals: Totals | undefined): Damage => {
  const own = result.findings.filter(({ replica }) => (replica ?? 0) === (place.replica ?? 0))
  const elsewhere = (outcome: string): number =>
    own.filter((one) => one.outcome === outcome && !isOurs(one, place)).length
  const corrupt = result.incomplete.filter(
    ({ error, side = place.name, replica = place.replica }) =>
      error?.code === 'corrupt' && side === place.name && (side !== 'replica' || replica === place.replica),
  ).length
  const { mismatch: different = 0, unreadable: unread = 0, missing: gone = 0 } = totals?.outcomes ?? {}
  const mismatch = different - elsewhere('mismatch')
  const unreadable = unread - elsewhere('unreadable') + corrupt
  // What a comparison finds missing is a question of copies, not of bytes.
  const missing = result.kind === 'verify' ? gone : 0
  const wanted = new Set(['mismatch', 'unreadable', ...(missing > 0 ? ['missing'] : [])])
  const findings = own.filter((one) => wanted.has(one.outcome) && isOurs(one, place))
  return { mismatch, unreadable, missing, damaged: mismatch + unreadable + missing, findings }
}

const isOurs = ({ reason, rotten, error }: ObjectFinding, { name }: Place): boolean =>
  reason !== 'metadata' && (rotten ?? error?.side ?? name) === name

const SHOWN = 10

/** The report with its counts, and the first objects that are damaged. */
export const readingEvidence = (reading: Reading): readonly Evidence[] => {
  const { report, objects, bytes, proven, mismatch, unreadable, missing, findings } = reading
  const data = { objects, bytes, proven, mismatch, unreadable, missing }
  return [
    { kind: 'report', id: report.source, ...reportTime(reading), data },
    ...findings.slice(0, SHOWN).map(({ key, outcome, reason, rotten }) => ({
      kind: 'object',
      id: key,
      data: { outcome, reason, rotten: rotten ?? null },
    })),
  ]
}

/** How many damaged objects {@link readingEvidence} leaves out. */
export const readingOmitted = ({ damaged, findings }: Reading): number =>
  Math.max(0, damaged - Math.min(findings.length, SHOWN))
