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
import type { OutputChoices } from '../args/output-choices.js'
import { jsonDocument } from './json.js'
import { nextCommand } from './next-command.js'
import type { Parties } from './parties.js'
import { safeText } from './safe.js'
import { writeStdout } from './stdout.js'
import { type Style, styleFor } from './style.js'
import { findingRow } from './table.js'

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
      ...rows.map(({ finding, explanation }) => paragraphs(finding, explanation, parties, style)),
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

const paragraphs = (finding: ObjectFinding, explanation: Explanation, parties: Parties, style: Style): string => {
  const command = nextCommand(finding, parties)
  const { verdict, evidence, reading, blame, next } = explanation
  const commands = finding.outcome === 'match' || command === undefined ? [] : [`next: ${command}`]
  const groups = [verdict, evidence, reading, blame, [...next, ...commands]].filter((group) => group.length > 0)
  const text = groups.map((group) => group.map((line) => `  ${safeText(line)}`).join('\n'))
  return [findingRow(finding, parties, style, 0).join('\n'), ...text].join('\n\n')
}
