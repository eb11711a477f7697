import { escapeKey } from '@backproof/core/source'
import type { ReportDocument } from '../model/document.js'
import type { Reporter } from '../model/reporter.js'
import { type RunVerdict, verdictOf } from '../model/verdict.js'
import { oneLine } from '../text/one-line.js'
import { batchesOf, casesOf, countSuites, type SuiteCounts } from './suites.js'
import { ending } from './test-case.js'
import { xmlAttributes } from './xml.js'

/**
 * JUnit XML, as Jenkins, GitLab and others read it. One `testsuite` a rule (of comparisons and verifications: an outcome), one
 * `testcase` a row: `fail` is a `failure`; `unknown` and `error` are an `error`; `review`, `not-applicable` and what is waived are
 * `skipped`, with the reason. The first suite, `backproof`, has one case for the run as a whole, which passes only when the exit
 * code is 0: a run that is incomplete or that checked nothing passes nowhere.
 */
export const junitReporter = (): Reporter => ({
  format: 'junit',
  mediaType: 'application/xml',
  extension: 'xml',
  render,
})

async function* render(document: ReportDocument): AsyncGenerator<string> {
  const verdict = verdictOf(document)
  const suites = await countSuites(document)
  const timestamp = verdict.asOf.slice(0, 19)
  const run = runSuite(verdict)
  yield '<?xml version="1.0" encoding="UTF-8"?>\n'
  yield `<testsuites${xmlAttributes({ name: `backproof ${document.kind}`, ...totals([run, ...suites]), time: secondsOf(document) })}>\n`
  yield `${openSuite(run, timestamp)}${verdictCase(verdict)}${CLOSE}`
  const about = propertiesOf(document)
  for (const batch of batchesOf(suites)) {
    let open: SuiteCounts | undefined
    for await (const [suite, text] of casesOf(document, batch)) {
      if (suite !== open) {
        if (open !== undefined) yield CLOSE
        yield `${openSuite(suite, timestamp)}${about.get(suite.rule) ?? ''}`
        open = suite
      }
      if (text !== '') yield text
    }
    if (open !== undefined) yield CLOSE
  }
  yield '</testsuites>\n'
}

const CLOSE = '  </testsuite>\n'

const openSuite = (suite: SuiteCounts, timestamp: string): string =>
  `  <testsuite${xmlAttributes({ name: escapeKey(suite.rule), ...totals([suite]), skipped: suite.skipped, timestamp, time: '0' })}>\n`

const totals = (suites: readonly SuiteCounts[]): Record<'tests' | 'failures' | 'errors', number> => ({
  tests: sum(suites, ({ passed, failure, error, skipped }) => passed + failure + error + skipped),
  failures: sum(suites, ({ failure }) => failure),
  errors: sum(suites, ({ error }) => error),
})

const sum = (suites: readonly SuiteCounts[], of: (suite: SuiteCounts) => number): number =>
  suites.reduce((total, suite) => total + of(suite), 0)

/** How long the run took: the only thing here that is not the same for the same result. */
const secondsOf = ({ report }: ReportDocument): string => (Math.max(0, report.telemetry.elapsedMs) / 1000).toFixed(3)

/** No rule can have this name: names of rules of comparisons have a stroke, those of audits say what they check. */
const RUN = 'backproof'

const runSuite = ({ exitCode }: RunVerdict): SuiteCounts => ({
  rule: RUN,
  passed: exitCode === 0 ? 1 : 0,
  failure: exitCode === 1 ? 1 : 0,
  error: exitCode === 3 ? 1 : 0,
  skipped: 0,
  size: 0,
})

const verdictCase = ({ exitCode, sentence, details }: RunVerdict): string => {
  const lines = [oneLine(sentence), ...details.map(oneLine)]
  const attributes = xmlAttributes({ name: 'verdict', classname: RUN, time: '0' })
  if (exitCode === 0) return `    <testcase${attributes}/>\n`
  const end = exitCode === 1 ? 'failure' : 'error'
  return `    <testcase${attributes}>\n${ending(end, end === 'failure' ? 'failed' : 'not-proven', lines[0]!, lines)}    </testcase>\n`
}

/** What there is to say of a rule, by its name. */
const propertiesOf = ({ report: { result } }: ReportDocument): ReadonlyMap<string, string> => {
  if (result.kind !== 'audit') return new Map()
  return new Map(
    result.rules.map(({ rule, id, title, category, severity, clauses }) => {
      const values = {
        id,
        title: oneLine(title),
        category,
        severity,
        clauses: clauses.map(({ framework, clause }) => `${framework} ${clause}`).join(', '),
      }
      const properties = Object.entries(values)
        .filter(([, value]) => value !== '')
        .map(([name, value]) => `      <property${xmlAttributes({ name, value })}/>\n`)
      return [rule, `    <properties>\n${properties.join('')}    </properties>\n`]
    }),
  )
}
