import { type FailureDomains, type TextsOption, textsOption } from '@backproof/core/audit'
import { DOMAINS, type Domain, nameOf, type Relation, relationOf, says } from './apart.js'

/** Whether two places share one of several domains: then they are not independent. */
export const relationOver = (a: FailureDomains, b: FailureDomains, domains: readonly Domain[]): Relation => {
  const relations = domains.map((domain) => relationIn(a, b, domain))
  if (relations.includes('shared')) return 'shared'
  return relations.includes('unknown') ? 'unknown' : 'apart'
}

/** As {@link relationOf}, in any domain: one administrator of both is enough. */
export const relationIn = (a: FailureDomains, b: FailureDomains, domain: Domain): Relation => {
  if (domain !== 'administrators') return relationOf(a, b, domain)
  const [one, other] = [administratorsOf(a), administratorsOf(b)]
  if (one.length === 0 || other.length === 0) return 'unknown'
  return one.some((name) => other.includes(name)) ? 'shared' : 'apart'
}

/** As {@link says}, of any domain. */
export const saysIn = (place: FailureDomains, domain: Domain): boolean =>
  domain === 'administrators' ? administratorsOf(place).length > 0 : says(place, domain)

/** Nobody at all is what a policy says that was not filled in. */
const administratorsOf = ({ administrators = [] }: FailureDomains): readonly string[] =>
  administrators.flatMap((one) => nameOf(one) ?? [])

/** What copies must not share. */
export const domainsOption = (defaults: readonly Domain[], source: string): TextsOption =>
  textsOption({
    default: defaults,
    pattern: `^(?:${DOMAINS.join('|')})$`,
    form: `of ${DOMAINS.join(', ')}`,
    source,
    description: 'What copies must not share, so that they count as two.',
  })

/** @param texts Of an option that {@link domainsOption} described. */
export const domainsOf = (texts: readonly string[]): readonly Domain[] => DOMAINS.filter((one) => texts.includes(one))
