import type { Grade, Outcome } from '../../evidence/evidence.js'
import type { ObjectFinding, Reason } from '../finding.js'
import { listed } from '../phrases.js'
import { type ExplainedSide, type Subject, sideNamed } from './subject.js'
import { briefValue, byteNumber, bytesOf, quotedKey, shown } from './words.js'

/** What was held against what, and what came of it. */
export const verdictOf = (subject: Subject): readonly string[] => {
  const { finding, own, kind, sides } = subject
  const [reference, other] = sides
  const against = own
    ? `${other.full} against the digests that its own place stores`
    : kind === 'verify'
      ? `${other.full} against ${reference.full}`
      : `${reference.full} against ${other.full}`
  const shared = finding.notes?.includes('same-file') === true
  return [
    `${quotedKey(finding.key)}: ${against}`,
    ...(OUTCOMES[finding.outcome]?.(subject) ?? [`the outcome is ${shown(finding.outcome)}`]),
    ...(shared ? ['both sides are one file on disk (a hard link): this is not an independent copy'] : []),
  ]
}

type Tell = (subject: Subject) => readonly string[]

const OUTCOMES: Readonly<Record<Outcome, Tell>> = {
  match: (subject) => [`match${gradeOf(subject)}: ${howEqual(subject)}`, ...gradeMeans(subject)],
  mismatch: (subject) => [`mismatch: ${howDifferent(subject)}`],
  missing: ({ kind, sides: [reference, other], finding }) => [
    kind === 'verify'
      ? 'missing: the record names it, and the listing of the source does not have it'
      : `missing: the listing of ${reference.word} has it, and that of ${other.word} does not`,
    ...(finding.error === undefined ? [] : [`${reference.word} says of it: ${message(finding)}`]),
    ...colliding(finding),
  ],
  extra: ({ kind, sides: [reference, other], finding }) => [
    kind === 'verify'
      ? 'extra: the source has it, and the record does not name it'
      : `extra: the listing of ${other.word} has it, and that of ${reference.word} does not`,
    ...colliding(finding),
  ],
  unreadable: (subject) => [
    `unreadable: ${failedSide(subject)} is damaged, or gone since it was listed${told(subject.finding)}`,
  ],
  changed: (subject) => [
    `changed: ${failedSide(subject)} changed while the run looked at it, so nothing can be said of it${told(subject.finding)}`,
  ],
  unverifiable: (subject) => [
    `unverifiable: ${UNDECIDED[subject.finding.reason]?.(subject) ?? `nothing decided it (${shown(subject.finding.reason)})`}`,
    'That is no proof of being the same, and none of a difference',
  ],
  error: (subject) => [
    `error: ${failedSide(subject)} could not be looked at${told(subject.finding)}`,
    'Whether it is intact is not known',
  ],
}

const gradeOf = ({ finding: { grade } }: Subject): string => (grade === undefined ? '' : ` at grade \`${grade}\``)

/** Targets of links are not bytes of an object: of their grade there is nothing to say. */
const gradeMeans = ({ finding: { grade, reason }, own }: Subject): readonly string[] =>
  grade === undefined || reason === 'link-target' ? [] : [own && grade === 'read' ? OWN_READ : GRADE_MEANS[grade]]

/** By what a match was decided. What no engine pairs is told without a claim. */
const howEqual = ({ finding: { reason, method }, kind, own }: Subject): string => {
  switch (reason) {
    case 'bytes':
      return 'the bytes were compared one by one, and every one is equal'
    case 'size':
      return 'the sizes are equal, and nothing else was compared: the contents may differ'
    case 'link-target':
      return 'both are symbolic links to the same target; what they point to was not looked at'
    case 'digest':
      if (kind === 'verify' && method === 'one-sided-read')
        return `it was read, and has the digest that ${own ? 'its place stores' : 'was recorded'}`
      return EQUAL_DIGESTS[method ?? ''] ?? 'the digests are equal'
    default:
      return `it was decided by \`${shown(reason)}\``
  }
}

const EQUAL_DIGESTS: Readonly<Record<string, string>> = {
  digest: 'the digests of both sides are equal; both were there before this run',
  'derived-digest':
    'the digests of both sides are equal; one was put together from the stored digests of the parts of its object',
  'one-sided-read': 'one side was read, and the digest of what was read is the one that the other side has',
  'two-sided-read': 'both sides were read, and have the same digest',
}

const GRADE_MEANS: Readonly<Record<Grade, string>> = {
  read: '`read` is the strongest grade: the bytes of each side were read in this run, or are stood for by a record that you trust',
  stored:
    '`stored` means that a side is only as good as a digest that its storage service or a record keeps, or as a digest of fewer than 128 bits',
  claimed: '`claimed` means that a side is only as good as a claim that nobody is known to have checked',
  size: '`size` is the weakest grade: nothing but the size is known to be equal',
}

