import { type Plan, summarizePlan } from '@backproof/core/report'
import { legend } from '@backproof/reporters/terminal'
import { type Style, safeText } from '@backproof/reporters/text'
import { planHints } from './hints.js'
import type { Parties } from './parties.js'

/** A plan for people. Its last line is the one sentence that says what would be read, and what that costs. */
export const humanPlan = (plan: Plan, parties: Parties, style: Style): string => {
  const { sentence, details } = summarizePlan(plan)
  const blocks = [legend(parties), [...details.map(safeText), ...planHints(plan)], [style('bold', safeText(sentence))]]
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}
