import type { BudgetLimit } from '../report/report.js'
import { RunIncomplete } from '../run/create-run.js'
import type { Budget } from './options.js'
import { ceilingsOf, createPlaceSpending } from './place-spending.js'
import type { ListedEntry, Party, Row } from './row.js'
import { invalid } from './validate.js'

/** Why something was not spent. */
export type Refusal = 'budget' | 'read-ceiling'

/**
 * What a run may spend. It is asked for in the order of keys, so that the same requests are refused whatever the concurrency:
 * batches of rows wait for those before them as soon as a limit could be reached. Time is no matter of order: what a budget of
 * seconds leaves out differs from run to run.
 */
export interface Spending {
  /**
   * For each batch, in order. Resolves when its turn has come, with a function to call at its end.
   *
   * @throws RunIncomplete when not even the listings may go on.
   */
  readonly enter: (rows: readonly Row[]) => Promise<() => void>
  /** Whether so many requests about an object may be made; if so, they count as made. */
  readonly ask: (party: number, entry: ListedEntry, requests: number) => Refusal | undefined
  /** Whether objects may be read whole, all of them or none; if so, they count as read. */
  readonly read: (objects: readonly (readonly [party: number, entry: ListedEntry])[]) => Refusal | undefined
  /**
   * Counts bytes that nobody could be asked for before: of archives, which are read whole, and of objects of unknown size.
   *
   * @returns The limit that they passed.
   */
  readonly count: (bytes: number) => BudgetLimit | undefined
}

export interface SpendingOptions {
  readonly budget?: Budget | undefined
  readonly readCeiling?: number | 'none' | undefined
  /** When the run began, by `performance.now()`. */
  readonly started: number
  /** How often the sides are listed. */
  readonly listings: number
}

interface Cost {
  readonly bytes: number
  readonly requests: number
  readonly money: number
}

const NOTHING: Cost = { bytes: 0, requests: 0, money: 0 }

/** Whether anything limits what a run spends: a budget, or a place that charges. */
export const limitsSpending = (
  parties: readonly Party[],
  { budget, readCeiling }: Pick<SpendingOptions, 'budget' | 'readCeiling'>,
): boolean =>
  budget !== undefined || parties.some((party) => Number.isFinite(ceilingsOf(party, readCeiling).limits.usual))

/** Throws `invalid-config` for a budget of money where prices are not known, or of several currencies. */
export const createSpending = (
  parties: readonly Party[],
  { budget, readCeiling, started, listings }: SpendingOptions,
): Spending => {
  if (budget?.money !== undefined) checkPrices(parties)
  const places = parties.map((party) => createPlaceSpending(party, readCeiling))
  let spent = NOTHING
  let running: readonly Promise<void>[] = []

  /** The limit that would be passed by this. */
  const passed = (cost: Cost): BudgetLimit | undefined => {
    const sum: Partial<Record<BudgetLimit, number>> = {
      ...plus(spent, cost),
      ...(budget?.seconds !== undefined && { seconds: (performance.now() - started) / 1_000 }),
    }
    return LIMITS.find((limit) => (sum[limit] ?? 0) > (budget?.[limit] ?? Number.POSITIVE_INFINITY))
  }
  const spend = (cost: Cost): Refusal | undefined => {
    if (passed(cost) !== undefined) return 'budget'
    spent = plus(spent, cost)
    return undefined
  }
  /** Listings are paid for as their entries come. */
  const listed = (rows: readonly Row[]): void => {
    for (const [i, place] of places.entries()) spent = plus(spent, times(place.listed(rows, i), listings))
    const limit = passed(NOTHING)
    if (limit !== undefined) throw new RunIncomplete({ reason: 'budget', limit })
  }

  return {
    enter: async (rows) => {
      const fits = places.map((place, i) => place.promise(rows, i))
      const before = running
      let end: () => void = () => undefined
      const done = new Promise<void>((resolve) => {
        end = resolve
      })
      running = [...before, done]
      const leave = (): void => {
        for (const [i, place] of places.entries()) place.release(rows, i)
        running = running.filter((one) => one !== done)
        end()
      }
      if (budget === undefined && fits.every(Boolean)) return leave
      await Promise.all(before)
      try {
        listed(rows)
      } catch (error) {
        leave()
        throw error
      }
      return leave
    },
    ask: (party, entry, requests) => spend(places[party]!.costOfAsking(entry, requests)),
    read: (objects) => {
      const costs = objects.map(([party, entry]) => places[party]!.costOf(entry))
      if (!objects.every(([party, entry]) => places[party]!.mayRead(entry))) return 'read-ceiling'
      const refusal = spend(costs.reduce(plus, NOTHING))
      if (refusal === undefined) for (const [party, entry] of objects) places[party]!.read(entry)
      return refusal
    },
    count: (bytes) => {
      spent = plus(spent, { ...NOTHING, bytes })
      return passed(NOTHING)
    },
  }
}

const LIMITS: readonly BudgetLimit[] = ['bytes', 'requests', 'money', 'seconds']

const plus = (a: Cost, b: Cost): Cost => ({
  bytes: a.bytes + b.bytes,
  requests: a.requests + b.requests,
  money: a.money + b.money,
})

const times = ({ bytes, requests, money }: Cost, factor: number): Cost => ({
  bytes: bytes * factor,
  requests: requests * factor,
  money: money * factor,
})

const checkPrices = (parties: readonly Party[]): void => {
  const currencies = new Set<string>()
  for (const { rates, source } of parties) {
    const { known, currency } = rates()
    if (!known) {
      throw invalid(
        `\`budget.money\` cannot be kept: what ${source.uri} charges is not known. Give its \`prices\`, or limit bytes or requests.`,
      )
    }
    if (currency !== undefined) currencies.add(currency)
  }
  if (currencies.size > 1) {
    const all = [...currencies].sort().join(' and ')
    throw invalid(`\`budget.money\` is one amount, and prices are in ${all}. Give \`prices\` in one currency.`)
  }
}
