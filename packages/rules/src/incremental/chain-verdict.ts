import type { Evidence, Message, Verdict } from '@backproof/core/audit'
import { runData, runEvidence } from '../runs.js'
import { type Chain, type Chains, PLAN_LIMIT } from './chains.js'

/** Messages about the chains of an asset. */
export const chainMessages = {
  'chains-short': {
    status: 'pass',
    text: 'a restore needs at most {length} backups on top of a full one; up to {maxChainLength} are allowed',
  },
  'chain-long': {
    status: 'fail',
    text: 'the newest backup, {run} of {at}, needs at least {length} others on top of a full one; up to {maxChainLength} are allowed',
  },
  'chain-untold': {
    status: 'unknown',
    text: 'how many backups the newest one, {run} of {at}, needs is not known: no full one begins its chain, or runs do not tell their kind',
  },
  'too-many-plans': {
    status: 'unknown',
    text: `its runs name more than ${PLAN_LIMIT} plans; chains of the rest, {runs} runs, were not followed`,
  },
  'no-chains': {
    status: 'pass',
    text: 'backups of {system}, the last {run} of {at}, need no others',
  },
  'no-backups': { status: 'unknown', text: 'no run made a backup in the last {windowDays} days' },
} as const satisfies Record<string, Message>

interface ChainLimits {
  readonly maxChainLength: number
  readonly windowDays: number
  /** Chains whose newest backup is older are not in use. */
  readonly begin: number
}

/**
 * The longest chain in use, by the least it can be where that is too long, else by the most.
 *
 * @param doubt Why what is good does not stand.
 */
export const chainVerdict = <D extends string>(
  { byPlan, beyond, alone }: Chains,
  { maxChainLength, windowDays, begin }: ChainLimits,
  doubt: Verdict<D> | undefined,
): Verdict<keyof typeof chainMessages | D> => {
  const inUse = [...byPlan.values()].flatMap((chain) =>
    chain.last !== undefined && chain.last.start >= begin ? [{ chain, last: chain.last }] : [],
  )
  const [first] = inUse
  const long = first && inUse.reduce((a, b) => (b.chain.least > a.chain.least ? b : a), first)
  if (long !== undefined && long.chain.least > maxChainLength) {
    const data = { ...runData(long.last), length: long.chain.least, maxChainLength, plan: long.chain.plan }
    return { message: 'chain-long', data, evidence: chainEvidence(long.chain) }
  }
  if (doubt !== undefined) return doubt
  if (beyond > 0) return { message: 'too-many-plans', data: { runs: beyond } }
  if (first === undefined) {
    if (alone === undefined || alone.start < begin) return { message: 'no-backups', data: { windowDays } }
    return {
      message: 'no-chains',
      data: { ...runData(alone), system: alone.system ?? '' },
      evidence: [runEvidence(alone)],
    }
  }
  const longest = inUse.reduce((a, b) => (b.chain.most > a.chain.most ? b : a), first)
  const { chain, last } = longest
  if (chain.most > maxChainLength) {
    return { message: 'chain-untold', data: { ...runData(last), plan: chain.plan }, evidence: chainEvidence(chain) }
  }
  return { message: 'chains-short', data: { length: chain.most, maxChainLength }, evidence: chainEvidence(chain) }
}

/** Where the chain ends, and where it begins. */
const chainEvidence = ({ last, full }: Chain): Evidence[] =>
  [last, full].flatMap((run) => (run === undefined ? [] : [runEvidence(run, { kind: run.kind ?? null })]))
