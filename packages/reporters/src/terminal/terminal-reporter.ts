import type { Reporter } from '../model/reporter.js'
import { type AuditTextOptions, auditText } from './audit-text.js'
import { type ProofTextOptions, proofText, SHOWN_BY_DEFAULT } from './proof-text.js'
import { keepRows } from './shown-rows.js'

export type TerminalOptions = ProofTextOptions & AuditTextOptions

/**
 * Text for people, as the command line shows it: rows that are not proven, totals, and the one sentence that says what was proven.
 * Names cannot drive a terminal.
 */
export const terminalReporter = (options: TerminalOptions = {}): Reporter => ({
  format: 'terminal',
  mediaType: 'text/plain',
  extension: 'txt',
  render: async function* (document) {
    if (document.kind !== 'audit') {
      yield proofText(document.report, options)
      return
    }
    const keeper = keepRows(options.shown ?? SHOWN_BY_DEFAULT)
    for await (const findings of document.rows()) keeper.add(findings)
    yield auditText(document.report, keeper.shown(), options)
  },
})
