import type { Framework } from '@backproof/core/audit'
import { BackupError } from '@backproof/core/errors'
import { nearest, showValue } from '@backproof/core/source'
import type { Reporter } from './model/reporter.js'

/** What formats are made with, whichever they are. */
export interface ReporterOptions {
  /** Frameworks whose clauses are shown, in formats that have a place for them. Default: none. */
  readonly frameworks?: readonly Framework[] | undefined
  /**
   * The file that rows point at whose target is declared in none, in formats that point at lines: of an audit the policy. Default:
   * such rows have no file.
   */
  readonly file?: string | undefined
}

/** A format that reports can be written in. Loaded only when it is asked for. */
export interface ReportFormat {
  readonly format: string
  /** A few words. */
  readonly about: string
  readonly load: (options?: ReporterOptions) => Promise<Reporter>
}

/** Every format of this package, in the order that help shows them. */
export const FORMATS: readonly ReportFormat[] = [
  {
    format: 'terminal',
    about: 'text for people',
    load: async () => (await import('./terminal/index.js')).terminalReporter(),
  },
  {
    format: 'json',
    about: 'one document with the result; of rows the first that are not proven',
    load: async () => (await import('./json/index.js')).jsonReporter(),
  },
  {
    format: 'ndjson',
    about: 'every row as a line of JSON',
    load: async () => (await import('./ndjson/index.js')).ndjsonReporter(),
  },
  {
    format: 'markdown',
    about: 'verdict, totals and what is not proven, for pull requests and wikis',
    load: async (options) => (await import('./markdown/index.js')).markdownReporter(options),
  },
  {
    format: 'html',
    about: 'one page for people, with filters, clauses and charts; it loads nothing',
    load: async (options) => (await import('./html/index.js')).htmlReporter(options),
  },
  {
    format: 'csv',
    about: 'every row, for spreadsheets',
    load: async () => (await import('./csv/index.js')).csvReporter(),
  },
  {
    format: 'junit',
    about: 'every row as a test case, for build servers',
    load: async () => (await import('./junit/index.js')).junitReporter(),
  },
  {
    format: 'sarif',
    about: 'SARIF 2.1.0, for viewers of analyses',
    load: async ({ file } = {}) => (await import('./sarif/index.js')).sarifReporter({ file }),
  },
  {
    format: 'code-scanning',
    about: "SARIF of what fails without a waiver, as GitHub's code scanning takes it",
    load: async ({ file } = {}) => (await import('./sarif/index.js')).codeScanningReporter({ file }),
  },
  {
    format: 'ocsf',
    about: 'every row as a compliance finding of OCSF, for security data lakes',
    load: async () => (await import('./ocsf/index.js')).ocsfReporter(),
  },
  {
    format: 'github',
    about: 'annotations of a GitHub Actions step',
    load: async ({ file } = {}) => (await import('./github/index.js')).githubReporter({ file }),
  },
]

/**
 * The reporter of a format, for hosts that are told its name.
 *
 * @throws BackupError `invalid-config` for a name that no format has; the nearest is suggested.
 */
export const reporterOf = async (format: string, options: ReporterOptions = {}): Promise<Reporter> => {
  const found = FORMATS.find((one) => one.format === format)
  if (found !== undefined) return found.load(options)
  const names = FORMATS.map((one) => one.format)
  const near = nearest(format, names)
  throw new BackupError({
    code: 'invalid-config',
    message: `There is no report format ${showValue(format)}.${near === undefined ? '' : ` Did you mean ${near}?`} Formats: ${names.join(', ')}.`,
  })
}
