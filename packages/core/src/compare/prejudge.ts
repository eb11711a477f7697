import type { BackupErrorJson } from '../errors.js'
import type { PlanPolicy } from '../evidence/planner.js'
import { type Judgement, judgeFailure, type PairParty, sidesOf } from './judge.js'
import type { JoinEntry, Party, Row } from './row.js'
import { hidesSubtree } from './row.js'

/** `nothing`: this replica has no finding for the key. `open`: both sides have an object, whose bytes must be proven. */
export type Prejudgement = Judgement | 'nothing' | 'open'

/** Decides what needs no bytes: presence, failures of the listing, collisions, kinds, link targets, sizes. */
export const prejudge = (
  row: Row,
  reference: Party,
  subject: Party,
  [referenceIndex, subjectIndex]: readonly [number, number],
  policy: PlanPolicy,
): Prejudgement => {
  const a = row.entries[referenceIndex]
  const b = row.entries[subjectIndex]
  if (a === undefined || b === undefined) return absent(row, [reference, a, referenceIndex], [subject, b, subjectIndex])
  const parties = [party(reference, a), party(subject, b)] as const
  if (a.colliding !== undefined || b.colliding !== undefined) {
    const collidingKeys = [...(a.colliding ?? []), ...(b.colliding ?? [])]
    return { outcome: 'unverifiable', reason: 'key-collision', method: 'none', collidingKeys, sides: sidesOf(parties) }
  }
  for (const side of parties) {
    if (side.entry.problem !== undefined) return judgeFailure(side.name, side.entry.problem, 'listing-failed', parties)
  }
  if (policy.ownDigests === true && a.entry.kind !== 'object') {
    // A link or special file has no stored digest, and being equal to itself proves nothing.
    const reason = a.entry.kind === 'symlink' ? 'no-digest' : 'special'
    return { outcome: 'unverifiable', reason, method: 'none', sides: sidesOf([parties[1]]) }
  }
  return kinds(parties[0], parties[1])
}

const party = (of: Party, side: JoinEntry): PairParty => ({ name: of.name, entry: side.entry })

type Place = readonly [Party, JoinEntry | undefined, number]

const absent = (row: Row, [reference, a, i]: Place, [subject, b, j]: Place): Prejudgement => {
  if (a === undefined && b === undefined) return 'nothing'
  const [present, presentIn, hiddenAt, absentIn] =
    a !== undefined ? [a, reference, j, subject] : [b!, subject, i, reference]
  const parties = [party(presentIn, present)]
  // A folder that cannot be listed is no object: the other side has no row of its own for it.
  if (hidesSubtree(present.entry))
    return judgeFailure(presentIn.name, present.entry.problem!, 'listing-failed', parties)
  const hiddenBy: BackupErrorJson | undefined = row.hidden?.[hiddenAt]
  if (hiddenBy !== undefined) return judgeFailure(absentIn.name, hiddenBy, 'listing-failed', parties)
  if (present.colliding !== undefined) {
    const outcome = a !== undefined ? 'missing' : 'extra'
    return { outcome, reason: 'absent', method: 'none', collidingKeys: present.colliding, sides: sidesOf(parties) }
  }
  return { outcome: a !== undefined ? 'missing' : 'extra', reason: 'absent', method: 'none', sides: sidesOf(parties) }
}

const kinds = (a: PairParty, b: PairParty): Prejudgement => {
  const sides = sidesOf([a, b])
  if (a.entry.kind !== b.entry.kind) return { outcome: 'mismatch', reason: 'kind', method: 'none', sides }
  switch (a.entry.kind) {
    case 'special':
    case 'delete-marker':
      return { outcome: 'unverifiable', reason: 'special', method: 'none', sides }
    case 'symlink': {
      const read = sidesOf([a, b], { grade: 'read' })
      if (a.entry.linkTarget === undefined || b.entry.linkTarget === undefined) {
        return { outcome: 'unverifiable', reason: 'no-common-digest', method: 'none', sides }
      }
      return a.entry.linkTarget === b.entry.linkTarget
        ? { outcome: 'match', reason: 'link-target', grade: 'read', method: 'link', sides: read }
        : { outcome: 'mismatch', reason: 'link-target', method: 'link', sides: read }
    }
    case 'object':
      if (a.entry.size !== undefined && b.entry.size !== undefined && a.entry.size !== b.entry.size) {
        return { outcome: 'mismatch', reason: 'size', method: 'size', sides }
      }
      return 'open'
  }
}
