import { strengthOf } from '../../digest/algorithms.js'
import type { ErrorCode } from '../../errors.js'
import type { Grade, Outcome } from '../../evidence/evidence.js'
import type { Reason } from '../finding.js'
import { listed } from '../phrases.js'
import { type Subject, sidesWithBytes } from './subject.js'

/** What would decide it, or raise the grade: steps that only look, or that change how backups are made from now on. */
export const nextOf = (subject: Subject): readonly string[] => OUTCOMES[subject.finding.outcome]?.(subject) ?? [AGAIN]

type Steps = (subject: Subject) => readonly string[]

const AGAIN = 'run it again with this version of Backproof, or a newer one'

const OUTCOMES: Readonly<Record<Outcome, Steps>> = {
  match: (subject) =>
    subject.finding.reason === 'link-target'
      ? [NOTHING]
      : [...(GRADES[subject.finding.grade ?? '']?.(subject) ?? [UNKNOWN_GRADE])],
  mismatch: ({ finding, kind }) => [
    finding.rotten !== undefined
      ? 'before it is replaced, keep what is there, and prove the copy that it is to be replaced from'
      : kind === 'verify'
        ? 'keep what is there until it is known whether somebody changed it on purpose'
        : 'until it is known which side is right, overwrite neither: keep both, and earlier versions where the place has them',
  ],
  missing: ({ kind }) => [
    kind === 'verify'
      ? 'look for it in another copy, and for who or what removed it; once it is back, verify again'
      : 'find out why the copy lacks it; once it is copied, compare again: what is not there, no evidence can prove',
  ],
  extra: ({ kind }) => [
    kind === 'verify'
      ? "if it belongs there, make a new record; `extras: 'allow'` counts such objects without failing"
      : "if it belongs there, `extras: 'allow'` counts such objects without failing; nothing proves an object that the other side does not have",
  ],
  unreadable: ({ finding }) => [
    finding.error?.code === 'not-found'
      ? 'run it again: what is really gone is then told as missing'
      : 'look after the device or service that it lies on, and take the object from a copy that is proven',
  ],
  changed: () => ['run it again when nobody writes to it, or on a snapshot or a version of the place'],
  error: ({ finding }) => [FAILURES[finding.error?.code ?? 'internal'] ?? UNKNOWN_FAILURE],
  unverifiable: (subject) => UNDECIDED[subject.finding.reason]?.(subject) ?? failureSteps(subject),
}

const NOTHING = 'nothing would raise the grade: `read` is the strongest'
const UNKNOWN_GRADE = "`require: 'read'` makes the run read the bytes of every side"

const GRADES: Readonly<Record<Grade | '', Steps>> = {
  '': () => [UNKNOWN_GRADE],
  read: (subject) =>
    subject.finding.reason === 'digest' && !isUnforgeable(subject)
      ? [`${NOTHING}; to rule out forgery too, ask for \`strength: 'cryptographic'\``]
      : [NOTHING],
  stored: (subject) => [...reading(subject), ...fresher(subject)],
  claimed: (subject) => [...reading(subject), ...betterDigest(subject)],
  size: (subject) => [...reading(subject), ...betterDigest(subject)],
}

const isUnforgeable = ({ sides }: Subject): boolean =>
  sides.every(({ evidence }) => strengthOf(evidence?.digest?.algorithm ?? '') === 'cryptographic')

/** How the grade becomes `read`. */
const reading = (subject: Subject): readonly string[] => {
  const { own, kind } = subject
  if (own)
    return [
      `for grade \`read\`, the place has to store a digest of at least 128 bits, or a manifest has to hold one (\`backproof manifest\`): the bytes were read already`,
    ]
  const lists = subject.sides.filter(({ listOnly, evidence }) => listOnly && evidence !== undefined)
  const unread = sidesWithBytes(subject).filter(({ evidence }) => evidence?.bytesRead === 0)
  return [
    ...(unread.length === 0
      ? []
      : [`for grade \`read\`, let the run read ${listed(unread.map(({ word }) => word))} too: \`require: 'read'\``]),
    ...lists.map(({ word, evidence }) =>
      evidence?.asOf === undefined
        ? `a record proves at grade \`read\` with a digest of at least 128 bits in it (\`backproof manifest\` records sha256), and the bytes read`
        : `${word} is only a list: for grade \`read\`, compare with the place itself`,
    ),
    ...(unread.length === 0 && lists.length === 0
      ? [
          kind === 'verify'
            ? 'for grade `read`, hold it against a digest of at least 128 bits that a service or a manifest vouches for'
            : "for grade `read`, have both sides compared by bytes or by a digest of at least 128 bits: `require: 'read'`",
        ]
      : []),
  ]
}

