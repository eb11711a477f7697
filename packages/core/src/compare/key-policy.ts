import picomatch from 'picomatch'
import type { PlanPolicy } from '../evidence/planner.js'
import type { KeyPolicy } from './options.js'

/** What counts as a match for a key: the first policy whose globs it matches, over that of the run. */
export const createPolicyFinder = (
  run: PlanPolicy,
  policies: readonly KeyPolicy[] = [],
): ((key: string) => PlanPolicy) => {
  const compiled = policies.map(({ keys, require = run.require, strength = run.strength }) => ({
    matches: picomatch(typeof keys === 'string' ? keys : [...keys], { dot: true }),
    policy: { ...run, require, strength },
  }))
  return (key) => compiled.find(({ matches }) => matches(key))?.policy ?? run
}
