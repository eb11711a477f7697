import { listed } from '../phrases.js'
import { type ExplainedSide, type Subject, sideNamed, sidesWithBytes } from './subject.js'
import { shown } from './words.js'

/** Which side is wrong and how that is known; or that it cannot be told, why, and what would tell. */
export const blameOf = (subject: Subject): readonly string[] => {
  const { finding } = subject
  if (finding.outcome === 'match') return []
  const drift = DRIFTS[finding.drift ?? '']
  const rotten = sideNamed(subject, finding.rotten)
  return [
    ...(rotten !== undefined ? [named(subject, rotten)] : finding.outcome === 'mismatch' ? unnamed(subject) : []),
    ...(drift === undefined ? [] : [drift]),
  ]
}

const DRIFTS: Readonly<Record<string, string>> = {
  modified: 'its time or version is another one than was recorded too: somebody wrote it since',
  rot: 'its size is as recorded, and so is its time or version: nobody says that they changed it, which is what rot looks like',
  new: 'it is new since the record, or the record left it out',
  gone: 'it is gone since the record was made',
}

const named = ({ finding, kind, own }: Subject, { word, name }: ExplainedSide): string => {
  if (finding.outcome === 'unreadable') return `${word} is the damaged side: it could not be read`
  switch (finding.rottenBy) {
    case 'own-digest':
      return `${word} is the damaged side: its bytes break the digest that its own place stores`
    case 'minority':
      return `${word} is taken for the damaged side: most of the other copies agree with each other, and not with it`
    case 'record':
      return `${word} is not what was recorded any more: its bytes break the record, which you trust`
    default:
      return kind === 'verify' && !own && name === 'source'
        ? `${word} is not what was recorded any more: its bytes break the record, which you trust`
        : own && name === 'source'
          ? `${word} is the damaged side: its bytes break the digest that was stored with them`
          : `${word} is told to be the damaged side; the finding does not say how that is known`
  }
}

/** Why a difference has no culprit, and what would name one. */
const unnamed = (subject: Subject): readonly string[] => {
  const { finding, kind, own, sides } = subject
  if (finding.reason === 'metadata' || finding.reason === 'kind' || finding.reason === 'link-target')
    return [
      kind === 'verify'
        ? 'one of them was changed since the record was made, or the record was wrong from the start'
        : 'which side is as it should be cannot be told by comparing: it takes somebody who knows, a third copy, or an older record',
    ]
  if (kind === 'verify')
    return [
      own
        ? claimOrBytes(subject)
        : 'if the record is right, it is the source that changed: that is what the record is trusted for',
    ]
  const unread = sidesWithBytes(subject).filter(({ evidence }) => evidence?.bytesRead === 0)
  const words = listed(unread.map(({ word }) => word))
  if (finding.reason === 'size')
    return [
      'which side is wrong cannot be told from sizes: one may have been cut short, or other content was written to it',
      OTHER_WITNESSES,
    ]
  if (unread.length > 0)
    return [
      `which side is wrong cannot be told: nothing of ${words} was read, so it is not known whether the bytes there still have the stored digest, or other bytes were written to begin with`,
      `reading ${words} (\`require: 'read'\`) would tell a side that breaks its own stored digest; ${OTHER_WITNESSES}`,
    ]
  return [
    `which side is wrong cannot be told: they differ, and neither is known to break a digest that its own place stores`,
    sides.some(({ listOnly }) => listOnly) ? 'a record that you trust, or a third copy, would tell' : OTHER_WITNESSES,
  ]
}

const OTHER_WITNESSES = 'a third copy, or a manifest made while both were right, would tell'

const claimOrBytes = ({ sides: [stored] }: Subject): string => {
  const digest = stored.evidence?.digest
  return digest?.provenance === 'claimed'
    ? `either the bytes changed, or the ${shown(digest.algorithm)} that a client claimed was wrong from the start: another copy or a manifest would tell`
    : 'the bytes are not those that the stored digest was made of: they changed, or the digest did'
}
