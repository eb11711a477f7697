import type { Framework } from '@backproof/core/audit'
import { BackupError } from '@backproof/core/errors'
import type { Reporter } from '../model/reporter.js'
import { page } from './page.js'

export interface HtmlOptions {
  /** Whose clauses are shown. Default: those that rules or attestations of the audit speak to. */
  readonly frameworks?: readonly Framework[] | undefined
  /**
   * How many rows the file may hold. Where a run has more, passing rows and rows that are not applicable are left out first, and the
   * page says how many. Default 50,000.
   */
  readonly rows?: number | undefined
}

const MOST_ROWS = 50_000

/**
 * Writes one self-contained page: the verdict in one sentence, what was proven and how, findings with filters, clauses of
 * frameworks, charts. It needs no network, and nothing in it runs but its own script, which a content security policy names by hash.
 *
 * @throws BackupError `invalid-config` for a number of rows that is not whole and positive.
 */
export const htmlReporter = (options: HtmlOptions = {}): Reporter => {
  const { rows = MOST_ROWS, frameworks } = options
  if (!Number.isSafeInteger(rows) || rows < 1)
    throw invalid(`The number of rows of an HTML report is ${rows}; it must be a whole number of at least 1.`)
  return {
    format: 'html',
    mediaType: 'text/html',
    extension: 'html',
    render: (document) => page(document, { rows, frameworks }),
  }
}

const invalid = (message: string): BackupError =>
  new BackupError({ code: 'invalid-config', message, operation: 'report' })
