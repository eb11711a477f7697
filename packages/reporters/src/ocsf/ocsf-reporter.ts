import { jsonLine } from '@backproof/core/report'
import type { ReportDocument } from '../model/document.js'
import type { Reporter } from '../model/reporter.js'
import { reportRows } from '../model/rows.js'
import { verdictOf } from '../model/verdict.js'
import { productVersion } from '../product.js'
import { type EventContext, eventOf, verdictEvent } from './event.js'

export interface OcsfOptions {
  /**
   * `lines`: one event a line (NDJSON), which pipelines of logs take in. `array`: one JSON array, which some importers of files
   * want. Default `lines`.
   */
  readonly form?: 'lines' | 'array' | undefined
}

/**
 * Events of the Open Cybersecurity Schema Framework, version 1.5.0, class Compliance Finding (2003). One for each row, and first
 * one for the run as a whole, whose `compliance.control` is `backproof/verdict`. `unknown`, `review` and `error` have the status
 * Warning, which the schema defines as missing information; `compliance.status_code` tells them apart. What is waived is a
 * suppressed finding whose compliance status stays Fail. Clauses of frameworks are `compliance.standards` and `requirements`.
 */
export const ocsfReporter = ({ form = 'lines' }: OcsfOptions = {}): Reporter => ({
  format: 'ocsf',
  mediaType: form === 'array' ? 'application/json' : 'application/x-ndjson',
  extension: form === 'array' ? 'json' : 'ndjson',
  render: (document) => (form === 'array' ? array(document) : lines(document)),
})

async function* lines(document: ReportDocument): AsyncGenerator<string> {
  for await (const events of eventsOf(document)) yield events.map((event) => `${jsonLine(event)}\n`).join('')
}

async function* array(document: ReportDocument): AsyncGenerator<string> {
  let before = '[\n'
  for await (const events of eventsOf(document)) {
    if (events.length === 0) continue
    yield `${before}${events.map((event) => JSON.stringify(event)).join(',\n')}`
    before = ',\n'
  }
  yield '\n]\n'
}

async function* eventsOf(document: ReportDocument): AsyncGenerator<readonly Readonly<Record<string, unknown>>[]> {
  const { result } = document.report
  const context: EventContext = {
    time: Date.parse(verdictOf(document).asOf),
    version: productVersion(),
    rules: new Map(result.kind === 'audit' ? result.rules.map((rule) => [rule.rule, rule]) : []),
  }
  yield [verdictEvent(document, context)]
  for await (const rows of reportRows(document)) yield rows.map((row) => eventOf(row, context))
}
