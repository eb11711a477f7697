import type { FailureDomains } from '@backproof/core/audit'

/** What two places may share, as policies name it. */
export const DOMAINS = ['device', 'account', 'region', 'site', 'provider', 'administrators', 'key'] as const

export type Domain = (typeof DOMAINS)[number]
/** What a place has one of. */
export type NamedDomain = Exclude<Domain, 'administrators'>

/** Whether two places fall together in a domain. `unknown`: the policy does not say enough. */
export type Relation = 'shared' | 'apart' | 'unknown'

/**
 * How two places stand to each other in one domain, by names, whatever their case. Where nobody names the devices, those in two
 * sites, or of two providers, are two. Where nobody names the sites, regions stand for them.
 */
export const relationOf = (a: FailureDomains, b: FailureDomains, domain: NamedDomain): Relation => {
  const [one, other] = [nameOf(a[domain]), nameOf(b[domain])]
  if (one !== undefined && other !== undefined) return one === other ? 'shared' : 'apart'
  const implied = (from: NamedDomain): Relation => relationOf(a, b, from)
  if (domain === 'site') {
    const regions = implied('region')
    return one === other || regions === 'apart' ? regions : 'unknown'
  }
  return domain === 'device' && [implied('site'), implied('provider')].includes('apart') ? 'apart' : 'unknown'
}

/** Whether the policy says it of a place. */
export const says = (place: FailureDomains, domain: NamedDomain): boolean =>
  nameOf(place[domain] ?? (domain === 'site' ? place.region : undefined)) !== undefined

/** Names are compared without case and surrounding space, so that a slip makes nothing look apart. */
export const nameOf = (text: string | undefined): string | undefined => text?.trim().toLowerCase() || undefined
