import { compareKeys } from '../../source/key.js'
import type { AuditTarget } from '../target.js'
import type { HistoryWalk } from './history-walk.js'
import { type FoldTask, foldTasks, type RuleWork, runFolds, type WorkContext } from './rule-work.js'

/** Items that are held before they are folded. */
const HELD_ITEMS = 4_096

/**
 * Moves the walks over the targets of a chunk (an empty chunk: to their ends) and folds what they pass: items of a target for its
 * rules, all of them for the rules of the estate.
 */
export const foldChunk = async (
  chunk: readonly { readonly target: AuditTarget; readonly works: readonly RuleWork[] }[],
  walks: readonly HistoryWalk[],
  estateWorks: readonly RuleWork[],
  context: WorkContext,
): Promise<void> => {
  const works = new Map(chunk.map((one) => [one.target.id, one.works]))
  const last = chunk.at(-1)?.target.id
  let tasks: FoldTask[] = []
  let held = 0
  for (const walk of walks) {
    for (;;) {
      const slice = await walk.peek()
      if (slice === undefined || (last !== undefined && compareKeys(slice.target, last) > 0)) break
      const { name } = walk.history
      const own = works.get(slice.target)
      if (own === undefined) walk.counts.unassigned += slice.items.length
      tasks.push(...foldTasks(own ?? [], name, slice.items), ...foldTasks(estateWorks, name, slice.items))
      held += slice.items.length
      walk.skip()
      if (held < HELD_ITEMS) continue
      runFolds(tasks, context)
      tasks = []
      held = 0
    }
  }
  runFolds(tasks, context)
}
