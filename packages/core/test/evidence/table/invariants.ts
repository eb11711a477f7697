import type { Digest } from '../../../src/digest/digest.js'
import { meetsGrade } from '../../../src/evidence/evidence.js'
import { inWords, REQUIRED, type Required, type Table } from './cells.js'
import type { Place } from './places.js'
import type { Cell } from './prove-cell.js'

type IsWrong = (cell: Cell, source: Place, replica: Place, require: Required) => boolean

/** What holds in every cell. */
export interface Invariant {
  readonly name: string
  readonly isWrong: (table: Table) => IsWrong
}

/** The cells that break an invariant. */
export const brokenBy = ({ isWrong }: Invariant, table: Table): string[] => {
  const wrong = isWrong(table)
  const found: string[] = []
  for (const require of REQUIRED) {
    for (const source of table.places) {
      for (const replica of table.places) {
        const cell = table.at(source, replica, require)
        if (wrong(cell, source, replica, require))
          found.push(`${source.name} against ${replica.name} at ${require}: ${inWords(cell)}`)
      }
    }
  }
  return found
}

const isReadable = ({ traits, listed }: Place): boolean =>
  (traits.readCost === 'free' || traits.readCost === 'paid') && listed.archived !== true

/** All that a place says of the object, before and after it is asked. */
const tells = ({ listed, told }: Place): readonly Digest[] => [
  ...(listed.digests ?? []).filter(({ equalityOnly }) => equalityOnly !== true),
  ...(told?.digests ?? []),
]

/** Names of what is comparable with nothing read: the algorithm, and of parts with all their sizes. */
const comparableNames = (place: Place, vouched: (digest: Digest) => boolean): ReadonlySet<string> =>
  new Set(
    tells(place)
      .filter(vouched)
      .flatMap(({ algorithm, coverage = 'full' }) => {
        if (coverage === 'full') return [algorithm]
        if (coverage.sizes === undefined || coverage.inferred === true) return []
        const derived = coverage.values !== undefined && algorithm.startsWith('crc') ? [algorithm] : []
        return [`${algorithm} of parts`, ...derived]
      }),
  )

const standsForBytes = ({ name, traits }: Place): boolean =>
  name.startsWith('manifest') || traits.access === 'sequential'

const isManifest = ({ name }: Place): boolean => name.startsWith('manifest')

const claims = ({ family, listed }: Place): boolean =>
  family === 'Azure' || listed.digests?.some(({ provenance }) => provenance === 'claimed') === true

/** An ETag of unknown encryption may turn out to be of no use only when the first side was read. */
const isOpaque = ({ name }: Place): boolean => name === 'S3 SSE-KMS'

export const INVARIANTS: readonly Invariant[] = [
  {
    name: 'equal objects match or are not proven: they never differ',
    isWrong:
      () =>
      ({ outcome, method }) =>
        outcome !== (method === 'none' ? 'unverifiable' : 'match'),
  },
  {
    name: 'a match has the grade that is required, or a stronger one',
    isWrong:
      () =>
      ({ grade }, _, __, require) =>
        grade !== undefined && !meetsGrade(grade, require),
  },
  {
    name: 'nothing is read that cannot be read',
    isWrong:
      () =>
      ({ read }, source, replica) =>
        (read.includes('reference') && !isReadable(source)) || (read.includes('subject') && !isReadable(replica)),
  },
  {
    name: '`read` takes the bytes of both sides, or a manifest in place of one',
    isWrong:
      () =>
      ({ grade, read }, source, replica) => {
        if (grade !== 'read') return false
        const ours = read.includes('reference') || standsForBytes(source)
        const theirs = read.includes('subject') || standsForBytes(replica)
        return !ours || !theirs || (isManifest(source) && isManifest(replica))
      },
  },
  {
    name: '`stored` rests on no claim',
    isWrong:
      () =>
      ({ grade, read }, source, replica) => {
        if (grade !== 'stored' && grade !== 'read') return false
        return (!read.includes('reference') && claims(source)) || (!read.includes('subject') && claims(replica))
      },
  },
  {
    name: 'nothing is read where both sides tell the same digest, or one that follows from parts',
    isWrong:
      () =>
      ({ read }, source, replica, require) => {
        if (require !== 'stored' || read.length === 0) return false
        const vouched = ({ provenance }: Digest): boolean => provenance !== 'claimed'
        const ours = comparableNames(source, vouched)
        return [...comparableNames(replica, vouched)].some((name) => ours.has(name))
      },
  },
  {
    name: 'a disk is read rather than a service, where the service vouches for anything',
    isWrong:
      () =>
      ({ read }, source, replica, require) => {
        const isSource = source.local === true
        const [disk, other] = isSource ? [source, replica] : [replica, source]
        if (disk.local !== true || other.local === true || require !== 'stored') return false
        const vouched = tells(other).some(({ provenance }) => provenance === 'service')
        return vouched && read.includes(isSource ? 'subject' : 'reference')
      },
  },
  {
    name: 'swapped sides have the same outcome and the same grade',
    isWrong:
      ({ at }) =>
      (cell, source, replica, require) => {
        const swapped = at(replica, source, require)
        return cell.outcome !== swapped.outcome || cell.grade !== swapped.grade
      },
  },
  {
    name: 'swapped sides are proven in the same way',
    isWrong:
      ({ at }) =>
      (cell, source, replica, require) => {
        if (isOpaque(source) || isOpaque(replica)) return false
        const swapped = at(replica, source, require)
        return cell.method !== swapped.method || cell.read.length !== swapped.read.length
      },
  },
  {
    name: 'no place is asked more than twice, and none that is a list',
    isWrong:
      () =>
      ({ asked }, source, replica) =>
        Math.max(...asked) > 2 ||
        (source.told === undefined && asked[0] > 0) ||
        (replica.told === undefined && asked[1] > 0),
  },
]
