import { QUANTITIES, type Quantity } from './demands.js'
import { type FrameworkNumberOf, frameworkNumbers } from './numbers.js'

/** What several frameworks ask for at once, the strictest of it. */
export interface DemandGroup {
  readonly quantity: Quantity
  /** Absent: it binds all assets. */
  readonly dataClasses?: readonly string[] | undefined
  /** The strictest number; absent: none of them gives one. */
  readonly days?: number | undefined
  /** All of them, the strictest first. */
  readonly demands: readonly FrameworkNumberOf[]
}

/** Numbers of frameworks by what they are about and whom they bind. */
export const demandGroups = (frameworks: readonly string[]): readonly DemandGroup[] => {
  const groups = new Map<string, FrameworkNumberOf[]>()
  for (const one of frameworkNumbers) {
    if (!frameworks.includes(one.framework)) continue
    const name = `${one.quantity} ${one.dataClasses?.join(' ') ?? ''}`
    groups.set(name, [...(groups.get(name) ?? []), one])
  }
  return [...groups.values()].map((all) => {
    const demands = all.toSorted((a, b) => strictness(a) - strictness(b))
    const { quantity, dataClasses, days } = demands[0]!
    return { quantity, demands, ...(dataClasses !== undefined && { dataClasses }), ...(days !== undefined && { days }) }
  })
}

/** The lower the stricter; a number that the framework leaves open is the least strict. */
const strictness = ({ quantity, days }: FrameworkNumberOf): number =>
  days === undefined ? Number.POSITIVE_INFINITY : QUANTITIES[quantity].bound === 'at most' ? days : -days
