import { assetPolicy, defineRule, durationOption, type Evidence, factValue } from '@backproof/core/audit'
import { recoveryPoints } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { newestUsable } from '../recovery-points/newest-usable.js'
import { FLAWS, type Stop, stopEvidence, usabilityOptions } from '../recovery-points/usability.js'
import { days, inHours, isoTime } from '../time.js'

/** Age of the newest recovery point that can be used. */
export const recoveryPointFresh = defineRule({
  id: 'recovery-point-fresh',
  title: 'The newest usable recovery point is young enough',
  description: [
    'Age = the clock of the audit - the time whose state the newest usable recovery point holds. Usable: it is complete, and its key, if it needs one, can be used. Where nobody says so, it makes no pass: the verdict is `unknown`, and names what is missing.',
    'The objective is the option, else the RPO of the policy, else a day. It fails where even the newest that might be usable is older, or there is none although the history reaches back far enough. A history that ended earlier than now is judged as of its end: what came later is `unknown`.',
    'A recovery point may be dated up to 5 minutes ahead; one further ahead counts for nothing.',
  ],
  rationale:
    'What was written since the newest usable recovery point is lost in a disaster. A backup that runs every night and cannot be restored is older than its files look.',
  category: 'coverage',
  severity: 'critical',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({
    partial: 'CP-9; CP-6(2); CIS 11.2; A.8.13; A1.2',
    supporting: '308(a)(7)(ii)(A); GDPR 32(1)(c)',
  }),
  remediation: {
    action: 'Make a recovery point now, and find out from the runs of its jobs why there was none',
    steps: [
      'Run the backup and check that it ends as complete',
      'Look at what the rules about jobs say of this asset',
      'Where runs succeed, check that what they write can be used: complete, and with a key that is there',
    ],
    effort: 'small',
  },
  messages: {
    fresh: {
      status: 'pass',
      text: 'the newest usable recovery point holds the state of {created}, {ageHours} h old; {limitHours} h are allowed',
    },
    stale: {
      status: 'fail',
      text: 'no usable recovery point is younger than {limitHours} h: the newest holds the state of {created}, {ageHours} h before {until}',
    },
    none: {
      status: 'fail',
      text: 'the history holds no usable recovery point, and {limitHours} h are allowed without one',
    },
    'not-due': {
      status: 'not-applicable',
      text: 'it has to be backed up since {since}, and the first recovery point is due {limitHours} h later',
    },
    'not-known-usable': {
      status: 'unknown',
      text: 'the newest recovery point, {id} of {created}, is young enough, but {flaw}',
    },
    'in-future': {
      status: 'unknown',
      text: 'recovery point {id} is dated {created}, which is yet to come: a clock is wrong, and nothing else is young enough',
    },
    'not-observed': {
      status: 'unknown',
      text: 'the history ends at {until}, when no newer recovery point was due; what came later is not known',
    },
    'history-short': {
      status: 'unknown',
      text: 'the history begins at {from} and holds no usable recovery point; {limitHours} h are allowed without one',
    },
    'items-missing': {
      status: 'unknown',
      text: 'no usable recovery point that is young enough is known, but the history is not all there',
    },
  },
  options: {
    maxAge: durationOption({
      default: undefined,
      otherwise: 'the RPO of the asset in the policy, else 1d',
      min: 1_000,
      stricter: 'lower',
      source: '1d: AWS Backup Audit Manager (last recovery point created), which allows up to 31 days',
      description: 'How old the newest usable recovery point may be.',
    }),
    ...usabilityOptions,
  },
  needs: { policy: assetPolicy },
  folds: (fold) => ({
    points: fold(recoveryPoints, newestUsable),
  }),
  evaluate: ({ now, options, facts, folds: { points } }) => {
    const asset = factValue(facts.policy)
    const limit = options.maxAge ?? asset?.rpo ?? days(1)
    const limitHours = inHours(limit)
    const { usable, unsure, unusable, ahead } = points.value
    const until = Math.min(points.observedAt, now)
    const isYoung = (stop: Stop | undefined, at: number): stop is Stop =>
      stop !== undefined && at - stop.created <= limit
    if (isYoung(usable, now)) {
      return { message: 'fresh', data: { ...told(usable, now), limitHours }, evidence: [stopEvidence(usable)] }
    }
    if (isYoung(unsure, now)) {
      const data = { id: unsure.id, created: isoTime(unsure.created), flaw: FLAWS[unsure.flaw ?? 'unmarked'] }
      return { message: 'not-known-usable', data, evidence: [stopEvidence(unsure)] }
    }
    if (ahead !== undefined) {
      const data = { id: ahead.id, created: isoTime(ahead.created) }
      return { message: 'in-future', data, evidence: [stopEvidence(ahead)] }
    }
    const newest = later(usable, unsure)
    if (isYoung(newest, until)) {
      return { message: 'not-observed', data: { until: isoTime(until) }, evidence: [stopEvidence(newest)] }
    }
    if (points.partial === true) return { message: 'items-missing' }
    const evidence = [newest, later(unusable, newest)].flatMap((stop, i, all): Evidence[] =>
      stop === undefined || all.indexOf(stop) < i ? [] : [stopEvidence(stop)],
    )
    if (newest !== undefined) {
      return { message: 'stale', data: { ...told(newest, until), until: isoTime(until), limitHours }, evidence }
    }
    if (points.from !== undefined && points.from > until - limit) {
      return { message: 'history-short', data: { from: isoTime(points.from), limitHours } }
    }
    if (asset?.since !== undefined && asset.since > until - limit) {
      if (asset.since <= now - limit) return { message: 'not-observed', data: { until: isoTime(until) } }
      return { message: 'not-due', data: { since: isoTime(asset.since), limitHours } }
    }
    const nothing: Evidence = { kind: 'history', id: points.source, at: isoTime(until), data: { points: points.items } }
    return { message: 'none', data: { limitHours }, evidence: [nothing, ...evidence] }
  },
})

const told = ({ id, created }: Stop, at: number): Readonly<Record<string, string | number>> => ({
  id,
  created: isoTime(created),
  ageHours: Math.max(0, inHours(at - created)),
})

const later = (a: Stop | undefined, b: Stop | undefined): Stop | undefined =>
  a === undefined || (b !== undefined && b.created > a.created) ? b : a
