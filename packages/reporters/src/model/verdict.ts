import { exitCode } from '@backproof/core/report'
import type { ReportDocument } from './document.js'
import { summaryOf } from './summary-of.js'

/** What a run as a whole came to. Formats whose rows alone could look better than the run say it too. */
export interface RunVerdict {
  /** As `exitCode` of the result: 0 proven, 1 something failed, 3 not proven. */
  readonly exitCode: 0 | 1 | 3
  /** One sentence. */
  readonly sentence: string
  /** Further facts, one a line; the last one says how many rows of the run the document does not give. */
  readonly details: readonly string[]
  /** ISO 8601, UTC: the clock of the run; of several runs that of the latest. */
  readonly asOf: string
}

export const verdictOf = (document: ReportDocument): RunVerdict => {
  const { rowsOmitted } = document
  const { result } = document.report
  const { sentence, details } = summaryOf(document)
  const omitted = rowsOmitted === 1 ? '1 row of the run is' : `${rowsOmitted} rows of the run are`
  return {
    exitCode: exitCode(result),
    sentence,
    details: rowsOmitted > 0 ? [...details, `${omitted} not in this report`] : details,
    asOf: result.kind === 'audit' ? result.asOf : result.asOf.to,
  }
}
