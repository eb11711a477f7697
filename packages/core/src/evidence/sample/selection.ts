import { BackupError } from '../../errors.js'
import { escapeKey } from '../../source/key.js'
import { createBottomHeap } from './bottom-heap.js'
import { MOST_SAMPLED, needsPass, type SamplePlan } from './plan.js'
import { createDraw } from './ranks.js'

/**
 * What a sample takes. Where `needsPass`, every key of the population goes through `add` once, in any order; then `takes`
 * answers for each. Nothing depends on the order of the keys.
 *
 * The rank of an object is the number drawn for its key, divided by its size when a sample is by bytes (sequential
 * Poisson sampling, E. Ohlsson 1998, Journal of Official Statistics 14:149): whose rank is below the threshold is taken.
 */
export interface Selection {
  readonly needsPass: boolean
  /**
   * @param size Bytes, where they are known.
   * @throws BackupError `unsupported` when the sample needs sizes and there is none.
   */
  readonly add: (key: string, size: number | undefined) => void
  /**
   * Ranks below this are taken; `Infinity`: every object. Nothing can be added afterwards.
   *
   * @throws BackupError `invalid-config` for a fraction by bytes that comes to more than 10,000,000 objects.
   */
  readonly threshold: () => number
  readonly takes: (key: string, size: number | undefined) => boolean
}

export const createSelection = (plan: SamplePlan): Selection => {
  const rank = ranker(plan)
  const pass = needsPass(plan) ? createPass(plan) : undefined
  let threshold: number | undefined
  const thresholdOf = (): number => {
    threshold ??= pass === undefined ? fixedThreshold(plan) : pass.threshold()
    return threshold
  }
  const belongs = 'part' in plan.limit ? partTest(plan.seed, plan.limit) : undefined
  return {
    needsPass: pass !== undefined,
    add: (key, size) => {
      if (threshold !== undefined) {
        throw new BackupError({ code: 'internal', message: 'A key was added to a selection that was made already.' })
      }
      pass?.add(rank(key, size), checkedSize(plan, key, size))
    },
    threshold: thresholdOf,
    takes:
      belongs ??
      ((key, size) => {
        const below = thresholdOf()
        return below === Number.POSITIVE_INFINITY || rank(key, size) < below
      }),
  }
}

/** Of a sample that no key has an influence on: the share that it takes. */
const fixedThreshold = ({ limit }: SamplePlan): number => {
  const share = 'fraction' in limit ? limit.fraction : 'of' in limit ? 1 / limit.of : 1
  return share < 1 ? share : Number.POSITIVE_INFINITY
}

const partTest = (seed: string, { part, of }: { part: number; of: number }): ((key: string) => boolean) => {
  const draw = createDraw('part', seed)
  return (key) => Math.floor(draw(key) * of) === part - 1
}

const ranker = (plan: SamplePlan): ((key: string, size: number | undefined) => number) => {
  const draw = createDraw('rank', plan.seed)
  if (plan.by === 'objects') return draw
  return (key, size) => {
    const bytes = checkedSize(plan, key, size)
    return bytes === 0 ? Number.POSITIVE_INFINITY : draw(key) / bytes
  }
}

const checkedSize = ({ by, limit }: SamplePlan, key: string, size: number | undefined): number => {
  if (size !== undefined) return size
  if (by === 'objects' && !('bytes' in limit)) return 0
  throw new BackupError({
    code: 'unsupported',
    message: `The sample needs the size of every object, and the listing has none for "${escapeKey(key)}": sample by objects, with a fraction or a count.`,
    subject: key,
  })
}

interface Pass {
  readonly add: (rank: number, size: number) => void
  readonly threshold: () => number
}

/**
 * Keeps the smallest ranks while they fit. The threshold is the smallest rank that does not: what stays is the same as if all
 * ranks were sorted and taken one by one until one does not fit.
 */
const createPass = ({ limit }: SamplePlan): Pass => {
  const kept = createBottomHeap()
  const most = 'count' in limit ? limit.count : MOST_SAMPLED
  const mostBytes = 'bytes' in limit ? limit.bytes : Number.POSITIVE_INFINITY
  let threshold = Number.POSITIVE_INFINITY
  let seen = 0
  return {
    add: (rank, size) => {
      // Nothing of an empty object can be wrong where bytes are counted: its rank is infinite.
      if (rank === Number.POSITIVE_INFINITY) return
      seen += 1
      if (rank >= threshold) return
      kept.push(rank, size)
      while (kept.count() > most || kept.total() > mostBytes) threshold = kept.popGreatest()
    },
    threshold: () => {
      if (!('fraction' in limit)) return threshold
      const wanted = Math.ceil(limit.fraction * seen)
      if (wanted > MOST_SAMPLED) {
        throw new BackupError({
          code: 'invalid-config',
          message: `A \`fraction\` of ${limit.fraction} of ${seen} objects is ${wanted}; a selection by bytes holds at most ${MOST_SAMPLED}. Take a smaller fraction, sample by objects, or run in shards.`,
        })
      }
      return wanted < kept.count() ? kept.rankAt(wanted) : threshold
    },
  }
}
