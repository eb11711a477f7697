import { assetPolicy, defineRule, type Evidence, factValue, numberOption, policyFact } from '@backproof/core/audit'
import { recoveryPoints } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import {
  addKept,
  createKeptTally,
  type Kept,
  type KeptTally,
  keptEvidence,
  keptOf,
  MOST_DAYS,
  type Short,
  shortOf,
} from '../recovery-points/kept.js'
import { promiseOf, promisePhrase } from '../recovery-points/promise.js'
import { isShort, shortVerdict, windowMessages, windowStart } from '../runs.js'
import { days, isAhead, isoTime } from '../time.js'

/** Plans whose recovery points are counted apart; those of further ones count as those of an unknown plan. */
const MOST_PLANS = 64

/** Recovery points of one plan: those whose end is known, and those of which only the least is. */
interface Group {
  readonly known: KeptTally
  readonly open: KeptTally
}

/** Each recovery point, not only the plan, is kept as long as was promised. */
export const recoveryPointMinRetention = defineRule({
  id: 'recovery-point-min-retention',
  title: 'Recovery points are kept as long as promised',
  description: [
    'Of each recovery point that exists: the earliest time at which lifecycle or prune may remove it (its expiry, or the end of its lock where that is later) has to lie the promised days after its creation. A legal hold can be lifted at any time and does not count; neither do recovery points that are known to be incomplete.',
    'Promised is the option, else what the retention class of its plan says, else that of the asset, else 35 days. Of a rotation it is what the shortest tier comes to. Where several plans promise different things and a recovery point does not say whose it is, what lies between is `unknown`.',
    'A recovery point of which nobody says when it expires is `unknown`, unless its lock reaches far enough. So it is where the history does not reach back as far as was promised: there may be others.',
  ],
  rationale:
    'A plan that promises 90 days is worth nothing when a lifecycle rule of the bucket removes its objects after 30. Only the recovery point itself shows which of them wins.',
  category: 'retention',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'SI-12; CP-9; CIS 3.4; A.8.13', supporting: 'A1.2; PCI 10.5.1; NIS2 4.2.2(f)' }),
  remediation: {
    action:
      'Extend the lock or the expiry of these recovery points, and correct the lifecycle rule or prune setting that would remove the next ones',
    effort: 'small',
  },
  messages: {
    kept: { status: 'pass', text: 'all {points} recovery points are kept as long as promised, {promised}' },
    short: {
      status: 'fail',
      text: '{short} of {points} recovery points may be removed before they are as old as promised, {promised}: {id} of {created} from {removable} on',
    },
    'expiry-unknown': {
      status: 'unknown',
      text: 'of {unknown} of {points} recovery points nobody says when they may be removed (expires or lockedUntil in a history file), for example {id} of {created}',
    },
    'promise-unknown': {
      status: 'unknown',
      text: '{unknown} of {points} recovery points do not say which plan made them, for example {id} of {created}, and the plans promise different things, {promised}',
    },
    'in-future': {
      status: 'unknown',
      text: '{unknown} of {points} recovery points are dated in the future, for example {id} of {created}: a clock is wrong',
    },
    'history-short': windowMessages['history-short'],
    'no-points': { status: 'unknown', text: 'there is no recovery point of it to judge' },
  },
  options: {
    minDays: numberOption({
      default: undefined,
      otherwise: 'what the retention class of the plan or the asset says, else 35',
      min: 1,
      max: MOST_DAYS,
      unit: 'days',
      stricter: 'higher',
      source: '35: AWS Backup Audit Manager (minimum retention of recovery points)',
      description: 'Days for which each recovery point has to be kept.',
    }),
  },
  needs: { asset: assetPolicy, policy: policyFact },
  folds: (fold) => ({
    points: fold(recoveryPoints, {
      init: () => ({ points: 0, groups: new Map<string | undefined, Group>(), ahead: createKeptTally() }),
      step: (state, point, { now }) => {
        if (point.complete === false) return state
        state.points += 1
        const kept = keptOf(point)
        if (isAhead(point.created, now)) addKept(state.ahead, kept)
        else addKept(groupOf(state.groups, point.plan ?? undefined)[kept.open ? 'open' : 'known'], kept)
        return state
      },
    }),
  }),
  evaluate: ({ now, options: { minDays }, facts, folds }) => {
    const { points, groups, ahead } = folds.points.value
    if (points === 0) return { message: 'no-points' }
    const asset = factValue(facts.asset)
    const policy = factValue(facts.policy)
    const asked = [...groups].map(([plan, group]) => ({
      ...group,
      ...(minDays === undefined ? promiseOf(plan, asset, policy) : { least: minDays, most: minDays }),
    }))
    const data = { points, ...(asked.length > 0 && { promised: promisePhrase(asked) }) }

    const short = shortOf(asked.map(({ known, least }) => ({ tally: known, least })))
    const [worst] = short.shown
    if (worst !== undefined) {
      const removable = isoTime(worst.until)
      return { message: 'short', ...shown(short), data: { ...data, short: short.count, ...told(worst), removable } }
    }
    for (const [message, found] of [
      ['in-future', shortOf([{ tally: ahead, least: MOST_DAYS + 1 }])],
      ['expiry-unknown', shortOf(asked.map(({ open, most }) => ({ tally: open, least: most })))],
      ['promise-unknown', shortOf(asked.map(({ known, most }) => ({ tally: known, least: most })))],
    ] as const) {
      const [first] = found.shown
      if (first !== undefined)
        return { message, ...shown(found), data: { ...data, unknown: found.count, ...told(first) } }
    }
    // Older ones than that have been kept for long enough.
    const begin = windowStart(
      { now, observedAt: folds.points.observedAt },
      days(Math.max(...asked.map(({ most }) => most))),
    )
    if (isShort(folds.points, begin)) return shortVerdict(folds.points.from ?? begin, begin)
    return { message: 'kept', data }
  },
})

const groupOf = (groups: Map<string | undefined, Group>, plan: string | undefined): Group => {
  const name = groups.has(plan) || groups.size < MOST_PLANS ? plan : undefined
  const group = groups.get(name) ?? { known: createKeptTally(), open: createKeptTally() }
  groups.set(name, group)
  return group
}

const told = ({ id, created }: Kept): Readonly<Record<string, string>> => ({ id, created: isoTime(created) })

const shown = ({ count, shown: kept }: Short): { evidence: readonly Evidence[]; evidenceOmitted: number } => ({
  evidence: kept.map(keptEvidence),
  evidenceOmitted: count - kept.length,
})
