import type { Evidence } from '@backproof/core/audit'
import type { ProofReport } from '@backproof/core/history'
import { drillEvidence, type NewestDrills, resultOf } from '../drills.js'
import { momentsOf, refusalReason, type Terms } from '../proof/accept.js'
import { CLOCK_SKEW, days, isoTime } from '../time.js'

/** What proofs and the last restore test of an asset found wrong. */
export interface LastErrors {
  /** The most that one of them found: damaged objects of a report; one for a restore test that did not end well. */
  readonly errors: number
  /** What is not known, in words. */
  readonly doubts: readonly string[]
  readonly evidence: readonly Evidence[]
}

/**
 * Damage counts in any report about one of the copies, until a later one that is accepted has read all of them and found none. Whoever
 * is to blame: both are copies of one asset, or one is held against what it should be. A proof of a copy is a report that is
 * accepted, and that read something. A restore test speaks for a year, however often `restore-test-recent` asks for one.
 *
 * @param uris Of the copies.
 */
export const lastErrors = (
  uris: readonly string[],
  reports: readonly ProofReport[],
  { ended, ahead }: NewestDrills,
  terms: Terms,
): LastErrors => {
  const proofs = reports.flatMap((report) => proofOf(report, uris, terms))
  const standing = proofs.filter(
    ({ damaged, to, sides }) =>
      damaged > 0 &&
      !proofs.some((later) => later.isWhole && later.from > to && sides.every((uri) => later.sides.includes(uri))),
  )
  const hasFailed = ended !== undefined && ['failed', 'cancelled'].includes(resultOf(ended))
  const isGood =
    ended?.outcome === 'succeeded' &&
    ended.validation === 'successful' &&
    ended.started >= terms.now - days(366) &&
    ahead === undefined
  const unread = uris.filter((uri) => !proofs.some(({ isProof, sides }) => isProof && sides.includes(uri)))
  return {
    errors: Math.max(Number(hasFailed), ...standing.map(({ damaged }) => damaged)),
    doubts: [
      ...(uris.length === 0 ? ['the policy names no copies'] : []),
      ...unread.map((uri) => `no accepted report read ${uri}`),
      ...(isGood || hasFailed ? [] : ['no checked restore test of the last year']),
    ],
    evidence: [
      ...(ended === undefined ? [] : [drillEvidence(ended)]),
      ...(standing.length > 0 ? standing : proofs).map(({ id, at, damaged }) => ({
        kind: 'report',
        id,
        at,
        data: { damaged },
      })),
    ],
  }
}

/** What a report says of copies; nothing where it is about none of them, or cannot be read. */
const proofOf = ({ source: id, result }: ProofReport, uris: readonly string[], terms: Terms) => {
  const about = [result.source, ...result.replicas].filter(({ uri }) => uris.includes(uri))
  const { from, to } = momentsOf(result, about)
  if (about.length === 0 || !(to <= terms.now + CLOCK_SKEW)) return []
  const isAccepted = refusalReason(result, about, terms) === undefined
  const own = result.byReplica.filter((_, i) => about.includes(result.source) || about.includes(result.replicas[i]!))
  const damaged = own.reduce(
    (sum, { outcomes: { mismatch, unreadable, missing } }) =>
      sum + mismatch + unreadable + (result.kind === 'verify' ? missing : 0),
    0,
  )
  const isProof = isAccepted && own.some(({ grades }) => grades.read > 0)
  const isWhole =
    isProof && result.sample === undefined && own.every(({ findings, grades }) => grades.read === findings)
  return [{ id, from, to, at: isoTime(to), damaged, isProof, isWhole, sides: about.map(({ uri }) => uri) }]
}
