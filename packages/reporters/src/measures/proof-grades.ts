import { type AuditMeasure, defineMeasure, factValue } from '@backproof/core/audit'
import { proofReports } from '@backproof/core/history'
import type { RunResult, Totals } from '@backproof/core/report'
import type { PlaceGrades, ProofGrades } from './shapes.js'

/** Places that are shown. */
const PLACES = 100

/** What comparisons and verifications proved, and how: `proof-grades`, a {@link ProofGrades}. */
export const proofGrades = (): AuditMeasure =>
  defineMeasure({
    name: 'proof-grades',
    description: 'what comparisons and verifications proved, by grade',
    needs: { reports: proofReports },
    measure: ({ facts }) => {
      const places = (factValue(facts.reports) ?? []).flatMap(({ result }) => placeGrades(result)).sort(inOrder)
      return {
        places: places.slice(0, PLACES),
        placesOmitted: Math.max(0, places.length - PLACES),
      } satisfies ProofGrades as never
    },
  })

/** What one run proved of each of its places. */
export const placeGrades = (result: RunResult): readonly PlaceGrades[] =>
  result.byReplica.map((totals, i) => ({
    source: result.source.uri,
    replica: result.kind === 'compare' ? (result.replicas[i]?.uri ?? null) : null,
    asOf: result.asOf.from,
    ...totals.grades,
    other: unmatched(totals),
  }))

const unmatched = ({ findings, outcomes }: Totals): number => findings - outcomes.match

/** By place, the latest first. */
const inOrder = (a: PlaceGrades, b: PlaceGrades): number =>
  compare(a.source, b.source) || compare(a.replica ?? '', b.replica ?? '') || compare(b.asOf, a.asOf)

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b)
