import type { ReportDocument } from '../model/document.js'
import { statusCounts } from '../model/tally.js'
import { verdictOf } from '../model/verdict.js'
import { oneLine } from '../text/one-line.js'
import type { Chosen } from './chosen.js'
import { message } from './message.js'

/** The run as an `invocation`, without its notifications. */
export const invocationOf = (document: ReportDocument): Readonly<Record<string, unknown>> => {
  const { result, telemetry } = document.report
  const { exitCode, sentence, details } = verdictOf(document)
  const started = Date.parse(telemetry.startedAt)
  return {
    executionSuccessful: result.complete && statusCounts(document).statuses.error === 0,
    exitCode,
    exitCodeDescription: oneLine(sentence),
    ...(Number.isFinite(started) && {
      startTimeUtc: new Date(started).toISOString(),
      endTimeUtc: new Date(started + Math.max(0, telemetry.elapsedMs)).toISOString(),
    }),
    ...(details.length > 0 && { properties: { details: details.map(oneLine) } }),
  }
}

/** What there is to say of the run as a whole; of rows of the status `error` others say it. */
export const runNotifications = (
  { report: { result }, rowsOmitted }: ReportDocument,
  chosen: Pick<Chosen, 'omitted'>,
): readonly Readonly<Record<string, unknown>>[] => {
  const alerts = result.kind === 'audit' ? [] : (result.alerts ?? [])
  return [
    ...result.incomplete.map(({ reason, error }) =>
      notification(
        'error',
        `incomplete/${reason}`,
        `The run is incomplete (${reason})${error === undefined ? '' : `: ${error.message}`}`,
      ),
    ),
    ...alerts.map((alert) => notification('warning', alert.alert, alert.message)),
    ...(rowsOmitted > 0
      ? [
          notification(
            'warning',
            'rows-omitted',
            `${rowsOmitted} rows of the run are not in this file, as they were not kept`,
          ),
        ]
      : []),
    ...(chosen.omitted() > 0
      ? [
          notification(
            'warning',
            'results-omitted',
            `${chosen.omitted()} results are left out for the limit of the file`,
          ),
        ]
      : []),
  ]
}

const notification = (level: 'error' | 'warning', id: string, text: string): Readonly<Record<string, unknown>> => ({
  level,
  descriptor: { id },
  message: message(text),
})
