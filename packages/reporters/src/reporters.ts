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
  /** The export that makes it and its import path, for programs. */
  readonly factory: string
  readonly from: string
  /** Which of {@link ReporterOptions} it heeds. */
  readonly heeds: readonly (keyof ReporterOptions)[]
  /** It has charts of what audits measure: `reportMeasures()` as `measures` of the audit. */
  readonly charts?: boolean | undefined
  /** How its files begin, unless they are empty: an earlier report is known by it. Looks at no more than {@link BEGINNING} characters. */
  readonly begins: RegExp
  readonly load: (options?: ReporterOptions) => Promise<Reporter>
}

/** Characters that tell an earlier report from another file. */
export const BEGINNING = 1_024

const SARIF =
  /^\{"\$schema":"https:\/\/json\.schemastore\.org\/sarif-2\.1\.0\.json","version":"2\.1\.0","runs":\[\{\n"tool":\{"driver":\{"name":"Backproof"/

/** Every format of this package, in the order that help shows them. */
export const FORMATS: readonly ReportFormat[] = [
  {
    format: 'terminal',
    about: 'text for people',
    factory: 'terminalReporter',
    from: '@backproof/reporters/terminal',
    heeds: ['frameworks'],
    begins:
      /^(?:A {2}|(?:fail|error|unknown|review|waived|not-applicable) {2,}|[\d,]+ (?:fail|pass)\b|.+\nWhich rule speaks to which clause is)/,
    load: async ({ frameworks } = {}) => (await import('./terminal/index.js')).terminalReporter({ frameworks }),
  },
  {
    format: 'json',
    about: 'one document with the result; of rows the first that are not proven',
    factory: 'jsonReporter',
    from: '@backproof/reporters/json',
    heeds: ['frameworks'],
    begins: /^\{\n {2}"result": \{\n {4}"schema": "backproof\./,
    load: async ({ frameworks } = {}) => (await import('./json/index.js')).jsonReporter({ frameworks }),
  },
  {
    format: 'ndjson',
    about: 'every row as a line of JSON',
    factory: 'ndjsonReporter',
    from: '@backproof/reporters/ndjson',
    heeds: [],
    begins: /^\{"schema":"backproof\.[a-z]+\/v\d+","type":"header"/,
    load: async () => (await import('./ndjson/index.js')).ndjsonReporter(),
  },
  {
    format: 'markdown',
    about: 'verdict, totals and what is not proven, for pull requests and wikis',
    factory: 'markdownReporter',
    from: '@backproof/reporters/markdown',
    heeds: ['frameworks'],
    begins: /^# (?:Audit of backups|Comparison of backups|Verification of a backup)\n/,
    load: async ({ frameworks } = {}) => (await import('./markdown/index.js')).markdownReporter({ frameworks }),
  },
  {
    format: 'html',
    about: 'one page for people, with filters, clauses and charts; it loads nothing',
    factory: 'htmlReporter',
    charts: true,
    from: '@backproof/reporters/html',
    heeds: ['frameworks'],
    begins:
      /^<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;/,
    load: async ({ frameworks } = {}) => (await import('./html/index.js')).htmlReporter({ frameworks }),
  },
  {
    format: 'csv',
    about: 'every row, for spreadsheets',
    factory: 'csvReporter',
    from: '@backproof/reporters/csv',
    heeds: [],
    begins: /^\ufeff?"status","waived","severity","rule",/,
    load: async () => (await import('./csv/index.js')).csvReporter(),
  },
  {
    format: 'junit',
    about: 'every row as a test case, for build servers',
    factory: 'junitReporter',
    from: '@backproof/reporters/junit',
    heeds: [],
    begins: /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="backproof /,
    load: async () => (await import('./junit/index.js')).junitReporter(),
  },
  {
    format: 'sarif',
    about: 'SARIF 2.1.0, for viewers of analyses',
    factory: 'sarifReporter',
    from: '@backproof/reporters/sarif',
    heeds: ['file'],
    begins: SARIF,
    load: async ({ file } = {}) => (await import('./sarif/index.js')).sarifReporter({ file }),
  },
  {
    format: 'code-scanning',
    about: "SARIF of what fails without a waiver, as GitHub's code scanning takes it",
    factory: 'codeScanningReporter',
    from: '@backproof/reporters/sarif',
    heeds: ['file'],
    begins: SARIF,
    load: async ({ file } = {}) => (await import('./sarif/index.js')).codeScanningReporter({ file }),
  },
  {
    format: 'ocsf',
    about: 'every row as a compliance finding of OCSF, for security data lakes',
    factory: 'ocsfReporter',
    from: '@backproof/reporters/ocsf',
    heeds: [],
    begins: /^\{"metadata":\{"version":"1\.\d+\.\d+","product":\{"name":"Backproof"/,
    load: async () => (await import('./ocsf/index.js')).ocsfReporter(),
  },
  {
    format: 'github',
    about: 'annotations of a GitHub Actions step',
    factory: 'githubReporter',
    from: '@backproof/reporters/github',
    heeds: ['file'],
    begins: /^::(?:error|warning|notice) title=Backproof /,
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
