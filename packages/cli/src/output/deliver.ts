import { exitCode, type Report, summarize } from '@backproof/core/report'
import { jsonDocument } from '@backproof/reporters/json'
import { safeText } from '@backproof/reporters/text'
import type { OutputChoices } from '../args/output-choices.js'
import { humanReport } from './human.js'
import type { Parties } from './parties.js'
import { writeStdout } from './stdout.js'

/** Writes the report where it was asked for, and resolves with the exit code once the system has taken it. */
export const deliver = async (report: Report, choices: OutputChoices, parties: Parties): Promise<number> => {
  const code = exitCode(report.result)
  if (choices.json) await writeStdout(jsonDocument(report))
  else if (choices.quiet) tellFailure(code, report)
  else if (!choices.reportOnStdout) await writeStdout(humanReport(report, parties, choices))
  return code
}

const tellFailure = (code: number, { result }: Report): void => {
  if (code !== 0) process.stderr.write(`backproof: ${safeText(summarize(result).sentence)}\n`)
}
