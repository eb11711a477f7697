import { BackupError } from '../errors.js'
import type { Grade, Outcome, ProofMethod } from '../evidence/evidence.js'
import { compareKeys } from '../source/key.js'
import type { Note, ObjectFinding } from './finding.js'
import type { RunResult, Totals, Unspent } from './report.js'

export interface TallyOptions {
  /** How many replicas the run has; a verification counts as one. At least 1. */
  readonly replicas: number
  /** How many findings that are not matches are kept. */
  readonly findingsLimit: number
  /** `allow`: extras are kept after everything else. Default `fail`. */
  readonly extras?: 'fail' | 'allow' | undefined
}

/** What a tally came to; the members are those of `RunResult`. */
export interface TallySnapshot {
  readonly totals: Totals
  readonly byReplica: readonly Totals[]
  readonly findings: readonly ObjectFinding[]
  readonly findingsOmitted: number
  readonly findingsLimit: number
  readonly unspent?: RunResult['unspent']
}

/** Counts findings as they come, in constant memory. */
export interface Tally {
  /** Findings come by key, then by replica. */
  readonly add: (finding: ObjectFinding) => void
  /** The counts so far, as copies. */
  readonly snapshot: () => TallySnapshot
}

interface Counter {
  readonly outcomes: Record<Outcome, number>
  readonly grades: Record<Grade, number>
  readonly methods: Map<ProofMethod, number>
  readonly algorithms: Map<string, number>
  readonly notes: Map<Note, number>
  findings: number
  bytesProvenByReading: number
}

export const createTally = (options: TallyOptions): Tally => {
  const { replicas, findingsLimit } = options
  const counters = Array.from({ length: Math.max(1, replicas) }, emptyCounter)
  const kept: ObjectFinding[] = []
  const keptExtras: ObjectFinding[] = []
  let notMatching = 0
  let unspent: RunResult['unspent']
  return {
    add: (finding) => {
      const counter = counters[finding.replica ?? 0]
      if (counter === undefined) {
        throw new BackupError({
          code: 'internal',
          message: `A finding names replica ${finding.replica}, but the run has ${replicas}.`,
        })
      }
      count(counter, finding)
      if (finding.outcome === 'match') return
      notMatching += 1
      if (finding.reason === 'budget' || finding.reason === 'read-ceiling') {
        const { source, replica } = finding.sides ?? {}
        const bytes = source?.size ?? replica?.size ?? 0
        unspent = addUnspent(unspent, { [finding.reason]: { findings: 1, bytes } })
      }
      const list = finding.outcome === 'extra' && options.extras === 'allow' ? keptExtras : kept
      if (list.length < findingsLimit) list.push(finding)
    },
    snapshot: () => {
      const byReplica = counters.map(totalsOf)
      const findings = [...kept, ...keptExtras].slice(0, findingsLimit)
      return {
        totals: byReplica.reduce(addTotals),
        byReplica,
        findings,
        findingsOmitted: notMatching - findings.length,
        findingsLimit,
        ...(unspent !== undefined && { unspent }),
      }
    },
  }
}

/** The sum of what two results left unproven for its cost. */
export const addUnspent = (a: RunResult['unspent'], b: RunResult['unspent']): RunResult['unspent'] => {
  if (a === undefined || b === undefined) return a ?? b
  const sum = (reason: 'budget' | 'read-ceiling'): { readonly [reason: string]: Unspent } => {
    const [x, y] = [a[reason], b[reason]]
    if (x === undefined && y === undefined) return {}
    const both = {
      findings: (x?.findings ?? 0) + (y?.findings ?? 0),
      bytes: (x?.bytes ?? 0) + (y?.bytes ?? 0),
    }
    return { [reason]: both }
  }
  return { ...sum('budget'), ...sum('read-ceiling') }
}

/** The order of kept findings: by key, then by replica; allowed extras after everything else. */
export const compareFindings =
  (extras: 'fail' | 'allow') =>
  (a: ObjectFinding, b: ObjectFinding): number =>
    (extras === 'allow' ? Number(a.outcome === 'extra') - Number(b.outcome === 'extra') : 0) ||
    compareKeys(a.key, b.key) ||
    (a.replica ?? 0) - (b.replica ?? 0)

/** The sum of two totals. */
export const addTotals = (a: Totals, b: Totals): Totals => ({
  findings: a.findings + b.findings,
  outcomes: addCounts(a.outcomes, b.outcomes),
  grades: addCounts(a.grades, b.grades),
  methods: addCounts(a.methods, b.methods),
  algorithms: addCounts(a.algorithms, b.algorithms),
  notes: addCounts(a.notes, b.notes),
  bytesProvenByReading: a.bytesProvenByReading + b.bytesProvenByReading,
})

/** Adds counts by name. Names that only `b` has come in by the alphabet, as a tally sorts them. */
export const addCounts = <R extends Readonly<Partial<Record<string, number>>>>(a: R, b: R): R => {
  const sum = new Map(Object.entries(a))
  for (const [name, value] of Object.entries(b)) sum.set(name, (sum.get(name) ?? 0) + (value ?? 0))
  const entries = [...sum]
  if (sum.size > Object.keys(a).length) entries.sort(([x], [y]) => (x < y ? -1 : 1))
  return Object.fromEntries(entries) as R
}

const emptyCounter = (): Counter => ({
  outcomes: { match: 0, mismatch: 0, missing: 0, extra: 0, unreadable: 0, changed: 0, unverifiable: 0, error: 0 },
  grades: { read: 0, stored: 0, claimed: 0, size: 0 },
  methods: new Map(),
  algorithms: new Map(),
  notes: new Map(),
  findings: 0,
  bytesProvenByReading: 0,
})

const count = (counter: Counter, finding: ObjectFinding): void => {
  counter.findings += 1
  counter.outcomes[finding.outcome] += 1
  if (finding.notes !== undefined) for (const note of finding.notes) increment(counter.notes, note)
  if (finding.outcome !== 'match') return
  const { grade, method, sides } = finding
  if (grade !== undefined) counter.grades[grade] += 1
  if (method !== undefined) increment(counter.methods, method)
  if (sides === undefined) return
  if (grade === 'read') {
    counter.bytesProvenByReading += sides.source?.size ?? sides.replica?.size ?? sides.expected?.size ?? 0
  }
  // A recorded digest of a byte comparison proved nothing.
  if (finding.reason !== 'digest') return
  const algorithm = (sides.replica?.digest ?? sides.source?.digest ?? sides.expected?.digest)?.algorithm
  if (algorithm !== undefined) increment(counter.algorithms, algorithm)
}

const increment = <N>(counts: Map<N, number>, name: N): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

const totalsOf = (counter: Counter): Totals => ({
  findings: counter.findings,
  outcomes: { ...counter.outcomes },
  grades: { ...counter.grades },
  methods: sorted(counter.methods),
  algorithms: sorted(counter.algorithms),
  notes: sorted(counter.notes),
  bytesProvenByReading: counter.bytesProvenByReading,
})

const sorted = <N extends string>(counts: ReadonlyMap<N, number>): Record<N, number> =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))) as Record<N, number>
