import { EXPECTED } from '../evidence/asking.js'
import { secondsOf } from '../evidence/cost/estimate.js'
import { type Amounts, addMoney } from '../evidence/cost/money.js'
import type { SideName } from '../report/finding.js'
import { PLAN_SCHEMA, type Plan, type PlannedRequests, type PlannedSide } from '../report/plan.js'
import { CONCURRENCY, usualWorkers } from '../run/limits.js'
import { createMeter } from '../run/meter.js'
import { retryPolicy } from '../run/retry.js'
import { describeSides, scanAlgorithms, withOwnDigests } from './describe-sides.js'
import type { Join } from './join.js'
import { joinedRows, type Listings } from './joined-rows.js'
import { createPolicyFinder } from './key-policy.js'
import { createPairTally, planRow } from './plan-rows.js'
import { createPlaceTally, type PlaceTally } from './plan-tally.js'
import type { PlanContext } from './prove-context.js'
import type { Party, Row } from './row.js'
import { listingsOf, withSelection } from './sampled-rows.js'
import { createSideCount } from './side-listing.js'

/** Lists all sides of a join, and counts what proving its rows would take. Nothing else is asked of any place. */
export const planRun = async (join: Join, signal: AbortSignal, cancel: (reason: unknown) => void): Promise<Plan> => {
  const { options, sides } = join
  const at = (options.now ?? (() => new Date()))().toISOString()
  const meter = createMeter()
  const described = await describeSides(join, signal, retryPolicy(options.retry), meter)
  const parties = withOwnDigests(described)
  const counts = sides.map(createSideCount)
  const listings: Listings = {
    signal,
    meter,
    counts,
    cancel,
    onBytes: () => undefined,
    onDamage: () => undefined,
  }
  const all: PlanContext = {
    parties,
    policy: join.policy,
    policyOf: createPolicyFinder(join.policy, options.policies),
    fixity: join.policy.fixity === true,
    metadata: join.metadata,
  }
  const context = await withSelection(all, join, described, listings)
  const pairs = createPairTally()
  const tallies = (): readonly PlaceTally[] =>
    parties.map((party) => createPlaceTally(party, options.readCeiling, listingsOf(context)))
  const [expected, atMost] = [tallies(), tallies()]
  const scanned = scannedRows(join, parties)
  const batches = joinedRows(join, described.map(listedOnly), listings)
  for await (const rows of batches) {
    for (const row of rows) planRow(scanned(row), context, pairs, { expected, atMost })
  }
  const countOf = (party: number): ReturnType<typeof createSideCount> => counts[sides.length === 1 ? 0 : party]!
  parties.forEach((party, i) => {
    if (party.sequential !== true) return
    // What cannot be read by key is read whole, whatever is wanted of it.
    for (const tally of [expected[i]!, atMost[i]!]) tally.read(undefined, 0, countOf(i).bytes)
  })
  // What is held against its own digests is one place.
  const shown = parties.map((_, i) => i).filter((i) => sides.length > 1 || i === 1)
  const planned = shown.map((i) => expected[i]!.snapshot(countOf(i)))
  const named = (name: SideName): readonly PlannedSide[] => planned.filter((_, i) => sides[i]!.name === name)
  const sum = (member: keyof PlannedRequests): number =>
    planned.reduce((total, side) => total + side.requests[member], 0)
  const bytesToRead = planned.reduce((total, side) => total + side.bytesToRead, 0)
  const [baseline] = named('expected')
  return {
    schema: PLAN_SCHEMA,
    kind: join.kind,
    asOf: at,
    source: named('source')[0]!,
    replicas: named('replica'),
    ...(baseline !== undefined && { expected: baseline }),
    ...pairs,
    requests: { list: sum('list'), stat: sum('stat'), read: sum('read') },
    bytesToRead,
    bytesSaved: Math.max(0, pairs.bytesOfBothSides - bytesToRead),
    money: moneyOfAll(shown.map((i) => expected[i]!.money(countOf(i).objects))),
    seconds: Math.max(0, ...shown.map((i) => secondsAt(parties[i]!, expected[i]!, planned[shown.indexOf(i)]!, join))),
    atMost: {
      requests: sum('list') + shown.reduce((total, i) => total + atMost[i]!.requests(), 0),
      bytesToRead: shown.reduce((total, i) => total + atMost[i]!.bytes(), 0),
      money: moneyOfAll(shown.map((i) => atMost[i]!.money(countOf(i).objects))),
    },
  }
}

/** A place as its listing shows it: archives too are listed and not read. */
const listedOnly = ({ sequential: _, ...party }: Party): Party => party

/** Entries of archives as they are joined: read before, with every digest that is computed of them. */
const scannedRows = (join: Join, parties: readonly Party[]): ((row: Row) => Row) => {
  if (!parties.some(({ sequential }) => sequential === true)) return (row) => row
  const digests = Object.fromEntries(scanAlgorithms(join, parties).map((measure) => [measure, EXPECTED]))
  return (row) => ({
    ...row,
    entries: row.entries.map((side, i) =>
      side === undefined || parties[i]!.sequential !== true
        ? side
        : { ...side, entry: { ...side.entry, scanned: { bytes: side.entry.size ?? 0, digests } } },
    ),
  })
}

const moneyOfAll = (amounts: readonly Amounts[]): Amounts =>
  amounts
    .flatMap((one) => Object.entries(one))
    .reduce((sum, [currency, amount]) => addMoney(sum, { currency, amount }), {} as Amounts)

const secondsAt = (party: Party, tally: PlaceTally, side: PlannedSide, { options }: Join): number => {
  const local = party.source.localFile !== undefined || party.sequential === true
  return secondsOf({
    requests: tally.calls() + side.requests.list,
    bytes: side.bytesToRead,
    concurrency: local ? Math.max(1, options.workers ?? usualWorkers()) : (options.concurrency ?? CONCURRENCY),
    local,
  })
}