const fresher = ({ sides }: Subject): readonly string[] =>
  sides.some(({ evidence }) => evidence?.asOf !== undefined) ? ['for what changed since, get a fresher list'] : []

/** How a digest comes about that somebody vouches for. */
const betterDigest = ({ sides }: Subject): readonly string[] => {
  const schemes = new Set(sides.map(({ scheme }) => scheme))
  const ways = [...schemes].flatMap((scheme) => WAYS[scheme] ?? [])
  return [...ways, 'a manifest (`backproof manifest`) records digests that you can trust from then on']
}

const WAYS: Readonly<Record<string, string>> = {
  s3: 'for grade `stored`, upload with an additional checksum that S3 validates (`aws s3 cp --checksum-algorithm SHA256`), or have S3 Batch Operations compute checksums of what is there ("Compute checksum")',
  azblob: 'an MD5 that Azure keeps counts as a claim: there, reading or a manifest is what proves',
}

const decidedByReading = ({ finding, sides }: Subject): string => {
  const lists = sides.filter(({ listOnly }) => listOnly).map(({ word }) => word)
  if (finding.error?.code === 'archived') return RESTORE
  if (lists.length === 0) return "let the run read both sides (`require: 'read'`), where both can be read"
  const orList =
    finding.reason === 'no-common-digest' ? ', or have digests in it of the kind that the other side has' : ''
  return `${listed(lists)} has no bytes to read: compare with the place itself${orList}`
}

const RESTORE =
  'restore the object so that it can be read (a temporary copy is enough), or have its service compute a digest without that (S3 Batch Operations: "Compute checksum"), and run it again'

const UNDECIDED: Readonly<Partial<Record<Reason, Steps>>> = {
  'no-common-digest': (subject) => [decidedByReading(subject), ...betterDigest(subject)],
  'no-digest': (subject) => betterDigest(subject),
  'below-required-grade': (subject) => [
    ...(subject.kind === 'verify'
      ? ['a digest of at least 128 bits that a service or a manifest vouches for would reach grade `read`']
      : [decidedByReading(subject)]),
    ...betterDigest(subject),
    'or accept less, knowing what that misses: a weaker `require`',
  ],
  'below-required-strength': () => [
    'record or store a stronger digest: a manifest with sha256, or an upload with SHA-256 as its checksum where the service keeps one',
    'or accept less, knowing what that misses: a weaker `strength`',
  ],
  'claim-differs': (subject) =>
    subject.kind === 'verify'
      ? ['it was read already: another copy, or a manifest made while it was right, decides']
      : [decidedByReading(subject)],
  archived: () => [RESTORE],
  stale: () => ['get a fresher list, or accept an older one: a larger `maxAge`'],
  'newer-than-list': () => ['get a list that was made after the object changed, or compare with the place itself'],
  budget: () => ['run it with a larger `budget`, or run the part of the keys that is left'],
  'read-ceiling': () => ['look at what it costs (`plan()`, `--plan`), and allow that much to be read'],
  'key-collision': () => [
    "rename one of them, or have keys compared as they are: `normalise: 'exact'`, and a mapping that keeps them apart",
  ],
  special: () => ['nothing here can prove it: what it was is recorded by the tool that made the backup, if by anyone'],
  metadata: ({ finding }) =>
    finding.error === undefined
      ? ['compare the attributes that both places keep, or take the others out of `metadata`']
      : [FAILURES[finding.error.code] ?? UNKNOWN_FAILURE],
}

const failureSteps = ({ finding }: Subject): readonly string[] => [
  FAILURES[finding.error?.code ?? 'internal'] ?? UNKNOWN_FAILURE,
]

const UNKNOWN_FAILURE = 'see to what the message says, and run it again'
const PASSING = 'it may pass: run it again, with fewer requests at once (`concurrency`) if it stays'

const FAILURES: Readonly<Partial<Record<ErrorCode, string>>> = {
  'access-denied':
    'give the run the permission to look: `preflight()` (`backproof check`) tries each and names the one that is missing',
  archived: RESTORE,
  throttled: PASSING,
  timeout: PASSING,
  unavailable: PASSING,
  unsupported: 'reach it in a way that can do this: another place, another provider, or a newer version',
  changed: 'run it again when nobody writes to it',
}
