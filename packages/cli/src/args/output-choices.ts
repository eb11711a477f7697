import type { Values } from './parse.js'
import { type ReportChoice, reportChoices } from './report-choices.js'
import { SHOWN_BY_DEFAULT } from './run-spec.js'
import { usageError } from './usage-error.js'
import { choice, flag, integer, text } from './values.js'

/** What is written where. */
export interface OutputChoices {
  readonly json: boolean
  readonly quiet: boolean
  /** Path for every finding as a line of JSON. */
  readonly ndjson: string | undefined
  readonly reports: readonly ReportChoice[]
  /** Whether one of them takes the place of the text on standard output. */
  readonly reportOnStdout: boolean
  /** Every finding as text, as it comes. */
  readonly showAll: boolean
  /** Failing findings in the report for people. */
  readonly shown: number
  /** Whether a progress line is drawn on standard error. */
  readonly progress: boolean
}

export const outputChoices = (values: Values): OutputChoices => {
  const [json, quiet] = [flag(values, 'json'), flag(values, 'quiet')]
  const showAll = choice(values, 'show', ['failing', 'all'] as const) === 'all'
  if (json && quiet) throw usageError('--json and --quiet exclude each other', 'Leave one of them out.')
  if (showAll && (json || quiet))
    throw usageError(
      '--show all is for people',
      'For programs: --ndjson FILE has every finding. Leave --json or --quiet out.',
    )
  const reports = reportChoices(values)
  const terminal = process.stderr.isTTY === true && process.env['TERM'] !== 'dumb'
  return {
    json,
    quiet,
    showAll,
    ndjson: text(values, 'ndjson'),
    reports,
    reportOnStdout: reports.some(({ path }) => path === '-'),
    shown: integer(values, 'findings', 0) ?? SHOWN_BY_DEFAULT,
    // Rows that scroll by are progress enough.
    progress: terminal && !json && !quiet && !showAll && !flag(values, 'no-progress'),
  }
}
