import type { FailureDomains } from '@backproof/core/audit'
import { type NamedDomain, type Relation, relationOf, says } from './apart.js'
import { unsaid } from './doubts.js'
import type { Copies, CopyFacts, Place } from './places.js'

/** What copies have to be apart from. */
export interface Reference {
  /** For people. */
  readonly name: string
  readonly domains: FailureDomains
}

/** Production; where the policy does not say where that is, the copy that the others are held against. */
const referenceOf = (
  { asset, policy }: Pick<CopyFacts, 'asset' | 'policy'>,
  domain: NamedDomain,
): Reference | undefined => {
  const { production } = asset ?? {}
  if (production !== undefined && says(production, domain)) return { name: 'production', domains: production }
  const primary = asset?.copies.find((copy) => copy.primary === true) ?? asset?.copies[0]
  const store = policy?.stores.find(({ id }) => id === primary?.store)
  return store === undefined || !says(store, domain)
    ? undefined
    : { name: `the primary copy in ${store.id}`, domains: store }
}

/** Copies that lie elsewhere than what they have to be apart from. */
export interface Elsewhere {
  readonly reference: Reference | undefined
  /** By id. */
  readonly sure: readonly Place[]
  /** Also those of which it is not known. */
  readonly possible: readonly Place[]
  /** What the policy would have to say. */
  readonly why: readonly string[]
}

export const copiesElsewhere = (
  copies: Copies,
  facts: Pick<CopyFacts, 'asset' | 'policy'>,
  domain: 'account' | 'region' | 'site',
): Elsewhere => {
  const reference = referenceOf(facts, domain)
  const relation = ({ domains }: Place): Relation =>
    reference === undefined ? 'unknown' : relationOf(domains, reference.domains, domain)
  const possible = copies.stores.filter((place) => place.holds !== 'no' && relation(place) !== 'shared')
  const sure = possible.filter((place) => place.holds === 'yes' && relation(place) === 'apart')
  const silent = possible.filter(({ domains }) => !says(domains, domain))
  const why = unsaid(domain, [
    ...(reference === undefined ? [{ id: 'production, nor of the primary copy' }] : []),
    ...silent,
  ])
  return { reference, sure, possible, why }
}
