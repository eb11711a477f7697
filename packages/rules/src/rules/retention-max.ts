import {
  type Asset,
  assetPolicy,
  defineRule,
  type Evidence,
  factValue,
  flagOption,
  numberOption,
  type Policy,
  policyFact,
  textsOption,
} from '@backproof/core/audit'
import { recoveryPoints } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { isWritten } from '../governance/names.js'
import {
  addKept,
  createKeptTally,
  type Kept,
  keptOf,
  longest,
  longOf,
  MOST_DAYS,
  type Short,
} from '../recovery-points/kept.js'
import { addLength, type Lengths, lengthsOf } from '../recovery-points/lengths.js'
import { type MaxRetention, maxRetentionOf } from '../recovery-points/limits.js'
import { missingClass } from '../retention/class-of.js'
import { isAhead, isoTime } from '../time.js'

/** Nothing is kept for longer than its class and its data allow. */
export const retentionMax = defineRule({
  id: 'retention-max',
  title: 'Recovery points are not kept for too long',
  description: [
    'No recovery point is older than its retention class allows (`maxDays`), or is set to become so: by its expiry, or by a lock that reaches further. The class is that of its plan, else that of the asset; classes for the data in the asset (`dataClasses`) bind as well, and the shortest maximum counts. The option replaces them. There is no default: a number would be a guess.',
    'A legal hold that is on record excepts a recovery point. Of data of the classes in `neverForbidden` none may be without an expiry, also where no class sets a maximum. A class that sets a maximum has to say why (`basis`): that is a verdict of its own.',
    'A recovery point of which nobody says when it expires, and one that may be of plans that allow different things, is `unknown`; so is a history that begins at some time, as older ones may exist.',
  ],
  rationale:
    'Laws say for how long personal and card data may be kept. Backups are where deleted data lives on: a copy that is kept for ever leaks, and has to be searched in each lawsuit.',
  category: 'retention',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({
    partial: 'SI-12; CIS 3.4; A.8.10; C1.2; PCI 3.2.1; GDPR 5(1)(e)',
    supporting: 'GDPR 17; GDPR 25; GDPR 30',
  }),
  remediation: {
    action: 'Shorten the lifecycle, and dispose of what is too old',
    steps: [
      'Set the expiry of new recovery points to what the class allows.',
      'Dispose of those in the evidence, or put them under a legal hold with a case.',
      'A lock in compliance mode cannot be shortened: record a waiver until it ends.',
    ],
    effort: 'medium',
  },
  messages: {
    'not-too-long': {
      status: 'pass',
      text: 'none of {points} recovery points is kept for longer than allowed, {allowed} ({held} are under a legal hold)',
    },
    'too-old': {
      status: 'fail',
      text: '{long} of {points} recovery points are older than allowed, {allowed}: {id} of {created}',
    },
    'set-too-long': {
      status: 'fail',
      text: '{long} of {points} recovery points are set to be kept for longer than allowed, {allowed}: {id} of {created} may be removed {removable}',
    },
    'never-expires': {
      status: 'fail',
      text: '{long} of {points} recovery points never expire, and hold {classes} data: {id} of {created}',
    },
    'no-basis': {
      status: 'fail',
      text: 'the retention class {class} sets a maximum of {maxDays} days and does not say why: it has no basis',
    },
    'expiry-unknown': {
      status: 'unknown',
      text: 'of {unknown} of {points} recovery points nobody says when they may be removed (expires in a history file), for example {id} of {created}',
    },
    'plan-untold': {
      status: 'unknown',
      text: '{unknown} of {points} recovery points do not say which plan made them, for example {id} of {created}, and its plans allow different things, {allowed}',
    },
    'in-future': {
      status: 'unknown',
      text: '{unknown} of {points} recovery points are dated in the future, for example {id} of {created}: a clock is wrong',
    },
    'not-observed': {
      status: 'unknown',
      text: 'the history ends at {until}; {unknown} of {points} recovery points became older than allowed since, {allowed}, and may be gone, for example {id} of {created}',
    },
    'history-short': {
      status: 'unknown',
      text: 'recovery points are known from {from} on; whether older ones exist that should be gone is not known',
    },
    'limit-unknown': {
      status: 'unknown',
      text: 'the retention classes do not say for how long all of its {classes} data may be kept at most (now: {allowed}): give them a maxDays and a basis',
    },
    'no-policy': { status: 'unknown', text: 'no policy says for how long its recovery points may be kept' },
    'class-unknown': {
      status: 'unknown',
      text: 'a plan of it names the retention class {class}, which the policy does not have',
    },
    'no-points': { status: 'unknown', text: 'there is no recovery point of it to judge' },
    'no-limit': {
      status: 'not-applicable',
      text: 'its retention sets no maximum, and nobody says that its data needs one',
    },
  },
  options: {
    maxDays: numberOption({
      default: undefined,
      otherwise: 'what the retention classes say; where none does, nothing is too old',
      min: 1,
      max: MOST_DAYS,
      unit: 'days',
      stricter: 'lower',
      source: 'no default: a number would be a guess (audit catalogue)',
      description: 'Days after which a recovery point has to be gone.',
    }),
    toleranceDays: numberOption({
      default: 1,
      max: 366,
      unit: 'days',
      stricter: 'lower',
      source: '1: audit catalogue (lifecycle-matches-policy); removal runs once a day',
      description: 'Days by which recovery points may exceed the maximum.',
    }),
    requireBasis: flagOption({
      default: true,
      source: 'audit catalogue: basis required',
      description: 'Whether a class that sets a maximum has to say why.',
    }),
    neverForbidden: textsOption({
      default: ['personal', 'card'],
      source: 'audit catalogue: personal and card data',
      description: 'Classes of data that must not be kept for ever.',
    }),
  },
  needs: { asset: assetPolicy, policy: policyFact },
  folds: (fold) => ({
    points: fold(recoveryPoints, {
      init: () => ({ points: 0, held: 0, groups: new Map<string | undefined, Lengths>(), ahead: createKeptTally() }),
      step: (state, point, { now, observedAt }) => {
        state.points += 1
        const kept = keptOf(point)
        if (isAhead(point.created, now)) addKept(state.ahead, longest(kept, 1))
        else if (point.hold === true) state.held += 1
        else
          addLength(lengthsOf(state.groups, point.plan ?? undefined), kept, { now, until: Math.min(observedAt, now) })
        return state
      },
    }),
  }),
  evaluate: ({ now, options, facts, folds }) => {
    const asset = factValue(facts.asset)
    const policy = factValue(facts.policy)
    const { points, held, groups, ahead } = folds.points.value
    if (asset === undefined && options.maxDays === undefined) return { message: 'no-policy' }
    const missing = options.maxDays === undefined ? missingClass(asset, policy) : undefined
    if (missing !== undefined) return { message: 'class-unknown', data: { class: missing } }
    const limits = limitsOf(asset, policy, options.maxDays)
    const basis = options.requireBasis ? basisVerdicts(limits) : []
    const classes = (asset?.dataClasses ?? []).filter((one) => options.neverForbidden.includes(one)).sort()
    const isLimited = limits.some(({ limit }) => limit !== undefined)
    if (!isLimited && classes.length === 0) return { message: 'no-limit' }
    if (points === 0) return [{ message: 'no-points' }, ...basis]

    const asked = [...groups].map(([plan, group]) => ({ ...group, ...rangeOf(plan, limits, options.toleranceDays) }))
    const until = isoTime(Math.min(folds.points.observedAt, now))
    const data = { points, held, allowed: phraseOf(limits), classes: classes.join(', '), until }
    const say = <M extends string>(message: M, found: Short, name: 'long' | 'unknown') =>
      found.shown.slice(0, 1).map((first) => ({
        message,
        data: { ...data, [name]: found.count, ...told(first) },
        evidence: found.shown.map(keptEvidence),
        evidenceOmitted: found.count - found.shown.length,
      }))
    const forbidden = classes.length > 0 ? MOST_DAYS : Number.POSITIVE_INFINITY
    // What has neither a limit nor data that must not be kept for ever may be kept as long as anybody likes.
    const bound = asked.filter(({ least }) => least < Number.POSITIVE_INFINITY || classes.length > 0)
    const [verdict] = [
      ...say('too-old', longOf(asked.map(({ aged, most }) => ({ tally: aged, most }))), 'long'),
      ...say('never-expires', longOf(asked.map(({ set }) => ({ tally: set, most: forbidden }))), 'long'),
      ...say('set-too-long', longOf(asked.map(({ set, most }) => ({ tally: set, most }))), 'long'),
      ...say('in-future', longOf([{ tally: ahead, most: Number.NEGATIVE_INFINITY }]), 'unknown'),
      ...say('not-observed', longOf(asked.map(({ later, most }) => ({ tally: later, most }))), 'unknown'),
      ...say('plan-untold', longOf(asked.map(({ reach, least }) => ({ tally: reach, most: least }))), 'unknown'),
      ...say(
        'expiry-unknown',
        longOf(bound.map(({ open }) => ({ tally: open, most: Number.NEGATIVE_INFINITY }))),
        'unknown',
      ),
    ]
    if (verdict !== undefined) return [verdict, ...basis]
    const { from } = folds.points
    if (from !== undefined) return [{ message: 'history-short', data: { ...data, from: isoTime(from) } }, ...basis]
    // One plan without a maximum may keep such data as long as it likes.
    const isOpen = classes.length > 0 && limits.some(({ limit }) => limit === undefined)
    return [isOpen ? { message: 'limit-unknown', data } : { message: 'not-too-long', data }, ...basis]
  },
})

