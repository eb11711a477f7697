import { jsonDocument } from '@backproof/reporters/json'
import { styleFor } from '@backproof/reporters/text'
import { usageError } from './args/usage-error.js'
import { flag } from './args/values.js'
import type { Drive } from './drive-run.js'
import { humanPlan } from './output/plan.js'
import { writeStdout } from './output/stdout.js'
import { listenForInterrupts } from './signals.js'

/** Options about findings, of which a plan has none. */
const EXCLUDED = ['explain', 'ndjson', 'report', 'show', 'quiet'] as const

/** Plans a run for the command line, and starts nothing. Resolves with the exit code. */
export const drivePlan = async ({ values, parties, start }: Drive): Promise<number> => {
  const other = EXCLUDED.find((name) => values[name] !== undefined)
  if (other !== undefined)
    throw usageError(`--plan and --${other} exclude each other`, `A plan has no findings: leave --${other} out.`)
  const interrupts = listenForInterrupts()
  try {
    const plan = await start({ signal: interrupts.signal }).plan()
    await writeStdout(flag(values, 'json') ? jsonDocument(plan) : humanPlan(plan, parties, styleFor(process.stdout)))
    return 0
  } catch (error) {
    const code = interrupts.exitCode()
    if (code === undefined || error !== interrupts.signal.reason) throw error
    process.stderr.write('backproof: interrupted: not everything was listed, so there is no plan\n')
    return code
  } finally {
    interrupts.dispose()
  }
}
