import { BackupError } from '../errors.js'
import { instantOf } from '../schedule/zone.js'
import type { ObjectEntry } from '../source/entry.js'
import { escapeKey, keyToBytes } from '../source/key.js'
import type { KeyMatch, KeyPattern } from './key-pattern.js'
import type { PointContents } from './point-contents.js'
import type { PointItem } from './point-duplicates.js'
import { addEntropy, type EntropySum, entropyOf } from './point-entropy.js'
import type { RecoveryPoint } from './recovery-point.js'

/** How entries become recovery points. */
export interface PointRules {
  /** Of the source. */
  readonly uri: string
  readonly pattern: KeyPattern
  /** The pattern as it was given. */
  readonly text: string
  readonly asset: string | undefined
  readonly store: string | undefined
  readonly timezone: string
  readonly complete: string | undefined
  readonly others: 'error' | 'ignore'
  readonly details: ((point: RecoveryPoint) => Partial<RecoveryPoint>) | undefined
}

/** What neighbouring entries tell of one point. Plain JSON: it may be spilled. */
export interface PointPart {
  readonly id: string
  readonly asset: string
  /** From the date of the keys; absent where they have none. */
  readonly created?: number | undefined
  objects: number
  bytes: number
  /** Some of the objects have a size that nobody knows. */
  unsized: boolean
  /** Newest modification; absent where no entry tells it. */
  modified?: number | undefined
  marked: boolean
  /** That of all objects; `null` where they differ, absent where none has one. */
  storageClass?: string | null | undefined
  /** Of the objects that tell it; absent where none does. */
  entropy?: EntropySum | undefined
  /** Of `bytes`, those whose content an older point, or this one, holds already; absent where nobody can say. */
  duplicateBytes?: number | undefined
}

/**
 * Gathers entries into parts of points: one part for each stretch of entries of one point, which in the order of keys is mostly all
 * of it. With `contents`, what each object holds stands between them.
 */
export async function* gatherPoints(
  pages: AsyncIterable<readonly ObjectEntry[]>,
  rules: PointRules,
  contents?: PointContents,
): AsyncGenerator<readonly PointItem[]> {
  const { pattern } = rules
  const others = otherKeys(rules)
  let point: string | undefined
  let part: PointPart | undefined
  for await (const page of pages) {
    const items: PointItem[] = []
    for (const entry of page) {
      if (entry.excluded !== undefined) continue
      if (entry.problem !== undefined) throw new BackupError({ ...entry.problem, subject: entry.key })
      const match = pattern.match(entry.key)
      if (match === undefined) {
        others.add(entry.key)
        continue
      }
      others.matched()
      // A link says that a name is there, not that bytes are.
      if (entry.kind !== 'object') continue
      if (part === undefined || match.point !== point) {
        if (part !== undefined) items.push(part)
        part = emptyPart(match, rules)
        point = match.point
      }
      if (rules.complete !== undefined && match.rest === rules.complete) {
        part.marked = true
        continue
      }
      addEntry(part, entry)
      const content = contents?.of(part, entry)
      if (content !== undefined) items.push(content)
    }
    if (items.length > 0) yield items
  }
  others.check()
  if (part !== undefined) yield [part]
}

const emptyPart = ({ asset, wall, point }: KeyMatch, rules: PointRules): PointPart => ({
  id: pointUri(rules.uri, point.replace(/\/$/, '')),
  asset: asset ?? rules.asset!,
  ...(wall !== undefined && { created: instantOf(rules.timezone, wall, 'first') }),
  objects: 0,
  bytes: 0,
  unsized: false,
  marked: false,
})

const addEntry = (part: PointPart, entry: ObjectEntry): void => {
  const { size, modified, storageClass } = entry
  part.objects += 1
  if (size === undefined) part.unsized = true
  else part.bytes += size
  if (modified !== undefined) part.modified = Math.max(part.modified ?? Number.NEGATIVE_INFINITY, Math.floor(modified))
  const kept = sameClass(part.storageClass, storageClass)
  if (kept !== undefined) part.storageClass = kept
  const entropy = addEntropy(part.entropy, entropyOf(entry))
  if (entropy !== undefined) part.entropy = entropy
}

/** Absent: no object told one. `null`: they differ. */
export const sameClass = (a: string | null | undefined, b: string | null | undefined): string | null | undefined =>
  a === undefined || b === undefined ? (a === undefined ? b : a) : a === b ? a : null

const pointUri = (uri: string, path: string): string =>
  path === '' ? uri : `${uri.replace(/\/$/, '')}/${encodePath(path)}`

/** Percent-encoded byte by byte: names that are not UTF-8 stay apart. */
const encodePath = (path: string): string =>
  PLAIN.test(path)
    ? path
    : Array.from(keyToBytes(path), (byte) => {
        const character = String.fromCharCode(byte)
        return PLAIN.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
      }).join('')

const PLAIN = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/]*$/

const SHOWN = 3

/** Keys that do not match: counted, the first of them kept. */
const otherKeys = (rules: PointRules) => {
  const first: string[] = []
  let count = 0
  let matches = 0
  return {
    add: (key: string): void => {
      count += 1
      if (first.length < SHOWN) first.push(`"${escapeKey(key)}"`)
    },
    matched: (): void => {
      matches += 1
    },
    check: (): void => {
      if (count === 0 || (rules.others === 'ignore' && matches > 0)) return
      const shown = `${first.join(', ')}${count > first.length ? ` and ${count - first.length} more` : ''}`
      const advice =
        matches === 0
          ? 'Change the pattern'
          : 'Change the pattern, open a folder further down, or leave them out with others: "ignore"'
      throw new BackupError({
        code: 'invalid-config',
        operation: 'list',
        subject: rules.uri,
        message: `${matches === 0 ? 'No key' : `Not every key`} of ${rules.uri} has the pattern ${JSON.stringify(rules.text)}: ${shown} ${count === 1 ? 'does' : 'do'} not match. ${advice}.`,
      })
    },
  }
}
