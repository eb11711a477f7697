import type { Report } from '@backproof/core/report'
import { proofText, type TerminalOptions } from '@backproof/reporters/terminal'
import { type Style, styleFor } from '@backproof/reporters/text'
import { findingHints } from './hints.js'
import { nextCommand } from './next-command.js'
import type { Parties } from './parties.js'

/** Where the rows are that a report for people leaves out. */
export const MORE_ROWS = 'use --ndjson FILE for all rows, or --findings N'

/** What a report for people has on the command line: the places as they were given, and commands and options of its own. */
export const terminalOptions = (parties: Parties, shown: number, style: Style): TerminalOptions => ({
  parties,
  style,
  shown,
  next: (finding) => nextCommand(finding, parties),
  hints: findingHints,
  more: MORE_ROWS,
})

/** The report for people, as standard output gets it. */
export const humanReport = (report: Report, parties: Parties, { shown }: { readonly shown: number }): string =>
  proofText(report, terminalOptions(parties, shown, styleFor(process.stdout)))
