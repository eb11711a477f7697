import { nearest } from '../source/nearest.js'
import { originOf, type Reading, reportAt } from './problem.js'

/** Things by id, each once. */
export interface Ids {
  /** `plan`, `retention class`: for messages. */
  readonly what: string
  readonly has: (id: string) => boolean
  readonly all: readonly string[]
}

/** Gathers ids, and reports those that stand twice. */
export const gatherIds = (what: string, things: readonly { readonly id: string }[], reading: Reading): Ids => {
  const first = new Map<string, object>()
  for (const thing of things) {
    // Where the id is missing or wrong, that is reported already.
    if (thing.id === undefined) continue
    const known = first.get(thing.id)
    if (known === undefined) first.set(thing.id, thing)
    else {
      const { file, line } = originOf(reading, known, 'id').place
      reportAt(
        reading,
        thing,
        'id',
        `the ${what} ${JSON.stringify(thing.id)} stands twice, first in ${file}:${line}; give one of them another id`,
      )
    }
  }
  return { what, has: (id) => first.has(id), all: [...first.keys()] }
}

/** Reports a reference that leads nowhere. `owner` and `key` are where it stands. */
export const checkReference = (
  id: string | undefined,
  ids: Ids,
  owner: object,
  key: string | number,
  reading: Reading,
): void => {
  if (id === undefined || ids.has(id)) return
  // Thousands of references to thousands of ids that are elsewhere would be compared one by one.
  const near = reading.problems.length < 100 ? nearest(id, ids.all) : undefined
  const some = ids.all.slice(0, 10).map((one) => JSON.stringify(one))
  const hint =
    near !== undefined
      ? `did you mean ${JSON.stringify(near)}?`
      : some.length === 0
        ? `there is none at all: declare it`
        : `declare it, or take one of ${some.join(', ')}${ids.all.length > some.length ? ' ...' : ''}`
  reportAt(reading, owner, key, `no ${ids.what} has the id ${JSON.stringify(id)}; ${hint}`)
}
