import { type FactToken, factToken } from '../audit/fact.js'
import type { RunResult } from '../report/report.js'

/** A report of `compare` or `verify`, as evidence. */
export interface ProofReport {
  /** Where it was read: a file. Secret-free. */
  readonly source: string
  readonly result: RunResult
}

/** Reports of `compare` and `verify` that are at hand. */
export const proofReports: FactToken<readonly ProofReport[]> = factToken('proof.reports', {
  of: 'estate',
  description: 'reports of `compare` and `verify`',
})
