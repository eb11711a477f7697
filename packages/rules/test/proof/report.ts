import type { ProofReport } from '@backproof/core/history'
import {
  type ObjectFinding,
  type OutcomeCounts,
  REPORT_SCHEMA,
  type RunResult,
  type SourceIdentity,
  type Totals,
} from '@backproof/core/report'

/** The clock of the cases. */
export const NOW: number = Date.UTC(2026, 10, 1, 12)
export const HOUR = 3_600_000
export const DAY: number = 24 * HOUR

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

/** What a report counted of one copy: objects of 1,000 bytes. */
export interface Counted extends Partial<OutcomeCounts> {
  /** Matches of this grade; those of grade `read` were read. Default: all `stored` in a comparison, `read` in a verification. */
  readonly read?: number
  readonly claimed?: number
  readonly size?: number
  readonly sameFile?: number
}

export const totals = (counted: Counted, grade: 'read' | 'stored'): Totals => {
  const { read, claimed = 0, size = 0, sameFile = 0, ...outcomes } = counted
  const all = { ...NOTHING, ...outcomes }
  const graded = read ?? (grade === 'read' ? all.match - claimed - size : 0)
  return {
    findings: Object.values(all).reduce((sum, count) => sum + count, 0),
    outcomes: all,
    grades: { read: graded, stored: all.match - graded - claimed - size, claimed, size },
    methods: {},
    algorithms: {},
    notes: sameFile > 0 ? { 'same-file': sameFile } : {},
    bytesProvenByReading: graded * 1_000,
  }
}

export const side = (uri: string, objects: number, more: Partial<SourceIdentity> = {}): SourceIdentity => ({
  uri,
  objects,
  bytes: objects * 1_000,
  excluded: {},
  bytesRead: objects * 1_000,
  ...more,
})

const result = (
  more: Pick<RunResult, 'kind' | 'source' | 'byReplica'> & Partial<RunResult>,
  at: number,
): RunResult => ({
  schema: REPORT_SCHEMA,
  asOf: { from: new Date(at).toISOString(), to: new Date(at).toISOString() },
  replicas: [],
  options: { include: [], exclude: [] },
  optionsHash: '',
  covered: [{}],
  complete: true,
  incomplete: [],
  totals: more.byReplica[0]!,
  findings: [],
  findingsOmitted: 0,
  findingsLimit: 1_000,
  ...more,
})

/** A report of a comparison, of an hour ago. Findings are made of the counts where none are given. */
export const compared = (
  source: string,
  replicas: Readonly<Record<string, Counted>>,
  more: Partial<RunResult> & { readonly at?: number; readonly name?: string } = {},
): ProofReport => {
  const { at = NOW - HOUR, name = 'compared.json', ...members } = more
  const counted = Object.values(replicas)
  return {
    source: name,
    result: result(
      {
        kind: 'compare',
        source: side(source, sourceObjects(counted[0]!)),
        replicas: Object.entries(replicas).map(([uri, counts]) => side(uri, replicaObjects(counts))),
        byReplica: counted.map((counts) => totals(counts, 'stored')),
        findings: counted.flatMap((counts, replica) => findingsOf(counts, replica)),
        ...members,
      },
      at,
    ),
  }
}

/** A report of a verification, of an hour ago. */
export const verified = (
  source: string,
  counted: Counted,
  more: Partial<RunResult> & { readonly at?: number; readonly name?: string } = {},
): ProofReport => {
  const { at = NOW - HOUR, name = 'verified.json', ...members } = more
  return {
    source: name,
    result: result(
      {
        kind: 'verify',
        source: side(source, sourceObjects(counted) - (counted.missing ?? 0)),
        byReplica: [totals(counted, 'read')],
        findings: findingsOf(counted),
        ...members,
      },
      at,
    ),
  }
}

const sum = (counts: readonly (number | undefined)[]): number =>
  counts.reduce<number>((total, count) => total + (count ?? 0), 0)

const sourceObjects = ({ match, mismatch, missing, unreadable, unverifiable }: Counted): number =>
  sum([match, mismatch, missing, unreadable, unverifiable])

const replicaObjects = ({ match, mismatch, extra, unreadable, unverifiable }: Counted): number =>
  sum([match, mismatch, extra, unreadable, unverifiable])

const REASONS = { mismatch: 'digest', missing: 'absent', extra: 'absent', unreadable: 'read-failed' } as const

const findingsOf = (counted: Counted, replica?: number): readonly ObjectFinding[] =>
  Object.entries(REASONS).flatMap(([outcome, reason]) =>
    Array.from({ length: counted[outcome as keyof typeof REASONS] ?? 0 }, (_, i) => ({
      key: `${outcome}-${i}`,
      ...(replica !== undefined && { replica }),
      outcome: outcome as ObjectFinding['outcome'],
      reason,
    })),
  )
