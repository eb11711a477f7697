import type { AuditFinding, AuditReport } from '@backproof/core/audit'
import type { ObjectFinding, Report } from '@backproof/core/report'
import type { Run } from '@backproof/core/run'
import type { AuditDocument, ProofDocument, ReportDocument } from './document.js'
import { createRowSpool, type RowSpoolOptions } from './row-spool.js'

/** A document of what the report itself holds: its first failing and undecided rows. `rowsOmitted` counts the others. */
export const documentOf: {
  (report: AuditReport): AuditDocument
  (report: Report): ProofDocument
  (report: AuditReport | Report): ReportDocument
} = ((report: AuditReport | Report) => {
  const { totals, findings } = report.result
  const rows = (): AsyncGenerator<readonly (AuditFinding | ObjectFinding)[]> =>
    onePage<AuditFinding | ObjectFinding>(findings)
  return { ...whole(report, rows), rowsOmitted: totals.findings - findings.length }
}) as typeof documentOf

/**
 * A document of all rows of a run, as the caller kept them.
 *
 * @param rows Called again and again: each time all rows, in the order of the run.
 */
export const documentFromRows: {
  (report: AuditReport, rows: AuditDocument['rows']): AuditDocument
  (report: Report, rows: ProofDocument['rows']): ProofDocument
} = ((report: AuditReport | Report, rows: AnyRows) => whole(report, rows)) as typeof documentFromRows

/** A document whose rows lie in a temporary file, until it is disposed of. */
export type Kept<D extends ReportDocument> = D & AsyncDisposable

/**
 * Takes a run to its end and keeps all of its rows, in bounded memory. A run that was cancelled has a document too, which says
 * that it is incomplete. Rejects as `run.report()` does.
 */
export const keepRun: {
  (run: Run<AuditFinding, AuditReport>, options?: RowSpoolOptions): Promise<Kept<AuditDocument>>
  (run: Run<ObjectFinding, Report>, options?: RowSpoolOptions): Promise<Kept<ProofDocument>>
} = (async (run: Run<AuditFinding | ObjectFinding, AuditReport | Report>, options?: RowSpoolOptions) => {
  const spool = createRowSpool<AuditFinding | ObjectFinding>(options)
  try {
    let broken: { readonly error: unknown } | undefined
    try {
      for await (const findings of run) {
        try {
          await spool.add(findings)
        } catch (error) {
          broken = { error }
          break
        }
      }
    } catch {
      // Told by the report, or thrown again by `report()` when there is none.
    }
    if (broken !== undefined) throw broken.error
    const report = await run.report()
    return { ...whole(report, spool.rows), [Symbol.asyncDispose]: spool[Symbol.asyncDispose] }
  } catch (error) {
    await spool[Symbol.asyncDispose]()
    throw error
  }
}) as typeof keepRun

type AnyRows = () => AsyncIterable<readonly (AuditFinding | ObjectFinding)[]>

const whole = (report: AuditReport | Report, rows: AnyRows): ReportDocument =>
  ({ kind: report.result.kind, report, rows, rowsOmitted: 0 }) as ReportDocument

async function* onePage<F>(findings: readonly F[]): AsyncGenerator<readonly F[]> {
  if (findings.length > 0) yield findings
}
