import { exitCode } from '@backproof/core/report'
import { type ReportDocument, statusCounts } from '../../src/index.js'

/** What a file of some format says, by its own means. */
export interface ReadBack {
  /** Rows by status. */
  readonly statuses: Readonly<Record<string, number>>
  /** Failing rows with a waiver, which are among `fail` too. */
  readonly waived: number
  readonly exitCode: number
}

/** What any format has to say of the document. `without`: statuses that the format has no rows for. */
export const expectedOf = (document: ReportDocument, ...without: readonly string[]): ReadBack => {
  const { statuses, waived } = statusCounts(document)
  const told = Object.entries(statuses).filter(([status, count]) => count > 0 && !without.includes(status))
  return { statuses: Object.fromEntries(told), waived, exitCode: exitCode(document.report.result) }
}

/** Counts of what is given, without zeros. */
export const countBy = <T>(items: Iterable<T>, name: (item: T) => string): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const item of items) counts[name(item)] = (counts[name(item)] ?? 0) + 1
  return counts
}
