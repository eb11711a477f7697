import { formatMoney } from '../evidence/cost/money.js'
import type { ProofMethod } from '../evidence/evidence.js'
import { byteCount, counted, countsByName, figure, listed } from './phrases.js'
import type { Plan, PlannedSide } from './plan.js'

export interface PlanSummary {
  /** One sentence: what the run would read, and what that costs. */
  readonly sentence: string
  /** Further facts, one a line. */
  readonly details: readonly string[]
}

/** A plan in plain English. */
export const summarizePlan = (plan: Plan): PlanSummary => {
  const { bytesToRead, bytesSaved, requests, seconds } = plan
  const all = requests.list + requests.stat + requests.read
  const saved = bytesSaved > 0 ? `, ${byteCount(bytesSaved)} less than by reading both sides` : ''
  const beyond = sidesOf(plan).reduce((sum, side) => sum + (side.bytesBeyondCeiling ?? 0), 0)
  const word = beyond > 0 ? `, ${byteCount(beyond)} of it only with your word (\`readCeiling\`)` : ''
  const what = `${bytesToRead === 0 ? 'Nothing' : byteCount(bytesToRead)} would be read${saved}${word}`
  return {
    sentence: `${what}; ${counted(all, 'request')}, ${moneyPhrase(plan)}, about ${duration(seconds)}.`,
    details: detailsOf(plan),
  }
}

const moneyPhrase = (plan: Plan): string => {
  const [amounts, most] = [moneyText(plan.money), moneyText(plan.atMost.money)]
  const unpriced = sidesOf(plan).filter((side) => side.unpriced === true)
  const unknown = unpriced.length > 0 ? `prices of ${listed(unpriced.map(({ uri }) => uri))} are not known` : ''
  if (most === '') return unknown === '' ? 'no money' : unknown
  // Whoever decides by this sentence must not be surprised.
  const remarks = [...(most === amounts ? [] : [`at most ${most}`]), ...(unknown === '' ? [] : [unknown])]
  return `${amounts === '' ? 'no money' : amounts}${remarks.length > 0 ? ` (${remarks.join('; ')})` : ''}`
}

const moneyText = (money: Plan['money']): string =>
  listed(Object.entries(money).map(([currency, amount]) => formatMoney({ currency, amount })))

/** `12 seconds`, `4 minutes`, `3.2 hours`: it is an estimate. */
const duration = (seconds: number): string => {
  if (seconds < 1.5) return '1 second'
  if (seconds < 90) return `${Math.round(seconds)} seconds`
  if (seconds < 5_400) return `${Math.round(seconds / 60)} minutes`
  return `${(seconds / 3_600).toFixed(seconds < 36_000 ? 1 : 0)} hours`
}

const WORDS: Readonly<Record<ProofMethod, string>> = {
  digest: 'by digests that both sides store',
  'derived-digest': 'by digests put together from those of parts',
  'one-sided-read': 'by reading one side',
  'two-sided-read': 'by reading both sides',
  bytes: 'byte for byte',
  size: 'by size only',
  link: 'by link target',
  none: 'by nothing',
}

const sidesOf = ({ source, replicas, expected }: Plan): readonly PlannedSide[] => [
  source,
  ...replicas,
  ...(expected === undefined ? [] : [expected]),
]

const detailsOf = (plan: Plan): readonly string[] => {
  const { pairs, proofs, decided, unprovable, unsampled = 0, readInstead, atMost, grades } = plan
  const ways = Object.entries(proofs).map(([method, count]) => `${figure(count)} ${WORDS[method as ProofMethod]}`)
  const byListing = countsByName(decided)
  const open = countsByName(unprovable)
  return [
    `${counted(pairs, plan.replicas.length > 1 ? 'pair' : 'object')}: ${ways.length > 0 ? listed(ways) : 'none to be proven'}`,
    ...(Object.values(grades).some((count) => count > 0) ? [`Grades of matches: ${countsByName(grades)}`] : []),
    ...(byListing === '' ? [] : [`The listings alone decide: ${byListing}`]),
    ...(open === '' ? [] : [`Nothing that is permitted can prove: ${open}`]),
    ...(unsampled > 0 ? [`Left out by the sample: ${figure(unsampled)}`] : []),
    ...(readInstead.objects > 0
      ? [
          `${counted(readInstead.objects, 'object')} (${byteCount(readInstead.bytes)}) would be read instead of asked about: a request for each costs no less, and reading proves more`,
        ]
      : []),
    ...sidesOf(plan).map(sideLine),
    ...(atMost.bytesToRead > plan.bytesToRead || atMost.requests > requestsOf(plan)
      ? [
          `At most, where listed digests turn out to be none of the bytes: ${byteCount(atMost.bytesToRead)}, ${counted(atMost.requests, 'request')}${atMostMoney(plan)}`,
        ]
      : []),
  ]
}

const requestsOf = ({ requests }: Plan): number => requests.list + requests.stat + requests.read

const atMostMoney = ({ atMost }: Plan): string => {
  const amounts = moneyText(atMost.money)
  return amounts === '' ? '' : `, ${amounts}`
}

const sideLine = ({
  uri,
  objects,
  bytes,
  requests,
  bytesToRead,
  bytesOfColdClasses,
  bytesBeyondCeiling: beyond = 0,
  money,
  prices,
}: PlannedSide): string => {
  const asked = countsByName({ list: requests.list, stat: requests.stat, read: requests.read })
  return [
    `${uri}: ${counted(objects, 'object')}, ${byteCount(bytes)}; ${byteCount(bytesToRead)} to read`,
    ...(bytesOfColdClasses > 0
      ? [`${byteCount(bytesOfColdClasses)} of it from classes that charge for retrieval`]
      : []),
    ...(beyond > 0
      ? [`${byteCount(beyond)} of it beyond the ceiling of reading: not without your word (\`readCeiling\`)`]
      : []),
    ...(asked === '' ? [] : [`requests: ${asked}`]),
    ...(money === undefined ? [] : [`${moneyText(money)}${prices === undefined ? '' : ` (prices of ${prices.asOf})`}`]),
  ].join('; ')
}
