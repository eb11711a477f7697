import type { BackupErrorJson } from '../errors.js'
import type { PlanPolicy } from '../evidence/planner.js'
import { type Judgement, judgeFailure } from './judge.js'
import type { JoinEntry, Party, Row } from './row.js'
import { hidesSubtree } from './row.js'
import { onlySide, type PairParty, pairSides, sidesOf } from './side-evidence.js'

/** `nothing`: this replica has no finding for the key. `open`: both sides have an object, whose bytes must be proven. */
export type Prejudgement = Judgement | 'nothing' | 'open'

/** Decides what needs no bytes: presence, failures of the listing, collisions, kinds, link targets, sizes. */
export const prejudge = (
  row: Row,
  reference: Party,
  subject: Party,
  subjectIndex: number,
  policy: PlanPolicy,
): Prejudgement => {
  const a = row.entries[0]
  const b = row.entries[subjectIndex]
  if (a === undefined || b === undefined) return absent(row, [reference, a, 0], [subject, b, subjectIndex])
  const [ours, theirs] = [party(reference, a), party(subject, b)]
  if (a.colliding !== undefined || b.colliding !== undefined) {
    const collidingKeys = [...(a.colliding ?? []), ...(b.colliding ?? [])]
    return {
      outcome: 'unverifiable',
      reason: 'key-collision',
      method: 'none',
      collidingKeys,
      sides: pairSides(ours, theirs),
    }
  }
  if (a.entry.problem !== undefined) return judgeFailure(ours.name, a.entry.problem, failedBy(row, 0), [ours, theirs])
  if (b.entry.problem !== undefined)
    return judgeFailure(theirs.name, b.entry.problem, failedBy(row, subjectIndex), [ours, theirs])
  if (policy.ownDigests === true && a.entry.kind !== 'object') {
    // A link or special file has no stored digest, and being equal to itself proves nothing.
    const reason = a.entry.kind === 'symlink' ? 'no-digest' : 'special'
    return { outcome: 'unverifiable', reason, method: 'none', sides: sidesOf([theirs]) }
  }
  return kinds(ours, theirs)
}

/** Whether the listing hid the object, or it could not be looked at when its source was asked about it. */
const failedBy = (row: Row, party: number): 'listing-failed' | 'read-failed' =>
  row.asked?.[party] === undefined ? 'listing-failed' : 'read-failed'

const party = (of: Party, side: JoinEntry): PairParty => ({ name: of.name, entry: side.entry })

type Place = readonly [Party, JoinEntry | undefined, number]

const absent = (row: Row, [reference, a, i]: Place, [subject, b, j]: Place): Prejudgement => {
  if (a === undefined && b === undefined) return 'nothing'
  const [present, presentIn, hiddenAt, absentIn] =
    a !== undefined ? [a, reference, j, subject] : [b!, subject, i, reference]
  const parties = [party(presentIn, present)]
  // A folder that cannot be listed is no object: the other side has no row of its own for it.
  // What a question about an object brought to light hides nothing but that object.
  if (hidesSubtree(present.entry) && row.asked?.[a !== undefined ? i : j] === undefined)
    return judgeFailure(presentIn.name, present.entry.problem!, 'listing-failed', parties)
  const hiddenBy: BackupErrorJson | undefined = row.hidden?.[hiddenAt]
  if (hiddenBy !== undefined) return judgeFailure(absentIn.name, hiddenBy, 'listing-failed', parties)
  if (present.colliding !== undefined) {
    const outcome = a !== undefined ? 'missing' : 'extra'
    return { outcome, reason: 'absent', method: 'none', collidingKeys: present.colliding, sides: sidesOf(parties) }
  }
  // An expectation may know why, for example that the file was never fetched.
  const problem = presentIn.name === 'expected' ? present.entry.problem : undefined
  return {
    outcome: a !== undefined ? 'missing' : 'extra',
    reason: 'absent',
    method: 'none',
    sides: onlySide(party(presentIn, present)),
    ...(problem !== undefined && { error: { ...problem, side: presentIn.name } }),
  }
}

const kinds = (a: PairParty, b: PairParty): Prejudgement => {
  const { kind } = a.entry
  if (kind === 'object' && b.entry.kind === 'object') {
    const [ours, theirs] = [a.entry.size, b.entry.size]
    if (ours === undefined || theirs === undefined || ours === theirs) return 'open'
    return { outcome: 'mismatch', reason: 'size', method: 'size', sides: pairSides(a, b) }
  }
  if (kind !== b.entry.kind) return { outcome: 'mismatch', reason: 'kind', method: 'none', sides: pairSides(a, b) }
  if (kind !== 'symlink') return { outcome: 'unverifiable', reason: 'special', method: 'none', sides: pairSides(a, b) }
  if (a.entry.linkTarget === undefined || b.entry.linkTarget === undefined) {
    return { outcome: 'unverifiable', reason: 'no-common-digest', method: 'none', sides: pairSides(a, b) }
  }
  const sides = pairSides(a, b, { grade: 'read' })
  return a.entry.linkTarget === b.entry.linkTarget
    ? { outcome: 'match', reason: 'link-target', grade: 'read', method: 'link', sides }
    : { outcome: 'mismatch', reason: 'link-target', method: 'link', sides }
}
