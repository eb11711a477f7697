import { escapeKey } from '@backproof/core/source'
import type { ReportDocument } from '../model/document.js'
import { checkedLimit } from '../model/limit.js'
import type { Reporter } from '../model/reporter.js'
import type { ReportRow } from '../model/row.js'
import { reportRows } from '../model/rows.js'
import { statusCounts } from '../model/tally.js'
import { verdictOf } from '../model/verdict.js'
import { PRODUCT, productVersion } from '../product.js'
import { type Chosen, chosenResults } from './chosen.js'
import { invocationOf, runNotifications } from './invocation.js'
import { errorNotification, resultOf } from './result.js'
import { rulesOf } from './rules.js'
import { taxonomiesOf } from './taxonomies.js'

export interface SarifOptions {
  /**
   * Only rows that fail without a waiver, for consumers that show every result as an alert, as GitHub's code scanning does. Rules
   * that ended in an error are told as notifications still. Default false.
   */
  readonly failOnly?: boolean | undefined
  /**
   * Results at most; the most severe ones are kept, and a notification says how many are left out. Default: with `failOnly` 25,000,
   * which is what GitHub's code scanning takes; otherwise all.
   */
  readonly limit?: number | undefined
  /**
   * The file that rows point at whose target is declared in none, relative to the root of the repository: GitHub's code scanning
   * refuses results without a file. Default: such rows have no file.
   */
  readonly file?: string | undefined
}

/** GitHub: results of a run, https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit */
const GITHUB_RESULTS = 25_000

/**
 * SARIF 2.1.0. `pass`, `fail`, `review` and `not-applicable` have the kinds of these names, `unknown` is `open`; of `fail` the level
 * tells the severity (critical and high `error`, medium `warning`, low and info `note`). What is waived stays `fail` and has a
 * suppression. Rows of the status `error` are notifications of the invocation, whose `exitCode` is that of the run.
 *
 * @throws BackupError `invalid-config` for a limit that is none.
 */
export const sarifReporter = (options: SarifOptions = {}): Reporter => reporter('sarif', options)

/**
 * SARIF that GitHub's code scanning takes: only what fails without a waiver, at most 25,000 results, and every one has a file, as
 * it refuses the others. Without the option `file`, rows whose target is declared in no file point at one called `backproof`.
 */
export const codeScanningReporter = ({ file = 'backproof' }: Pick<SarifOptions, 'file'> = {}): Reporter =>
  reporter('code-scanning', { failOnly: true, file })

const reporter = (format: string, options: SarifOptions): Reporter => {
  const { failOnly = false, limit = failOnly ? GITHUB_RESULTS : undefined, file } = options
  if (limit !== undefined) checkedLimit(limit, format)
  return {
    format,
    mediaType: 'application/sarif+json',
    extension: 'sarif',
    render: (document) => render(document, chosenResults(document, failOnly, limit), file),
  }
}

async function* render(document: ReportDocument, chosen: Chosen, file: string | undefined): AsyncGenerator<string> {
  const taxonomies = taxonomiesOf(document)
  const rules = rulesOf(document, taxonomies)
  const indexes = new Map(rules.map(({ id }, index) => [id, index]))
  const indexOf = ({ rule }: ReportRow): number | undefined => indexes.get(escapeKey(rule))
  const driver = {
    name: PRODUCT,
    ...versionOf(),
    ...(taxonomies.references.length > 0 && { supportedTaxonomies: taxonomies.references }),
    rules,
  }
  yield `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{\n"tool":${JSON.stringify({ driver })},\n`
  if (taxonomies.components.length > 0) yield `"taxonomies":${JSON.stringify(taxonomies.components)},\n`
  yield `"automationDetails":${JSON.stringify({ id: `backproof/${document.kind}/` })},\n"columnKind":"utf16CodeUnits",\n"results":[`
  let before = '\n'
  for await (const rows of chosen.rows()) {
    if (rows.length === 0) continue
    yield `${before}${rows.map((row) => JSON.stringify(resultOf(row, indexOf(row), file))).join(',\n')}`
    before = ',\n'
  }
  yield '\n],\n"invocations":['
  yield `${JSON.stringify(invocationOf(document)).slice(0, -1)},"toolExecutionNotifications":[`
  before = '\n'
  for (const notification of runNotifications(document, chosen)) {
    yield `${before}${JSON.stringify(notification)}`
    before = ',\n'
  }
  if (statusCounts(document).statuses.error > 0) {
    for await (const rows of reportRows(document)) {
      for (const row of rows) {
        if (row.status !== 'error') continue
        yield `${before}${JSON.stringify(errorNotification(row, indexOf(row), file))}`
        before = ',\n'
      }
    }
  }
  yield `\n]}],\n"properties":${JSON.stringify(runProperties(document))}}]}\n`
}

const versionOf = (): { readonly version?: string; readonly semanticVersion?: string } => {
  const version = productVersion()
  return version === undefined ? {} : { version, semanticVersion: version }
}

const runProperties = (document: ReportDocument): Readonly<Record<string, unknown>> => {
  const { result } = document.report
  const { findings, statuses, waived } = statusCounts(document)
  const { exitCode, asOf } = verdictOf(document)
  return {
    schema: result.schema,
    kind: document.kind,
    asOf,
    optionsHash: result.optionsHash,
    complete: result.complete,
    proven: exitCode === 0,
    totals: { findings, statuses, waived },
  }
}
