import picomatch from 'picomatch'
import type { KeyFilter } from './options.js'

export interface CompiledFilter {
  /** Whether the key takes part. */
  readonly takes: (key: string) => boolean
  /** Whether nothing below this key (which ends in `/`) can take part. */
  readonly excludesSubtree: (key: string) => boolean
  /** Whether there is any filter. */
  readonly active: boolean
}

/** Globs by picomatch, with dot files: what `*` does not show is still part of a backup. */
export const compileFilter = (filter: KeyFilter): CompiledFilter => {
  const include = filter.include ?? []
  const exclude = filter.exclude ?? []
  const options = { dot: true }
  const included = include.length === 0 ? () => true : picomatch([...include], options)
  const excluded = exclude.length === 0 ? () => false : picomatch([...exclude], options)
  return {
    active: include.length + exclude.length > 0,
    takes: (key) => included(key) && !excluded(key),
    excludesSubtree: (key) => excluded(key) || excluded(key.slice(0, -1)),
  }
}
