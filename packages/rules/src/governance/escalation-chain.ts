import type { EscalationPath, Policy } from '@backproof/core/audit'

/** One level of a chain, with the path that it stands in. */
export interface ChainLevel {
  readonly path: EscalationPath
  readonly contacts: readonly string[]
  readonly withinMinutes: number | undefined
}

/** A path and those that follow it, as one list of levels. */
export interface Chain {
  /** Ids of the paths, in order. */
  readonly paths: readonly string[]
  readonly levels: readonly ChainLevel[]
  /** A path that is named as the next one, or as the first, and that the policy does not have. */
  readonly missing?: string | undefined
  /** The path that comes again: the chain goes in a circle. Its levels stand once. */
  readonly circle?: string | undefined
}

/** Follows a path to its end. Each path is visited once, so that a circle comes to an end too. */
export const escalationChain = ({ escalation }: Pick<Policy, 'escalation'>, first: string): Chain => {
  const known = new Map(escalation.map((path) => [path.id, path]))
  const seen = new Set<string>()
  const levels: ChainLevel[] = []
  for (let id: string | undefined = first; id !== undefined; ) {
    if (seen.has(id)) return { paths: [...seen], levels, circle: id }
    const path = known.get(id)
    if (path === undefined) return { paths: [...seen], levels, missing: id }
    seen.add(id)
    for (const { contacts, withinMinutes } of path.levels) levels.push({ path, contacts, withinMinutes })
    id = path.then
  }
  return { paths: [...seen], levels }
}

/** Levels that name somebody whom none before names: to be told twice is no escalation. */
export const newLevels = (levels: readonly ChainLevel[]): number => {
  const named = new Set<string>()
  let count = 0
  for (const { contacts } of levels) {
    if (contacts.some((contact) => !named.has(contact))) count += 1
    for (const contact of contacts) named.add(contact)
  }
  return count
}
