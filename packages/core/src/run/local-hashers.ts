import type { Measure } from '../digest/digest.js'
import type { MultiHasher } from '../digest/hasher.js'
import type { LocalJob } from './local-jobs.js'

/** Hashers that are made once and used for file after file. */
export interface HasherCache {
  /** Makes what these jobs need. Resolves to nothing at once when all is there. */
  prepare(jobs: readonly LocalJob[]): Promise<void>
  /**
   * A hasher at its beginning. Files of one job are read side by side, so each place in a job (`slot`) has its own.
   * Only for what was prepared.
   */
  get(slot: number, algorithms: readonly Measure[]): MultiHasher
}

const MOST_KEPT = 200

/** A cache of hashers for one thread. Loads the digest room when the first digest is asked for. */
export const createHasherCache = (): HasherCache => {
  const made = new Map<string, MultiHasher>()
  const identify = (slot: number, algorithms: readonly Measure[]): string => `${slot}:${algorithms.join(',')}`
  return {
    prepare: async (jobs) => {
      // Layouts of parts may be many different ones: what is kept stays bounded.
      if (made.size > MOST_KEPT) made.clear()
      const wanted = new Map<string, readonly Measure[]>()
      for (const { files } of jobs) {
        for (let slot = 0; slot < files.length; slot++) {
          const { algorithms } = files[slot]!
          if (algorithms.length === 0) continue
          const id = identify(slot, algorithms)
          if (!made.has(id)) wanted.set(id, algorithms)
        }
      }
      if (wanted.size === 0) return
      const { createHasher } = await import('../digest/hasher.js')
      for (const [id, algorithms] of wanted) made.set(id, await createHasher(algorithms))
    },
    get: (slot, algorithms) => {
      const hasher = made.get(identify(slot, algorithms))
      if (hasher === undefined) throw new Error(`the hasher for ${algorithms.join(', ')} was not prepared`)
      hasher.reset()
      return hasher
    },
  }
}
