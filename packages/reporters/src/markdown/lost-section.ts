import type { AuditResult, LostFact } from '@backproof/core/audit'
import { describeLost } from '@backproof/core/report'
import { lostHint } from '../model/lost-hint.js'
import { plural } from '../text/numbers.js'
import { prose } from './inline.js'

/** What nobody could read, and what can be done about it. */
export const lostSection = ({ lost }: AuditResult): readonly string[] =>
  lost.length === 0 ? [] : ['## What could not be read', lost.map(lostLine).join('\n')]

const lostLine = (lost: LostFact): string => {
  const hint = lostHint(lost)
  return `- ${prose(describeLost(lost))}: ${plural(lost.findings, 'finding')}${hint === undefined ? '' : `\n  - **Do:** ${prose(hint)}`}`
}
