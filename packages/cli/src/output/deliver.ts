import { exitCode, type Report, summarize } from '@backproof/core/report'
import type { OutputChoices } from '../args/output-choices.js'
import { humanReport } from './human.js'
import type { Parties } from './parties.js'
import { writeStdout } from './stdout.js'
import { styleFor } from './style.js'

/** Writes the report where it was asked for, and resolves with the exit code once the system has taken it. */
export const deliver = async (report: Report, choices: OutputChoices, parties: Parties): Promise<number> => {
  const code = exitCode(report.result)
  if (choices.json) await writeStdout(`${JSON.stringify(report, null, 2)}\n`)
  else if (choices.quiet) await tellFailure(code, report)
  else await writeStdout(humanReport(report, { parties, style: styleFor(process.stdout), shown: choices.shown }))
  return code
}

const tellFailure = async (code: number, { result }: Report): Promise<void> => {
  if (code !== 0) process.stderr.write(`backproof: ${summarize(result).sentence}\n`)
}
