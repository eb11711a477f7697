import type { Reporter } from '../model/reporter.js'
import { jsonDocument } from './json-document.js'

/**
 * One JSON document: `{ result, telemetry }`, as `--json` of the command line prints it and reports are read as evidence. Of rows it
 * has those that the result holds: NDJSON has all.
 */
export const jsonReporter = (): Reporter => ({
  format: 'json',
  mediaType: 'application/json',
  extension: 'json',
  render: async function* ({ report: { result, telemetry } }) {
    yield jsonDocument({ result, telemetry })
  },
})
