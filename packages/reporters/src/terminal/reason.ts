import type { MetadataDifference, ObjectFinding, SideEvidence, SideName } from '@backproof/core/report'
import { escapeKey } from '@backproof/core/source'
import { formatCount, formatMoment } from '../text/numbers.js'
import { safeText } from '../text/safe.js'
import { sideLetter } from './parties.js'

/** Why a finding is what it is, in words, on one line. `explain()` of core tells it in full. */
export const reasonLine = (finding: ObjectFinding): string => {
  return `${reasonInWords(finding)}${DRIFT[finding.drift ?? ''] ?? ''}${rottenSide(finding)}`
}

const rottenSide = ({ rotten, rottenBy, replica }: ObjectFinding): string => {
  // Held against a record, there is no other side that could be.
  if (rotten === undefined || rottenBy === 'record') return ''
  const known = rottenBy === undefined ? '' : (ROTTEN_BY[rottenBy] ?? '')
  return `; ${sideLetter(rotten, replica)} is the damaged one${known}`
}

const ROTTEN_BY: Readonly<Record<string, string>> = {
  'own-digest': ': it breaks its own digest',
  minority: ': the other copies outvote it',
}

/** Presence says the rest: `new` is an extra, `gone` is missing. */
const DRIFT: Readonly<Record<string, string>> = {
  modified: '; modified since the record: its time or version changed too',
  rot: '; same size and time as in the record: nobody says that they changed it',
}

const reasonInWords = (finding: ObjectFinding): string => {
  const [first, second] = pair(finding)
  switch (finding.reason) {
    case 'absent':
      return absence(finding)
    case 'bytes':
      return finding.outcome === 'match' ? 'every byte is equal' : firstDifference(finding, first, second)
    case 'size':
      return finding.outcome === 'match' ? 'same size; contents not compared' : sizes(first, second)
    case 'digest':
      return `${digests(finding, first, second)}${finding.method === 'derived-digest' ? ', put together from those of parts' : ''}`
    case 'link-target':
      return finding.outcome === 'match' ? 'links to the same target' : linkTargets(first, second)
    case 'kind':
      return 'an ordinary file on one side, a link or special file on the other'
    case 'metadata':
      return (finding.metadata ?? []).map(metadataDifference).join(', ')
    case 'changed-while-read':
      return `changed while it was read${failedSide(finding)}`
    case 'read-failed':
    case 'listing-failed':
      return `${finding.error === undefined ? finding.reason : safeText(finding.error.message).replaceAll('\n', ' ')}${failedSide(finding)}`
    case 'key-collision':
      return `several keys become this one: ${(finding.collidingKeys ?? []).map(escapeKey).join(', ')}`
    case 'stale':
    case 'newer-than-list':
      return `${UNVERIFIABLE[finding.reason]}${listDate(finding)}`
    default:
      return UNVERIFIABLE[finding.reason] ?? finding.reason
  }
}

const UNVERIFIABLE: Readonly<Record<string, string>> = {
  'no-common-digest': 'the sides have no digest in common, and reading was not possible',
  'no-digest': 'no digest is recorded or stored for it',
  'below-required-grade': 'equal as far as seen, but on weaker evidence than `require` asks for',
  'below-required-strength': 'equal as far as seen, but by a weaker digest than `strength` asks for',
  'claim-differs':
    'a stored digest differs that proves nothing by that: a client claimed it, or it is of parts whose sizes are not known',
  archived: 'archived: its bytes cannot be read before it is restored, and no stored digest proves it',
  stale: 'what is known of a side is older than policy accepts',
  'newer-than-list': 'it changed after the list was made that stands for the other side',
  budget: 'deciding it takes more than the budget of this run',
  'read-ceiling': 'deciding it takes more reading from a paid or archived place than is done unasked',
  special: 'a device, socket or FIFO, which is never opened',
}

/** ` (list of 2026-11-01 01:00 UTC)`: of several lists the oldest. */
const listDate = ({ sides = {} }: ObjectFinding): string => {
  const dates = Object.values(sides).flatMap(({ asOf }) => (asOf === undefined ? [] : [asOf]))
  return dates.length === 0 ? '' : ` (list of ${formatMoment(Math.min(...dates))})`
}

/** The side that sets the expectation, and the side held against it. */
const pair = (finding: ObjectFinding): readonly [SideEvidence | undefined, SideEvidence | undefined] => {
  const sides = finding.sides
  return sides?.expected === undefined ? [sides?.source, sides?.replica] : [sides.expected, sides.source]
}

const absence = (finding: ObjectFinding): string => {
  const verifying = finding.replica === undefined
  if (finding.outcome === 'missing')
    return verifying ? 'recorded, but not there' : `not in ${sideLetter('replica', finding.replica)}`
  return verifying ? 'there, but not recorded' : `only in ${sideLetter('replica', finding.replica)}`
}

const firstDifference = (
  finding: ObjectFinding,
  first: SideEvidence | undefined,
  second: SideEvidence | undefined,
): string => {
  if (finding.firstDifference === undefined) return 'the bytes differ'
  // Counted from 1, as cmp does.
  const size = first?.size ?? second?.size
  return `first difference at byte ${formatCount(finding.firstDifference + 1)}${size === undefined ? '' : ` of ${formatCount(size)}`}`
}

const sizes = (first: SideEvidence | undefined, second: SideEvidence | undefined): string =>
  first?.size === undefined || second?.size === undefined
    ? 'the sizes differ'
    : `size ${formatCount(second.size)} instead of ${formatCount(first.size)}`

const digests = (finding: ObjectFinding, first: SideEvidence | undefined, second: SideEvidence | undefined): string => {
  const [wanted, got] = [first?.digest, second?.digest ?? first?.digest]
  const name = safeText((got ?? wanted)?.algorithm ?? 'digest')
  if (finding.outcome === 'match') return `same ${name}`
  return wanted === undefined || got === undefined || wanted.value === got.value
    ? `${name} differs`
    : `${name} ${brief(got.value)} instead of ${brief(wanted.value)}`
}

const brief = (value: string): string => safeText(value.length > 16 ? `${value.slice(0, 12)}…` : value)

const linkTargets = (first: SideEvidence | undefined, second: SideEvidence | undefined): string =>
  `links to ${escapeKey(second?.linkTarget ?? '?')} instead of ${escapeKey(first?.linkTarget ?? '?')}`

const metadataDifference = (difference: MetadataDifference): string =>
  `${difference.field} ${escapeKey(difference.replica)} instead of ${escapeKey(difference.source)}`

const failedSide = (finding: ObjectFinding): string => {
  const side: SideName | undefined = finding.error?.side
  return side === undefined || finding.replica === undefined ? '' : ` (${sideLetter(side, finding.replica)})`
}
