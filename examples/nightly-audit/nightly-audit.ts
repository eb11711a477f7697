// Every night: does the copy hold what the original holds, and are the backups run as the policy says? The comparison is evidence
// for the audit. Of both there is a page for people (HTML), a log for dashboards (SARIF) and a test result for build servers
// (JUnit). It ends with the worse of their exit codes. SIGTERM ends it promptly, and what it leaves says that it is incomplete.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { audit } from '@backproof/core/audit'
import { compare } from '@backproof/core/compare'
import { isBackupError } from '@backproof/core/errors'
import { jobLines, reportFiles } from '@backproof/core/history'
import { loadPolicy } from '@backproof/core/policy'
import { EXIT } from '@backproof/core/report'
import { localDirectory } from '@backproof/provider-local'
import { htmlReporter } from '@backproof/reporters/html'
import { jsonReporter } from '@backproof/reporters/json'
import { junitReporter } from '@backproof/reporters/junit'
import { reportMeasures } from '@backproof/reporters/measures'
import { keepRun, type ReportDocument, verdictOf, writeReportFile } from '@backproof/reporters/model'
import { sarifReporter } from '@backproof/reporters/sarif'
import { copiesInSync } from '@backproof/rules/copies-in-sync'
import { jobLastRunSucceeded } from '@backproof/rules/job-last-run-succeeded'
import { jobSuccessRate } from '@backproof/rules/job-success-rate'

const [original = '/srv/shop', copy = '/mnt/backup/shop', policyFile = 'policy.yaml', runs = 'runs.jsonl', out = '.'] =
  process.argv.slice(2)
const stop = new AbortController()
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => stop.abort(new Error(`stopped by ${name}`)))
const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(6 * 60 * 60 * 1000)])

/** Writes the reports of a run; resolves with its exit code. */
const report = async (name: string, document: ReportDocument): Promise<number> => {
  const reporters = [htmlReporter(), sarifReporter(), junitReporter()]
  for (const one of reporters) await writeReportFile(document, one, join(out, `${name}.${one.extension}`))
  const { sentence, exitCode } = verdictOf(document)
  console.log(`${name}: ${sentence}`)
  return exitCode
}

process.exitCode = EXIT.internal // until all reports are written
try {
  const { policy } = await loadPolicy(policyFile) // what is wrong with it is told before an hour of reading
  await mkdir(out, { recursive: true })

  const comparison = compare({
    source: localDirectory({ path: original }),
    replicas: [localDirectory({ path: copy })],
    require: 'read',
    signal,
    onProgress: ({ objects = 0, bytes = 0 }) => console.error({ objects, bytes }),
  })
  await using copies = await keepRun(comparison)
  const evidence = join(out, 'copy.json')
  await writeReportFile(copies, jsonReporter(), evidence)

  const rules = [copiesInSync({ compare: 'read' }), jobLastRunSucceeded(), jobSuccessRate({ minPercent: 99 })]
  const collectors = [jobLines({ path: runs }), reportFiles({ paths: [evidence] })]
  await using judged = await keepRun(audit({ policy, rules, collectors, measures: reportMeasures(), signal }))

  const codes = [await report('copy', copies), await report('policy', judged)]
  // What failed beats what could not be decided.
  process.exitCode = codes.includes(EXIT.failed) ? EXIT.failed : Math.max(...codes)
} catch (error) {
  console.error(error)
  if (isBackupError(error) && error.code === 'invalid-config') process.exitCode = EXIT.usage
}
