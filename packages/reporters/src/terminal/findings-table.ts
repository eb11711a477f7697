import type { Outcome } from '@backproof/core/evidence'
import type { ObjectFinding } from '@backproof/core/report'
import { escapeKey } from '@backproof/core/source'
import type { Colour, Style } from '../text/style.js'
import { pad, textWidth } from '../text/width.js'
import { type ShownParties, sideLetter } from './parties.js'
import { reasonLine } from './reason.js'

/** What a host would do next about a finding, for example a command; `undefined` where it knows nothing. */
export type NextStep = (finding: ObjectFinding) => string | undefined

const OUTCOME_COLUMNS = 'unverifiable'.length
const WIDEST_KEY = 48

const COLOURS: Readonly<Record<Outcome, Colour>> = {
  match: 'green',
  mismatch: 'red',
  missing: 'red',
  extra: 'red',
  unreadable: 'red',
  changed: 'yellow',
  unverifiable: 'yellow',
  error: 'yellow',
}

/**
 * Failing findings as lines: what, which key, which replica when there are several, why, and what `next` gives: the command
 * that looks further.
 */
export const findingsTable = (
  findings: readonly ObjectFinding[],
  parties: ShownParties,
  { style, next }: { readonly style: Style; readonly next?: NextStep | undefined },
): readonly string[] => {
  const columns = Math.min(WIDEST_KEY, Math.max(0, ...findings.map(({ key }) => textWidth(escapeKey(key)))))
  const commands = findings.map((finding) => next?.(finding))
  const indent = ' '.repeat(OUTCOME_COLUMNS + 2)
  return findings.flatMap((finding, i) => {
    const command = commands[i]
    // Rows that share a command name it once, after the last of them.
    const shown = command !== undefined && command !== commands[i + 1]
    return [
      ...findingRow(finding, parties, style, columns),
      ...(shown ? [style('dim', `${indent}next: ${command}`)] : []),
    ]
  })
}

/** One finding as a line; a key wider than `keyColumns` pushes the reason to a line of its own. */
export const findingRow = (
  finding: ObjectFinding,
  parties: ShownParties,
  style: Style,
  keyColumns: number,
): readonly string[] => {
  const key = escapeKey(finding.key)
  const replica = parties.replicas.length > 1 ? `${sideLetter('replica', finding.replica)}  ` : ''
  const outcome = style(COLOURS[finding.outcome], pad(finding.outcome, OUTCOME_COLUMNS))
  const why = reasonLine(finding) + sameFile(finding)
  const start = `${outcome}  ${replica}${pad(key, keyColumns)}`
  return textWidth(key) <= keyColumns ? [`${start}  ${why}`] : [start, `${' '.repeat(OUTCOME_COLUMNS + 2)}${why}`]
}

const sameFile = (finding: ObjectFinding): string =>
  finding.notes?.includes('same-file') === true ? ' (one file on disk, hard-linked: not an independent copy)' : ''