/** The maximum of the recovery points of a plan; of one without an id for all. */
interface PlanLimit {
  readonly plan?: string | undefined
  readonly limit: MaxRetention | undefined
}

const limitsOf = (
  asset: Asset | undefined,
  policy: Policy | undefined,
  maxDays: number | undefined,
): readonly PlanLimit[] => {
  if (maxDays !== undefined) return [{ limit: { days: maxDays } }]
  const plans = asset?.plans ?? []
  if (plans.length === 0) return [{ limit: maxRetentionOf(undefined, asset, policy) }]
  return plans.map((plan) => ({ plan: plan.id, limit: maxRetentionOf(plan, asset, policy) }))
}

/** What is allowed of the recovery points of a plan: between two numbers of days, where it is not known which plan made them. */
const rangeOf = (
  plan: string | undefined,
  limits: readonly PlanLimit[],
  tolerance: number,
): { readonly least: number; readonly most: number } => {
  const own = limits.filter((limit) => limit.plan === plan)
  const all = (own.length > 0 ? own : limits).map(({ limit }) =>
    limit === undefined ? Number.POSITIVE_INFINITY : limit.days + tolerance,
  )
  // Not spread: an asset may have more plans than a call takes arguments.
  return { least: all.reduce((a, b) => Math.min(a, b)), most: all.reduce((a, b) => Math.max(a, b)) }
}

