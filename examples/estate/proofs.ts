import { createHash } from 'node:crypto'
import type { ObjectFinding, Report, RunResult, Totals } from '@backproof/core/report'
import { DAY, dayOf, HOUR, momentOf } from './calendar.js'
import { ASSETS, type Asset } from './company.js'
import type { Faults } from './faults.js'
import { placeOf } from './stores.js'

/** A report, and the name of its file. */
export interface NamedReport<R> {
  readonly name: string
  readonly report: R
}

/**
 * What `backproof compare` and `verify` said of the copies of each asset: compared by stored digests each week, read whole each month;
 * and what Google stores is verified beside that.
 */
export const proofsOf = (faults: Faults): readonly NamedReport<Report>[] =>
  ASSETS.flatMap((asset, number) => {
    const places = placesOf(asset, faults)
    const [first = '', ...others] = places
    const weekly = dayOf('2026-10-29') + number * HOUR
    const monthly = dayOf('2026-10-14') + number * HOUR
    const lost = faults.has('copy-out-of-sync') && asset.id === 'mail' ? missing(37) : []
    const rotten = faults.has('rot') && asset.id === 'erp-database' ? [ROTTEN] : []
    const google = places.filter((place) => place.startsWith('gs:'))
    return [
      ...(others.length === 0
        ? [named(`${asset.id}-read`, run(asset, first, [], monthly, 'read', []))]
        : [
            named(`${asset.id}-weekly`, run(asset, first, others, weekly, 'stored', lost)),
            named(`${asset.id}-monthly`, run(asset, first, others, monthly, 'read', [])),
          ]),
      ...google.map((place) => named(`${asset.id}-google`, run(asset, place, [], monthly + 5 * DAY, 'read', rotten))),
    ]
  })

/** Where the copies of an asset are, the first one first. */
export const placesOf = (asset: Asset, faults: Faults): readonly string[] => {
  const stores = faults.has('one-failure-domain') && asset.id === 'website' ? ['web-bucket'] : asset.stores
  return stores.map((store) => placeOf(asset.id, store))
}

const named = (name: string, report: Report): NamedReport<Report> => ({ name: `reports/${name}.json`, report })

/** Objects that the first replica lacks, written in spring. */
const missing = (count: number): readonly ObjectFinding[] =>
  Array.from({ length: count }, (_, i) => ({
    key: `data/${String(i).padStart(4, '0')}.pack`,
    replica: 0,
    outcome: 'missing',
    reason: 'absent',
    sides: { source: { size: 16_777_216, modified: dayOf('2026-04-02') } },
  }))

const ROTTEN: ObjectFinding = {
  ...{ key: 'backup/20260930-full/pg_data/base/16384/2619.zst', outcome: 'mismatch', reason: 'digest' },
  sides: { source: { size: 8_388_608 }, expected: { size: 8_388_608 } },
}

/** A report of a comparison with replicas, or without any of a verification. */
const run = (
  { bytes }: Asset,
  place: string,
  replicas: readonly string[],
  at: number,
  grade: 'read' | 'stored',
  failing: readonly ObjectFinding[],
): Report => {
  const objects = Math.ceil(bytes / 16e6)
  const side = (uri: string) => ({ uri, objects, bytes, excluded: {}, bytesRead: grade === 'read' ? bytes : 0 })
  const kind = replicas.length > 0 ? 'compare' : 'verify'
  const options = { require: grade, strength: 'cryptographic', include: [], exclude: [] }
  const byReplica = (replicas.length > 0 ? replicas : [place]).map((_, i) =>
    totalsOf(
      objects,
      bytes,
      grade,
      failing.filter(({ replica }) => (replica ?? 0) === i),
    ),
  )
  const result: RunResult = {
    ...{ schema: 'backproof.report/v1', kind, asOf: { from: momentOf(at), to: momentOf(at) } },
    ...{ source: side(place), replicas: replicas.map(side) },
    ...(kind === 'verify' && { expected: { ...side('manifest:///srv/manifests'), bytesRead: 0 } }),
    options,
    optionsHash: createHash('sha256').update(JSON.stringify(options)).digest('hex'),
    ...{ covered: [{}], complete: true, incomplete: [] },
    ...{ totals: byReplica.reduce(added), byReplica },
    ...{ findings: failing, findingsOmitted: 0, findingsLimit: 1_000 },
  }
  const bytesRead = (replicas.length + 1) * side(place).bytesRead
  const telemetry = { startedAt: momentOf(at), elapsedMs: 3_600_000, bytesRead, retries: 0, requests: {}, workers: 0 }
  return { result, telemetry: { ...telemetry, spilledEntries: 0 } }
}

const totalsOf = (
  objects: number,
  bytes: number,
  grade: 'read' | 'stored',
  failing: readonly ObjectFinding[],
): Totals => {
  const match = objects - failing.length
  const count = (outcome: string): number => failing.filter((one) => one.outcome === outcome).length
  const others = { changed: 0, extra: 0, unreadable: 0, unverifiable: 0, error: 0 }
  const lost = failing.reduce((sum, { sides }) => sum + (sides?.source?.size ?? 0), 0)
  return {
    findings: objects,
    outcomes: { match, mismatch: count('mismatch'), missing: count('missing'), ...others },
    grades: { ...{ read: 0, stored: 0, claimed: 0, size: 0 }, [grade]: match },
    methods: { [grade === 'read' ? 'two-sided-read' : 'digest']: match },
    algorithms: { sha256: match },
    notes: {},
    bytesProvenByReading: grade === 'read' ? bytes - lost : 0,
  }
}

const added = (a: Totals, b: Totals): Totals => ({
  findings: a.findings + b.findings,
  outcomes: sum(a.outcomes, b.outcomes),
  grades: sum(a.grades, b.grades),
  methods: sum(a.methods, b.methods),
  algorithms: sum(a.algorithms, b.algorithms),
  notes: {},
  bytesProvenByReading: a.bytesProvenByReading + b.bytesProvenByReading,
})

const sum = <T extends Readonly<Record<string, number>>>(a: T, b: T): T =>
  Object.fromEntries(Object.entries(a).map(([name, value]) => [name, value + (b[name] ?? 0)])) as T