const OWN_READ =
  '`read` is the strongest grade: the bytes were read in this run, and have the digest that their place stored earlier'

const howDifferent = ({ finding, sides }: Subject): string => {
  const [reference, other] = sides
  switch (finding.reason) {
    case 'bytes':
      return `the bytes differ${firstDifference(finding)}`
    case 'size':
      return sizes(reference, other) + firstDifference(finding)
    case 'digest':
      return digests(reference, other)
    case 'link-target':
      return `the symbolic links have different targets${linkTargets(reference, other)}`
    case 'kind':
      return 'an ordinary object on one side, a symbolic link or a special file on the other'
    case 'metadata':
      return `attributes differ: ${attributes(finding, sides)}`
    default:
      return `it was decided by \`${shown(finding.reason)}\``
  }
}

const firstDifference = ({ firstDifference: offset }: ObjectFinding): string =>
  offset === undefined ? '' : `, first at ${byteNumber(offset)} (counted from 1)`

const sizes = (a: ExplainedSide, b: ExplainedSide): string => {
  const [x, y] = [a.evidence?.size, b.evidence?.size]
  return x === undefined || y === undefined
    ? 'the sizes differ'
    : `the sizes differ, so the contents do: ${a.word} says ${bytesOf(x)}, ${b.word} ${bytesOf(y)}`
}

const digests = (a: ExplainedSide, b: ExplainedSide): string => {
  const [x, y] = [a.evidence?.digest, b.evidence?.digest]
  if (x === undefined || y === undefined || x.value === y.value) return 'the digests differ'
  return `the digests differ: ${shown(x.algorithm)} ${briefValue(x.value)} (${a.word}), ${briefValue(y.value)} (${b.word})`
}

const linkTargets = (a: ExplainedSide, b: ExplainedSide): string => {
  const [x, y] = [a.evidence?.linkTarget, b.evidence?.linkTarget]
  return x === undefined || y === undefined ? '' : `: ${quotedKey(x)} in ${a.word}, ${quotedKey(y)} in ${b.word}`
}

const attributes = ({ metadata = [] }: ObjectFinding, [a, b]: Subject['sides']): string =>
  metadata.length === 0
    ? 'the finding does not say which'
    : listed(
        metadata.map(
          ({ field, source, replica }) =>
            `${field} is ${shown(source)} in ${a.word} and ${shown(replica)} in ${b.word}`,
        ),
      )

const colliding = ({ collidingKeys = [] }: ObjectFinding): readonly string[] =>
  collidingKeys.length === 0 ? [] : [`several keys become this one: ${listed(collidingKeys.map(quotedKey))}`]

const failedSide = (subject: Subject): string =>
  sideNamed(subject, subject.finding.error?.side ?? subject.finding.rotten)?.word ?? 'a side'

const message = ({ error }: ObjectFinding): string => shown(error?.message ?? '').replace(/\.+$/, '')

const told = (finding: ObjectFinding): string => (message(finding) === '' ? '' : ` (${message(finding)})`)

/** Why nothing was decided. */
const UNDECIDED: Readonly<Partial<Record<Reason, (subject: Subject) => string>>> = {
  'no-common-digest': () => 'the sides have no digest in common, and what would have to be read instead could not be',
  'no-digest': () => 'no digest is recorded or stored that it could be held against',
  'below-required-grade': ({ require }) =>
    `the evidence that there is does not reach the grade that policy asks for${require === undefined ? '' : ` (\`${require}\`)`}`,
  'below-required-strength': ({ strength }) =>
    `the digests that there are can miss more than policy accepts${strength === undefined ? '' : ` (\`${strength}\` is asked for)`}`,
  'claim-differs': () =>
    'a stored digest differs, of which only being equal would prove anything: a client claimed it, or how it was made is not known for certain',
  archived: (subject) =>
    `${failedSide(subject)} lies in an archive storage class: its bytes cannot be read before it is restored, and no stored digest decides`,
  stale: () => 'what is known of a side is older than policy accepts (`maxAge`)',
  'newer-than-list': () => 'the object changed after the list was made that stands for the other side',
  budget: () => 'what would have decided it was not in the budget of the run any more',
  'read-ceiling': () => 'deciding it takes more reading from a paid or archived place than is done without your word',
  'key-collision': ({ finding }) =>
    `${colliding(finding)[0] ?? 'several keys become this one'}; which of them is meant is not known`,
  special: () => 'it is a device, a socket, a FIFO or a folder that cannot be listed, none of which is opened',
  metadata: ({ finding, sides }) =>
    finding.metadata === undefined
      ? `its attributes could not be compared${told(finding)}`
      : `attributes could not all be compared: ${attributes(finding, sides)}`,
  'read-failed': (subject) => `${failedSide(subject)} cannot be read${told(subject.finding)}`,
  'listing-failed': (subject) => `${failedSide(subject)} cannot be listed in full${told(subject.finding)}`,
}