/** Limits in one text; the rest is counted. */
const NAMED = 5

/** `90 days`, `90 days or no limit`. */
const phraseOf = (limits: readonly PlanLimit[]): string => {
  const numbers = new Set(limits.flatMap(({ limit }) => (limit === undefined ? [] : [limit.days])))
  const phrases = [...numbers].sort((a, b) => a - b).map((count) => `${count} days`)
  const isOpen = limits.some(({ limit }) => limit === undefined)
  const more = phrases.length - NAMED
  if (more > 0) phrases.splice(NAMED, more, `${more} others`)
  return [...phrases, ...(isOpen ? ['no limit'] : [])].join(' or ')
}

const basisVerdicts = (limits: readonly PlanLimit[]) => {
  const classes = new Map(
    limits.flatMap(({ limit }) => (limit?.retention ? [[limit.retention.id, limit] as const] : [])),
  )
  return [...classes].flatMap(([id, { days: maxDays, retention }]) => {
    if (isWritten(retention?.basis)) return []
    const data = { class: id, maxDays }
    return [
      { message: 'no-basis', subject: id, data, evidence: [{ kind: 'retention-class', id, data: { maxDays } }] },
    ] as const
  })
}

const told = ({ id, created, until }: Kept): Readonly<Record<string, string>> => ({
  id,
  created: isoTime(created),
  removable: until === Number.POSITIVE_INFINITY ? 'never' : `from ${isoTime(until)} on`,
})

const keptEvidence = ({ id, created, until, open }: Kept): Evidence => ({
  kind: 'recovery-point',
  id,
  at: isoTime(created),
  data: {
    expires: open ? null : until === Number.POSITIVE_INFINITY ? 'never' : isoTime(until),
    ...(open && { lockedUntil: until > created ? isoTime(until) : null }),
  },
})
