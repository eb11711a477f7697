import { SEVERITIES, type Severity } from '@backproof/core/audit'
import type { ReportDocument } from '../model/document.js'
import type { ReportRow } from '../model/row.js'
import { reportRows } from '../model/rows.js'

/** Which rows a file has as results. */
export interface Chosen {
  /** Pages of rows, none of them `error`. May be called again. */
  readonly rows: () => AsyncIterable<readonly ReportRow[]>
  /** Results that are left out for the limit; known once `rows` has been gone through. */
  readonly omitted: () => number
}

/** Without a limit, in the order of the run. With one, the most severe first: that takes one pass a severity. */
export const chosenResults = (document: ReportDocument, failOnly: boolean, limit: number | undefined): Chosen => {
  const isChosen = failOnly ? isFailing : isResult
  let omitted = 0
  if (limit === undefined) return { rows: () => picked(document, isChosen), omitted: () => 0 }
  return {
    omitted: () => omitted,
    rows: async function* () {
      const counts = await countRanks(document, isChosen)
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
      omitted = Math.max(0, total - limit)
      // All of them fit: then in the order of the run.
      if (omitted === 0) return yield* picked(document, isChosen)
      let room = limit
      for (const rank of [...counts.keys()].sort((a, b) => a - b)) {
        if (room <= 0) return
        for await (const rows of picked(document, (row) => isChosen(row) && rankOf(row) === rank)) {
          yield rows.slice(0, room)
          room -= rows.length
          if (room <= 0) break
        }
      }
    },
  }
}

const isResult = ({ status }: ReportRow): boolean => status !== 'error'
const isFailing = ({ status, waiver }: ReportRow): boolean => status === 'fail' && waiver === undefined

/** What fails comes first, by severity; then what is waived, what is not decided, and the others. */
const rankOf = (row: ReportRow): number => {
  if (isFailing(row)) return RANKS.get(row.severity) ?? SEVERITIES.length
  const others: readonly ReportRow['status'][] = ['fail', 'unknown', 'review', 'not-applicable', 'pass']
  return SEVERITIES.length + 1 + others.indexOf(row.status)
}

const RANKS: ReadonlyMap<Severity, number> = new Map(SEVERITIES.map((severity, rank) => [severity, rank]))

const countRanks = async (
  document: ReportDocument,
  isChosen: (row: ReportRow) => boolean,
): Promise<ReadonlyMap<number, number>> => {
  const counts = new Map<number, number>()
  for await (const rows of picked(document, isChosen)) {
    for (const row of rows) counts.set(rankOf(row), (counts.get(rankOf(row)) ?? 0) + 1)
  }
  return counts
}

async function* picked(
  document: ReportDocument,
  isPicked: (row: ReportRow) => boolean,
): AsyncGenerator<readonly ReportRow[]> {
  for await (const rows of reportRows(document)) yield rows.filter(isPicked)
}
