import type { JobRun } from '@backproof/core/history'
import { partOf } from './run-part.js'

/** The chain that the newest backup of one plan ends: how many backups a restore needs on top of the full one. */
export interface Chain {
  readonly plan: string | null
  /** At least, and at most; infinite at most: no full backup is known to begin it. */
  least: number
  most: number
  /** The run that ends it, and the full one that begins it, where there is one. */
  last?: JobRun | undefined
  full?: JobRun | undefined
}

export interface Chains {
  readonly byPlan: Map<string | null, Chain>
  /** Runs of plans beyond {@link PLAN_LIMIT}. */
  beyond: number
  /** The newest backup that needs no other one, whatever its kind. */
  alone?: JobRun | undefined
}

/** Plans of one asset that are told apart. */
export const PLAN_LIMIT = 64

export const noChains = (): Chains => ({ byPlan: new Map(), beyond: 0 })

/**
 * Adds a run, not earlier than those before. Chains of plans are told apart; but a full backup of one plan may begin the chain of
 * another, and a run that names no plan may be of any.
 *
 * @param withoutChains Systems whose backups need no other ones.
 */
export const addRun = (chains: Chains, run: JobRun, withoutChains: readonly string[]): Chains => {
  const part = partOf(run)
  if (part === undefined) return chains
  if (typeof run.system === 'string' && withoutChains.includes(run.system)) {
    if (part.certain) chains.alone = run
    return chains
  }
  const { plan = null } = run
  const own = chainOf(chains, plan)
  if (own === undefined) chains.beyond += 1
  for (const chain of chains.byPlan.values()) {
    const mayBeOther = chain !== own
    const isUnclear = chain.plan === null || plan === null || own === undefined
    if (mayBeOther && !isUnclear && part.part === 'incremental') continue
    extend(chain, { ...part, certain: part.certain && !mayBeOther, grows: !mayBeOther || isUnclear })
  }
  if (own === undefined) return chains
  own.last = run
  if (part.part === 'full' && part.certain) own.full = run
  return chains
}

interface Step {
  readonly part: NonNullable<ReturnType<typeof partOf>>['part']
  readonly certain: boolean
  /** Whether the run may belong to the chain, and not only begin another of its kind. */
  readonly grows: boolean
}

const extend = (chain: Chain, { part, certain, grows }: Step): void => {
  switch (part) {
    case 'full':
      chain.least = 0
      if (certain) chain.most = 0
      return
    case 'differential':
      if (certain) [chain.least, chain.most] = [1, 1]
      else [chain.least, chain.most] = [Math.min(chain.least, 1), Math.max(chain.most, 1)]
      return
    case 'incremental':
      if (certain) chain.least += 1
      chain.most += 1
      return
    case 'untold':
      chain.least = 0
      if (grows) chain.most += 1
  }
}

const chainOf = ({ byPlan }: Chains, plan: string | null): Chain | undefined => {
  const known = byPlan.get(plan)
  if (known !== undefined || byPlan.size === PLAN_LIMIT) return known
  const made: Chain = { plan, least: 0, most: Number.POSITIVE_INFINITY }
  byPlan.set(plan, made)
  return made
}
