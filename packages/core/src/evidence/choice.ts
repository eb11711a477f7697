import { type AskableFacts, afterAsking, EXPECTED, mayTell, requestsToAsk } from './asking.js'
import { type Rates, ratesOf } from './cost/rates.js'
import { meetsGrade } from './evidence.js'
import { type PairSide, type PlanPolicy, type Proof, type ProofPlan, planProofs } from './planner.js'

/** The requests that come next for a pair, and how it is expected to be proven. */
export interface Choice {
  /** Sides to ask first. Empty: nothing is asked. */
  readonly ask: readonly PairSide[]
  /** The proof that decides if the sides are equal, once they were asked; absent where none is permitted. */
  readonly proof?: Proof | undefined
  /** Asking might have spared reading, and costs no less than reading does: so it is read, which also proves more. */
  readonly readsInstead: boolean
  /** What is known now permits. */
  readonly plan: ProofPlan
}

/** Of places that charge nothing. */
const NO_RATES: Rates = ratesOf({ readCost: 'free' })

/** Bytes that take about as long as a request does. */
const REQUEST_IN_BYTES = 64 * 1024

/** Reading may take as much longer than asking, because it proves more. */
const LITTLE_MORE = 1.25

/** How often a place tells more of an object than of most, and how often a guessed layout of parts is wrong. */
const SURPRISE = 0.1

/** How often a digest that proves only by being equal is none of the bytes, where another one already differs from it. */
const CONTRADICTED = 1

/**
 * What to ask before a pair is proven: nothing where a listed digest decides, or a read that costs nothing; else what makes the
 * questions and the reads that are left cheapest. Where reading proves more, and costs no more money than asking and not much more
 * time, it is read. Pure.
 *
 * `from`: proofs of the plan before this one could not decide.
 */
export const choose = (reference: AskableFacts, subject: AskableFacts, policy: PlanPolicy, from = 0): Choice => {
  const sides: Sides = { reference, subject }
  const plan = planProofs(reference, subject, policy)
  const now = plan.proofs.slice(from).find(decides)
  const unasked: Choice = { ask: [], proof: now, readsInstead: false, plan }
  const askable = PAIR.filter((side) => mayTell(sides[side], policy))
  if (askable.length === 0 || (now !== undefined && needsNoAnswer(now, askable, sides))) return unasked
  const asks = askable.length === 1 ? [askable] : [...askable.map((side) => [side]), askable]
  const [best] = asks
    .flatMap((ask) => optionOf(ask, sides, policy) ?? [])
    .sort((a, b) => a.cost.money - b.cost.money || a.cost.effort - b.cost.effort)
  if (best === undefined) return unasked
  if (now !== undefined) {
    const reading = times(costOf(now, sides), 1 + doubtOf(now, plan))
    const spares = best.left.effort < reading.effort
    const provesMore = best.proof === undefined || !meetsGrade(best.proof.grade, now.grade)
    const costsNoMore = reading.money <= best.cost.money && reading.effort <= LITTLE_MORE * best.cost.effort
    if (costsNoMore && (provesMore || !spares)) return { ...unasked, readsInstead: spares }
  }
  return { ask: best.ask, proof: best.proof, readsInstead: false, plan }
}

const PAIR = ['reference', 'subject'] as const

type Sides = Readonly<Record<PairSide, AskableFacts>>

interface Cost {
  readonly money: number
  /** Requests and bytes, in bytes. */
  readonly effort: number
}

const NO_COST: Cost = { money: 0, effort: 0 }

interface Option {
  readonly ask: readonly PairSide[]
  readonly proof: Proof | undefined
  /** Of the questions, and of what is likely to be read after them. */
  readonly cost: Cost
  /** Of what is to be read after them. */
  readonly left: Cost
}

const optionOf = (ask: readonly PairSide[], sides: Sides, policy: PlanPolicy): Option | undefined => {
  const told = (side: PairSide): AskableFacts => (ask.includes(side) ? afterAsking(sides[side], policy) : sides[side])
  const after: Sides = { reference: told('reference'), subject: told('subject') }
  const proof = planProofs(after.reference, after.subject, policy).proofs.find(decides)
  const surprising = ask.some((side) => sides[side].asked === undefined && sides[side].offersAreOwn !== true)
  if (proof === undefined && !surprising) return undefined
  const left = proof === undefined ? NO_COST : costOf(proof, after)
  const questions = ask.map((side): Cost => {
    const requests = requestsToAsk(sides[side], policy)
    return { money: requests * (sides[side].rates ?? NO_RATES).stat, effort: requests * REQUEST_IN_BYTES }
  })
  const likely = times(left, surprising ? 1 - SURPRISE : 1)
  return { ask, proof, cost: [...questions, likely].reduce(plus), left }
}

const plus = (a: Cost, b: Cost): Cost => ({ money: a.money + b.money, effort: a.effort + b.effort })

const times = ({ money, effort }: Cost, factor: number): Cost => ({ money: money * factor, effort: effort * factor })

/** Whether a proof ends the matter if the sides are equal. A digest that differs does so where it accuses. */
const decides = (proof: Proof): boolean => {
  if (proof.method !== 'digest') return true
  const values = [proof.reference.value, proof.subject.value]
  return proof.trusted || values[0] === values[1] || values.includes(EXPECTED)
}

/** Nothing is asked before what is there decides, or a read that costs nothing. */
const needsNoAnswer = (proof: Proof, askable: readonly PairSide[], sides: Sides): boolean => {
  switch (proof.method) {
    case 'one-sided-read':
      // Sizes of parts spare no read that will do without them.
      return sides[proof.read].readCost === 'free' || askable.every((side) => sides[side].asked !== undefined)
    case 'two-sided-read':
      return false
    default:
      return true
  }
}

/** How likely reading for a proof is to leave the pair undecided, so that as much has to be read again. */
const doubtOf = (proof: Proof, plan: ProofPlan): number => {
  if (proof.method !== 'one-sided-read') return 0
  const isContradicted = plan.proofs.some(
    (one) => one.method === 'digest' && !decides(one) && [one.reference, one.subject].includes(proof.stored),
  )
  return isContradicted ? CONTRADICTED : proof.measures.length > 1 ? SURPRISE : 0
}

/** What the reads of a proof cost. */
const costOf = (proof: Proof, sides: Sides): Cost => {
  const reading = (side: PairSide): Cost => {
    const { size = 0, rates = NO_RATES } = sides[side]
    return { money: rates.read + size * rates.byte, effort: REQUEST_IN_BYTES + size }
  }
  switch (proof.method) {
    case 'one-sided-read':
      return reading(proof.read)
    case 'two-sided-read':
    case 'bytes':
      return plus(reading('reference'), reading('subject'))
    default:
      return NO_COST
  }
}
