import type { Message, Verdict } from '@backproof/core/audit'
import { inHours, isoTime } from '../time.js'
import { nameOf, says } from './apart.js'
import { copyDoubts, doubtsText } from './doubts.js'
import { copiesElsewhere } from './elsewhere.js'
import { notDue } from './not-due.js'
import { type CopyFacts, copiesOf, type Place, placeEvidence } from './places.js'

/** Messages of rules that ask for a copy in another place. */
export const elsewhereMessages = (what: 'region' | 'account') =>
  ({
    elsewhere: {
      status: 'pass',
      text: `{store}, in the ${what} {place} and not that of {reference}, holds a usable recovery point of {created}; {limitHours} h are allowed`,
    },
    none: {
      status: 'fail',
      text: `no store in another ${what} than {reference} holds a usable recovery point that is younger than {limitHours} h`,
    },
    'not-known': {
      status: 'unknown',
      text: `whether a copy lies in another ${what} is not known: {why}`,
    },
    ...notDue.messages,
  }) as const satisfies Record<string, Message>

type ElsewhereMessage = keyof ReturnType<typeof elsewhereMessages>

/** @param allowed Names of the places that count. None: all. */
export const elsewhereVerdict = (
  facts: CopyFacts,
  what: 'region' | 'account',
  allowed: readonly string[],
): Verdict<ElsewhereMessage> => {
  const copies = copiesOf(facts)
  const { reference, why, ...elsewhere } = copiesElsewhere(copies, facts, what)
  const names = allowed.map(nameOf)
  const isListed = ({ domains }: Place): boolean => names.length === 0 || names.includes(nameOf(domains[what]))
  const sure = elsewhere.sure.filter(isListed)
  const possible = elsewhere.possible.filter((place) => isListed(place) || !says(place.domains, what))
  const data = { limitHours: inHours(facts.limit), reference: reference?.name ?? 'production' }
  const places = [copies.production, ...copies.stores].map(placeEvidence)
  const newest = newestOf(sure)
  if (newest !== undefined) {
    const { id, domains, points } = newest
    const found = { store: id, created: isoTime(points.usable!.created), place: domains[what] ?? null }
    return { message: 'elsewhere', data: { ...data, ...found }, evidence: sure.map(placeEvidence) }
  }
  if (possible.length > 0 || copies.open.length > 0) {
    const doubts = doubtsText([...why, ...copyDoubts(copies, possible)])
    return { message: 'not-known', data: { ...data, why: doubts }, evidence: places }
  }
  return notDue.verdictOf(facts) ?? { message: 'none', data, evidence: places }
}

/** The place with the newest usable recovery point. */
const newestOf = (places: readonly Place[]): Place | undefined =>
  places.reduce<Place | undefined>(
    (best, one) => (best === undefined || one.points.usable!.created > best.points.usable!.created ? one : best),
    undefined,
  )
