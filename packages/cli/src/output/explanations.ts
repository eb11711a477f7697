import {
  EXIT,
  type Explanation,
  exitCode,
  explain,
  type ObjectFinding,
  type Report,
  type RunResult,
  summarize,
} from '@backproof/core/report'
import { escapeKey } from '@backproof/core/source'
import { jsonDocument } from '@backproof/reporters/json'
import { findingRow } from '@backproof/reporters/terminal'
import { type Style, safeText, styleFor, textWidth } from '@backproof/reporters/text'
import type { OutputChoices } from '../args/output-choices.js'
import { nextCommand } from './next-command.js'
import type { Parties } from './parties.js'
import { writeStdout } from './stdout.js'

/** What `--explain` asks for: the findings of one key. */
export interface Explained {
  readonly key: string
  readonly findings: readonly ObjectFinding[]
}

/** Writes the explanation of every finding of the key, and resolves with the exit code that these findings have. */
export const deliverExplanations = async (
  { key, findings }: Explained,
  { result }: Report,
  choices: OutputChoices,
  parties: Parties,
): Promise<number> => {
  const ofKey = withoutGap(result)
  const rows = findings.map((finding) => ({ finding, explanation: explain(finding, result) }))
  // What ended the run early is not about the key, but may be why nothing was found.
  const note = rows.length === 0 ? nothingFound(key, ofKey) : ofKey.complete ? undefined : summarize(ofKey).sentence
  if (choices.json) await writeStdout(jsonDocument({ key, findings: rows, ...(note !== undefined && { note }) }))
  else {
    const style = styleFor(process.stdout)
    const blocks = [
      ...rows.map(({ finding, explanation }) =>
        paragraphs(finding, explanation, { parties, style, next: nextOf(finding, parties, result) }),
      ),
      ...(note === undefined ? [] : [style('red', safeText(note))]),
    ]
    await writeStdout(`${blocks.join('\n\n')}\n`)
  }
  return rows.length === 0 ? EXIT.unproven : exitCode(ofKey)
}

/** The result as one of that key: that it says nothing of other keys is what was asked for. */
const withoutGap = (result: RunResult): RunResult => {
  const incomplete = result.incomplete.filter(({ reason }) => reason !== 'gap')
  return { ...result, incomplete, complete: incomplete.length === 0 }
}

const nothingFound = (key: string, result: RunResult): string => {
  const sides = [result.source, ...result.replicas, ...(result.expected === undefined ? [] : [result.expected])]
  const excluded = [...new Set(sides.flatMap((side) => Object.keys(side.excluded)))]
  const why = excluded.length === 0 ? '' : `; it was left out (${excluded.join(', ')})`
  const rest = result.complete ? '' : ` ${summarize(result).sentence}`
  return `No side has "${escapeKey(key)}"${why}.${rest}`
}

/** The command that looks further; none that is the run which was just made. */
const nextOf = (finding: ObjectFinding, parties: Parties, { options }: RunResult): string | undefined => {
  if (finding.outcome === 'match') return undefined
  const command = nextCommand(finding, parties)
  const isSame = options['require'] === 'read' && command?.startsWith(`backproof ${parties.kind} `) === true
  return isSame ? undefined : command
}

interface Shown {
  readonly parties: Parties
  readonly style: Style
  readonly next: string | undefined
}

const paragraphs = (finding: ObjectFinding, explanation: Explanation, { parties, style, next }: Shown): string => {
  const { verdict, evidence, reading, blame } = explanation
  const last = [...explanation.next, ...(next === undefined ? [] : [`next: ${next}`])]
  const groups = [verdict, evidence, reading, blame, last].filter((group) => group.length > 0)
  const text = groups.map((group) => group.map((line) => `  ${safeText(line)}`).join('\n'))
  const row = findingRow(finding, parties, style, textWidth(escapeKey(finding.key)))
  return [row.join('\n'), ...text].join('\n\n')
}
