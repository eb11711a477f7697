import type { ReportDocument } from './document.js'

/** What a report is called, by the kind of its run. */
export const REPORT_TITLES: Readonly<Record<ReportDocument['kind'], string>> = {
  audit: 'Audit of backups',
  compare: 'Comparison of backups',
  verify: 'Verification of a backup',
}
