import type { ObjectFinding, Plan, RunResult } from '@backproof/core/report'

/** What can be done about all findings of a kind, one line each: the options are those of the same command. */
export const findingHints = (result: RunResult, shown: readonly ObjectFinding[]): readonly string[] => {
  const { unspent = {} } = result
  const has = (reason: ObjectFinding['reason']): boolean => shown.some((finding) => finding.reason === reason)
  return [
    ...(shown.length > 0 ? ['Why, in full: the same command with --explain KEY'] : []),
    ...(unspent.budget === undefined
      ? []
      : ['Beyond the budget: a larger --budget; --plan tells what all of it takes']),
    ...(unspent['read-ceiling'] === undefined
      ? []
      : ['Beyond what is read unasked: --read-ceiling SIZE, or none; --plan tells what that costs']),
    ...(has('stale') ? ['Too old a list: get a fresher one, or accept its age with a larger --max-age'] : []),
    ...(has('newer-than-list')
      ? ['Changed since the list was made: get a fresher list, or compare with the place itself']
      : []),
  ]
}

export const planHints = ({ source, replicas, expected }: Plan): readonly string[] =>
  [source, ...replicas, expected].some((side) => (side?.bytesBeyondCeiling ?? 0) > 0)
    ? ['Beyond what is read unasked: --read-ceiling SIZE, or none']
    : []
