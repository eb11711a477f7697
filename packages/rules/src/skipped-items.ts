import { matchesPattern } from '@backproof/core/audit'
import type { JobRun } from '@backproof/core/history'

/** What is known of the items that a run left out, apart from those that may be left out. */
export interface SkippedItems {
  /** At least so many. */
  readonly least: number
  /** At most so many; `undefined` where nobody can say. */
  readonly most: number | undefined
  /** The first of those that are told by name. */
  readonly paths: readonly string[]
}

/**
 * What a run left out. A run that is `partial` left out something, whatever else it tells; only where all that may be left out is a
 * list of paths may that have been one of them.
 *
 * @param ignore Paths that may be left out, with `*` for any characters.
 * @param limit Of `paths`.
 */
export const skippedItems = (
  { status, skippedItems: told }: Pick<JobRun, 'status' | 'skippedItems'>,
  ignore: readonly string[],
  limit: number,
): SkippedItems => {
  const isIgnored = (path: string): boolean => ignore.some((pattern) => matchesPattern(pattern, path))
  const all = told?.paths ?? []
  const listed = all.filter((path) => !isIgnored(path))
  const total = Math.max(told?.count ?? 0, all.length)
  const unlisted = total - all.length
  const least = listed.length + (ignore.length === 0 ? unlisted : 0)
  const isSilent = told === undefined || told === null || (status === 'partial' && total === 0)
  const atLeast = isSilent && status === 'partial' && ignore.length === 0 ? 1 : 0
  return {
    least: Math.max(least, atLeast),
    most: isSilent ? undefined : listed.length + unlisted,
    paths: listed.slice(0, limit),
  }
}
