import type { ReportDocument } from '../model/document.js'
import { checkedLimit } from '../model/limit.js'
import { type MostSevere, mostSevere } from '../model/most-severe.js'
import type { Reporter } from '../model/reporter.js'
import type { ReportRow } from '../model/row.js'
import { reportRows } from '../model/rows.js'
import { type RunVerdict, verdictOf } from '../model/verdict.js'
import { oneLine } from '../text/one-line.js'
import { annotationLevel, annotationOf } from './annotation.js'
import { type AnnotationLevel, command } from './command.js'

export interface GithubOptions {
  /**
   * Annotations of each level at most, the verdict among them: the most severe rows are kept, and a line says how many are left
   * out. Default 10: GitHub shows no more of a step. All of them are held at once: a larger limit takes memory.
   */
  readonly limit?: number | undefined
  /** The file that rows point at whose target is declared in none, relative to the root of the repository. Default: no file. */
  readonly file?: string | undefined
}

/**
 * Workflow commands for the log of a GitHub Actions step, which GitHub shows as annotations. First the verdict of the run: `notice`
 * when it is proven, `error` when something failed, `warning` when it is not proven. Then rows: `fail` is an `error` (critical,
 * high) or a `warning`, `unknown` a `warning`, `error` an `error`, `review` and what is waived a `notice`; others have none.
 *
 * @throws BackupError `invalid-config` for a limit that is none.
 */
export const githubReporter = ({ limit = 10, file }: GithubOptions = {}): Reporter => {
  checkedLimit(limit, 'github')
  return {
    format: 'github',
    mediaType: 'text/plain',
    extension: 'txt',
    render: (document) => render(document, limit, file),
  }
}

async function* render(document: ReportDocument, limit: number, file: string | undefined): AsyncGenerator<string> {
  const verdict = verdictOf(document)
  const kept = new Map(LEVELS.map((level) => [level, keeper(level === levelOf(verdict) ? limit - 1 : limit)]))
  for await (const rows of reportRows(document)) {
    for (const row of rows) {
      const level = annotationLevel(row)
      if (level !== undefined) kept.get(level)!.add(row)
    }
  }
  yield command(levelOf(verdict), {
    title: `Backproof ${document.kind}`,
    message: [verdict.sentence, ...verdict.details].map(oneLine).join('\n'),
  })
  for (const level of LEVELS) {
    for (const row of kept.get(level)!.rows()) yield command(level, annotationOf(row, file))
  }
  const omitted = LEVELS.map((level) => [kept.get(level)!.omitted(), level] as const).filter(([count]) => count > 0)
  if (omitted.length > 0) {
    yield `Not annotated, as there are too many: ${omitted.map(([count, level]) => `${count} of the level ${level}`).join(', ')}.\n`
  }
}

const LEVELS: readonly AnnotationLevel[] = ['error', 'warning', 'notice']

const levelOf = ({ exitCode }: RunVerdict): AnnotationLevel =>
  exitCode === 0 ? 'notice' : exitCode === 1 ? 'error' : 'warning'

interface Keeper extends MostSevere<ReportRow> {
  readonly omitted: () => number
}

const keeper = (limit: number): Keeper => {
  const most = mostSevere<ReportRow>(Math.max(0, limit))
  let seen = 0
  return {
    add: (row) => {
      seen += 1
      most.add(row)
    },
    rows: most.rows,
    omitted: () => seen - most.rows().length,
  }
}
