import { resilientList } from '../compare/resilient-list.js'
import { BackupError } from '../errors.js'
import { abortable } from '../run/abort.js'
import { createMeter } from '../run/meter.js'
import { retryPolicy, withRetry } from '../run/retry.js'
import { spillSort } from '../run/spill-sort.js'
import type { BackupSource } from '../source/backup-source.js'
import { checkOptionNames, showValue } from '../source/option-check.js'
import type { SourceTraits } from '../source/traits.js'
import { keyPattern } from './key-pattern.js'
import { pointContents } from './point-contents.js'
import { compareItems, countDuplicates, type PointItem, weighItem } from './point-duplicates.js'
import { gatherPoints, type PointPart, type PointRules } from './point-parts.js'
import { mergedPoints } from './point-parts-merge.js'
import { pointPlaceProblem } from './point-place.js'
import { type RecoveryPoint, type RecoveryPointSource, recoveryPoints } from './recovery-point.js'

/** What cannot be read from keys. */
export type PointDetails = Partial<Omit<RecoveryPoint, 'id' | 'asset' | 'created'>>

export interface RecoveryPointsOfOptions {
  /** Where the backups are. Only listed; used, and never closed. */
  readonly source: BackupSource
  /**
   * Which part of a key says what: `{asset}/{date:YYYY-MM-DD}/**`, `db-{date:YYYYMMDD}T{time:HHmmss}Z.dump.gz`. Fields: `{asset}`,
   * `{id}`, `{date:...}` and `{time:...}` of YYYY MM DD HH mm ss SSS; `*` and `**` stand for anything, within a folder and across.
   */
  readonly pattern: string
  /** The asset, where the pattern has no `{asset}`. */
  readonly asset?: string | undefined
  /** Id of the store in the policy. */
  readonly store?: string | undefined
  /** Time zone of dates in keys, IANA. Default `UTC`. */
  readonly timezone?: string | undefined
  /** Name of the object that is written last into a recovery point: without it, the point is not complete. Default: nobody can say. */
  readonly complete?: string | undefined
  /** What to do about keys that the pattern does not match. Default `error`: naming the first of them. */
  readonly others?: 'error' | 'ignore' | undefined
  /** Adds what keys do not tell, for example `expires`. */
  readonly details?: ((point: RecoveryPoint) => PointDetails) | undefined
  /**
   * Most objects among which those of equal content are sought, which takes about 300 bytes of temporary disk each. Of more, nobody can
   * say (`duplicateBytes`). 0: not sought. Default a million.
   */
  readonly duplicatesWithin?: number | undefined
  /** Where many recovery points are sorted. Default: `os.tmpdir()`. */
  readonly tempDirectory?: string | undefined
}

/**
 * The recovery points that lie in a place, by the names of its objects. All keys that say the same asset, date and id are one
 * point: its bytes and objects are theirs. It is from the date of its keys, else from the newest modification. Links and special
 * files make no point. With a listing in any order and of any length: what is gathered is sorted with bounded memory.
 *
 * A listing may tell more, as those of manifests do. `entropy`: the mean of what it records of objects of 1 MiB and more, by size, and
 * `entropyBytes` their sum. `duplicateBytes`: where keys have dates, and every object has a size and one digest of at least 128 bits
 * over all its bytes that is not merely claimed; among all points of the place, whatever their asset. Of points of the same time, the
 * one whose asset and id come first counts as the older.
 *
 * Reading rejects with what listing rejects with; with the problem of an entry that could not be listed in full; and with
 * `invalid-config` for keys that the pattern does not match, and for one that matches none of those that are there.
 */
export const recoveryPointsOf = (options: RecoveryPointsOfOptions): RecoveryPointSource => {
  const rules = rulesOf(options)
  const { source, duplicatesWithin = 1_000_000, tempDirectory } = options
  const describe = (signal: AbortSignal): Promise<SourceTraits> =>
    withRetry(() => abortable(source.describe({ signal }), signal), { policy: retryPolicy(undefined), signal })
  return {
    specVersion: 'v1',
    id: `recovery points in ${source.uri}`,
    history: recoveryPoints,
    describe: async ({ signal, now }) => {
      const { asOf } = await describe(signal)
      return {
        // Without dates, the parts of one point may differ in time: they are put together by name.
        order: rules.pattern.hasDate ? 'target-time' : 'none',
        source: source.uri,
        observedAt: Math.min(now, asOf ?? now),
      }
    },
    read: async function* ({ signal }) {
      const traits = await describe(signal)
      const pages = resilientList(source, traits, {
        signal,
        retry: retryPolicy(undefined),
        meter: createMeter(),
      })
      const contents = rules.pattern.hasDate ? pointContents(traits, duplicatesWithin) : undefined
      const sorted = spillSort(gatherPoints(pages, rules, contents), {
        compare: compareItems,
        encode: (item) => JSON.stringify(item),
        decode: (line) => JSON.parse(line) as PointItem,
        weigh: weighItem,
        tempDirectory,
        signal,
      })
      const parts =
        contents === undefined
          ? (sorted as AsyncGenerator<readonly PointPart[]>)
          : countDuplicates(sorted, { contents, tempDirectory, signal })
      yield* mergedPoints(parts, rules)
    },
  }
}

const NAMES = [
  'source',
  'pattern',
  'asset',
  'store',
  'timezone',
  'complete',
  'others',
  'details',
  'duplicatesWithin',
  'tempDirectory',
]

const rulesOf = (options: RecoveryPointsOfOptions): PointRules => {
  checkOptionNames('recoveryPointsOf', options, NAMES)
  const { source, asset, store, timezone = 'UTC', complete, others = 'error', details } = options
  const refused = (what: string): BackupError =>
    new BackupError({ code: 'invalid-config', message: `recoveryPointsOf: ${what}.` })
  if (typeof source?.list !== 'function') throw refused('source must be a source, such as localDirectory({ path })')
  const pattern = keyPattern(options.pattern)
  for (const [name, value] of Object.entries({ asset, store, complete }))
    if (value !== undefined && (typeof value !== 'string' || value === ''))
      throw refused(`${name} is ${showValue(value)}; it must be a text`)
  const wrong = pointPlaceProblem({ pattern: options.pattern, asset, timezone, complete })
  if (wrong !== undefined) throw refused(wrong.message)
  const { duplicatesWithin = 0 } = options
  if (!Number.isSafeInteger(duplicatesWithin) || duplicatesWithin < 0)
    throw refused(`duplicatesWithin is ${showValue(duplicatesWithin)}; it must be a whole number from 0`)
  if (others !== 'error' && others !== 'ignore')
    throw refused(`others is ${showValue(others)}; it must be error or ignore`)
  return { uri: source.uri, pattern, text: options.pattern, asset, store, timezone, complete, others, details }
}
