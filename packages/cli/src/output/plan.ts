import { type Plan, summarizePlan } from '@backproof/core/report'
import { planHints } from './hints.js'
import { legend } from './human.js'
import type { Parties } from './parties.js'
import { safeText } from './safe.js'
import type { Style } from './style.js'

/** A plan for people. Its last line is the one sentence that says what would be read, and what that costs. */
export const humanPlan = (plan: Plan, parties: Parties, style: Style): string => {
  const { sentence, details } = summarizePlan(plan)
  const blocks = [legend(parties), [...details.map(safeText), ...planHints(plan)], [style('bold', safeText(sentence))]]
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}
