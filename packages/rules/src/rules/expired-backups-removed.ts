import { defineRule, type Evidence, numberOption } from '@backproof/core/audit'
import { recoveryPoints } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { addKept, createKeptTally, type Kept, keptOf, longest, longOf } from '../recovery-points/kept.js'
import { days, isoTime } from '../time.js'

/** Recovery points are gone when nothing keeps them any longer. */
export const expiredBackupsRemoved = defineRule({
  id: 'expired-backups-removed',
  title: 'Expired recovery points are removed',
  description: [
    'Of each recovery point that exists: when it expired, or when its lock ended where that is later, is no longer ago than the grace. One that never expires is never overdue, and neither is one under a legal hold that is on record. Incomplete ones count: they have to go too.',
    'A recovery point of which nobody says when it expires is `unknown`. So is a history that begins at some time: older ones may exist. It is judged as of the end of the history; one that became overdue since then may be gone.',
  ],
  rationale:
    'What was promised to be deleted and still exists is found by whoever looks: in a breach, in a lawsuit, on the bill. Removal fails in silence: an image in use, a lock, a permission that was taken away.',
  category: 'retention',
  severity: 'medium',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({
    partial: 'SI-12; A.8.10; C1.2; PCI 3.2.1; GDPR 5(1)(e)',
    supporting: 'CIS 3.5; MP-6',
  }),
  remediation: {
    action: 'Find out what keeps these recovery points from being removed, then dispose of them',
    steps: [
      'Look for what blocks the removal: an image that is in use, a lock, a missing permission, a prune job that does not run.',
      'Where it has to be kept, put it under a legal hold, or extend its expiry, with the reason.',
      'Else remove it, and check that the next ones go by themselves.',
    ],
    effort: 'small',
  },
  messages: {
    removed: {
      status: 'pass',
      text: 'none of {points} recovery points expired more than {graceDays} days ago ({held} are under a legal hold)',
    },
    overdue: {
      status: 'fail',
      text: '{overdue} of {points} recovery points expired more than {graceDays} days ago, and exist: {id} of {created} could be removed since {removable}',
    },
    'expiry-unknown': {
      status: 'unknown',
      text: 'of {unknown} of {points} recovery points nobody says when they expire (expires in a history file), for example {id} of {created}',
    },
    'not-observed': {
      status: 'unknown',
      text: 'the history ends at {until}; {unknown} of {points} recovery points became overdue since, and may be gone, for example {id} of {created}',
    },
    'history-short': {
      status: 'unknown',
      text: 'recovery points are known from {from} on; whether older ones exist that should be gone is not known',
    },
    'no-points': { status: 'unknown', text: 'there is no recovery point of it to judge' },
  },
  options: {
    graceDays: numberOption({
      default: 7,
      max: 3_660,
      unit: 'days',
      stricter: 'lower',
      source: '7: audit catalogue',
      description: 'Days after its expiry within which a recovery point has to be gone.',
    }),
  },
  folds: (fold) => ({
    points: fold(recoveryPoints, {
      init: () => ({
        points: 0,
        held: 0,
        overdue: createKeptTally(),
        since: createKeptTally(),
        open: 0,
        firstOpen: undefined as Kept | undefined,
      }),
      step: (state, point, { now, observedAt, options: { graceDays } }) => {
        state.points += 1
        if (point.hold === true) {
          state.held += 1
          return state
        }
        const kept = keptOf(point)
        if (kept.open) {
          state.open += 1
          state.firstOpen ??= kept
          return state
        }
        const late = (at: number): number => at - (kept.until + days(graceDays))
        const until = Math.min(observedAt, now)
        const daysLate = Math.ceil(late(until) / days(1))
        if (late(until) > 0) addKept(state.overdue, longest(kept, daysLate))
        else if (late(now) > 0) addKept(state.since, longest(kept, Math.ceil(late(now) / days(1))))
        return state
      },
    }),
  }),
  evaluate: ({ now, options: { graceDays }, folds }) => {
    const { points, held, overdue, since, open, firstOpen } = folds.points.value
    if (points === 0) return { message: 'no-points' }
    const data = { points, held, graceDays }
    const gone = longOf([{ tally: overdue, most: 0 }])
    const [worst] = gone.shown
    if (worst !== undefined) {
      return {
        message: 'overdue',
        data: { ...data, overdue: gone.count, ...told(worst), removable: isoTime(worst.until) },
        evidence: gone.shown.map(overdueEvidence),
        evidenceOmitted: gone.count - gone.shown.length,
      }
    }
    if (firstOpen !== undefined)
      return { message: 'expiry-unknown', data: { ...data, unknown: open, ...told(firstOpen) } }
    const later = longOf([{ tally: since, most: 0 }])
    const [first] = later.shown
    if (first !== undefined) {
      const until = isoTime(Math.min(folds.points.observedAt, now))
      return { message: 'not-observed', data: { ...data, until, unknown: later.count, ...told(first) } }
    }
    const { from } = folds.points
    if (from !== undefined) return { message: 'history-short', data: { ...data, from: isoTime(from) } }
    return { message: 'removed', data }
  },
})

const told = ({ id, created }: Kept): Readonly<Record<string, string>> => ({ id, created: isoTime(created) })

const overdueEvidence = ({ id, created, until }: Kept): Evidence => ({
  kind: 'recovery-point',
  id,
  at: isoTime(created),
  data: { removable: isoTime(until) },
})
