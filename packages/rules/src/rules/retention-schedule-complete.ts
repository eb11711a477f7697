import {
  type Asset,
  assetPolicy,
  assetTimetable,
  type BackupPlan,
  defineRule,
  type Evidence,
  factValue,
  numberOption,
  type OptionValues,
  type Policy,
  policyFact,
  type RetentionClass,
} from '@backproof/core/audit'
import { recoveryPoints } from '@backproof/core/history'
import { clauses } from '../clauses.js'
import { type FirstStart, firstStartOf } from '../recovery-points/first-start.js'
import { addPoint, type PeriodsByPlan, type PlanPeriods } from '../recovery-points/newest-by-period.js'
import { type Counts, nearestTo, rotationStanding } from '../recovery-points/rotation-standing.js'
import { flawOf, usabilityOptions } from '../recovery-points/usability.js'
import { classOf, missingClass } from '../retention/class-of.js'
import { TIERS, type Tier } from '../retention/periods.js'
import type { Slot } from '../retention/slots.js'
import { shortVerdict, windowMessages } from '../runs.js'
import { days, isAhead, isoTime } from '../time.js'

/** Source: the audit catalogue. */
const DEFAULTS: Counts = { daily: 7, weekly: 4, monthly: 12, yearly: 0 }

const slotsOption = (tier: Tier, what: string) =>
  numberOption({
    default: undefined,
    otherwise: `what the retention class says; without a class ${DEFAULTS[tier]}`,
    max: 1_000,
    unit: what,
    stricter: 'higher',
    source: `${DEFAULTS[tier]}: audit catalogue`,
    description: `Last ${what} of which each has to hold a recovery point.`,
  })

const options = {
  daily: slotsOption('daily', 'days'),
  weekly: slotsOption('weekly', 'weeks'),
  monthly: slotsOption('monthly', 'months'),
  yearly: slotsOption('yearly', 'years'),
  ...usabilityOptions,
}

/** The slots of a rotation (grandfather, father, son) hold what they should. */
export const retentionScheduleComplete = defineRule({
  id: 'retention-schedule-complete',
  title: 'The rotation has all its recovery points',
  description: [
    'Of each tier of the rotation the last N calendar periods, the current one included, hold a usable recovery point: days, weeks (ISO 8601, from Monday), months, years, of UTC. The current period may still be empty, and so may one between two usable recovery points that are at most two hours further apart than it is long: nights cross midnight of UTC when clocks are set back. Usable: complete, with a key that can be used, if it needs one; a slot with only recovery points of which nobody says that is `unknown`.',
    'That is what every tool keeps: restic and borg count only periods that have a recovery point, and so keep these and older ones; Veeam keeps each for N periods from its day. Slots that were over before the first recovery point was due (`since` of the asset, and its RPO or a day) are not asked for. A class without a rotation asks for none.',
    'Where all plans of the rotation have schedules, a slot in which none was expected to start is not asked for, as weekends; no older one takes its place. But where the slot before holds only what was made before its own first start, runs pass midnight, and this slot has to hold that of the slot before. A slot with starts only in its last two hours may be empty where the recovery point was made up to two hours later, in the next.',
    'Plans with different classes have a rotation each, filled by the recovery points of those plans. What names none of its plans may be of any of them: where only that fills a slot, the verdict is `unknown`. Remembered are the last 1,100 days, 530 weeks, 600 months and 100 years, of 16 plans an asset; what a class asks beyond them is `unknown`.',
  ],
  rationale:
    'A rotation is looked at when an old state is needed, and that is when a month turns out to be missing. Prune jobs that remove too much report success.',
  category: 'retention',
  severity: 'medium',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({ partial: 'SI-12; A.8.13', supporting: 'A.5.33; 316(b)(2)(i); PCI 10.5.1' }),
  remediation: {
    action: 'Promote the recovery point that is nearest to each empty slot, and correct the job that prunes',
    steps: [
      'Look at the evidence: it names the nearest usable recovery point of each slot.',
      'Keep that for as long as the slot: extend its expiry, lock it, or copy it.',
      'Find out whether the backup did not run in that period, or the prune job removed what it made.',
    ],
    effort: 'small',
  },
  messages: {
    complete: {
      status: 'pass',
      text: 'all {slots} slots of its rotation ({rotation}) hold a usable recovery point',
    },
    'complete-as-scheduled': {
      status: 'pass',
      text: 'all {slots} slots of its rotation ({rotation}) in which a start was expected hold a usable recovery point; {idle} more expect none: {names}',
    },
    incomplete: {
      status: 'fail',
      text: '{missing} of {slots} slots of its rotation ({rotation}) hold no usable recovery point: {names}',
    },
    'not-known-usable': {
      status: 'unknown',
      text: '{missing} of {slots} slots of its rotation ({rotation}) hold only recovery points of which nobody says that they can be used: {names}',
    },
    'plan-untold': {
      status: 'unknown',
      text: '{missing} of {slots} slots of its rotation ({rotation}) hold only recovery points that do not say which of its plans made them: {names}',
    },
    'not-observed': {
      status: 'unknown',
      text: 'the history ends at {until}; whether {names} of its rotation ({rotation}) was filled since is not known',
    },
    'items-missing': {
      status: 'unknown',
      text: 'the history is not all there; as far as it tells, {missing} of {slots} slots of its rotation ({rotation}) hold no usable recovery point: {names}',
    },
    'too-many-slots': {
      status: 'unknown',
      text: 'its rotation ({rotation}) reaches further back than is remembered: nothing is known of {beyond} slots',
    },
    'no-points': { status: 'unknown', text: 'no slot of its rotation ({rotation}) is over, and none is filled yet' },
    'not-due': {
      status: 'not-applicable',
      text: 'no slot of its rotation ({rotation}) is over since the first recovery point was due, {due}',
    },
    'none-expected': {
      status: 'not-applicable',
      text: 'no start was expected in those slots of its rotation ({rotation}) that are over: {names}',
    },
    'class-unknown': {
      status: 'unknown',
      text: 'a plan of it names the retention class {class}, which the policy does not have',
    },
    'no-rotation': { status: 'not-applicable', text: 'its retention asks for no rotation' },
    'history-short': windowMessages['history-short'],
  },
  options,
  needs: { asset: assetPolicy, policy: policyFact, timetable: assetTimetable },
  folds: (fold) => ({
    points: fold(recoveryPoints, {
      init: (): PeriodsByPlan => new Map(),
      step: (plans, point, { now, options: given }) => {
        const flaw = flawOf(point, given)
        if (flaw !== 'unusable' && !isAhead(point.created, now)) addPoint(plans, point, flaw)
        return plans
      },
    }),
  }),
  evaluate: ({ now, options: given, facts, folds: { points } }) => {
    const asset = factValue(facts.asset)
    const policy = factValue(facts.policy)
    const lost = missingClass(asset, policy)
    if (lost !== undefined) return { message: 'class-unknown', data: { class: lost } }
    const timetable = factValue(facts.timetable)
    const rotations = rotationsOf(asset, policy, given)
    const due = asset?.since === undefined ? Number.NEGATIVE_INFINITY : asset.since + (asset.rpo ?? days(1))
    const { value, observedAt, from, partial } = points
    const asOf = { now, until: Math.min(observedAt, now), from, due, partial }
    return rotations.map((rotation) => ({
      ...judged(rotation, pointsOf(value, rotation, rotations), {
        ...asOf,
        firstStart: timetable && firstStartOf(plansOf(rotation, asset), timetable),
      }),
      ...(rotations.length > 1 && { subject: rotation.retention ?? NO_CLASS }),
    }))
  },
})

/** Subject of plans without a retention class, of an asset whose others have some. */
const NO_CLASS = '(no class)'

/** What plans with the same retention class keep together. */
interface RotationUnit {
  /** Id of the class. */
  readonly retention: string | undefined
  readonly counts: Counts
  readonly plans: ReadonlySet<string>
}

const rotationsOf = (
  asset: Asset | undefined,
  policy: Policy | undefined,
  given: OptionValues<typeof options>,
): readonly RotationUnit[] => {
  const unit = (retention: RetentionClass | undefined, plans: readonly string[]): RotationUnit => ({
    retention: retention?.id,
    counts: countsOf(retention, given),
    plans: new Set(plans),
  })
  const plans = asset?.plans ?? []
  if (plans.length === 0) return [unit(asset?.retention, [])]
  const byClass = new Map<string | undefined, { retention: RetentionClass | undefined; plans: string[] }>()
  for (const plan of plans) {
    const retention = classOf(plan, asset, policy)
    const known = byClass.get(retention?.id) ?? { retention, plans: [] }
    byClass.set(retention?.id, known)
    known.plans.push(plan.id)
  }
  return [...byClass.values()].map((one) => unit(one.retention, one.plans))
}

const countsOf = (retention: RetentionClass | undefined, given: OptionValues<typeof options>): Counts => {
  const of = (tier: Tier): number =>
    given[tier] ?? (retention === undefined ? DEFAULTS[tier] : (retention.gfs?.[tier] ?? 0))
  return { daily: of('daily'), weekly: of('weekly'), monthly: of('monthly'), yearly: of('yearly') }
}

const plansOf = ({ plans }: RotationUnit, asset: Asset | undefined): readonly BackupPlan[] =>
  asset?.plans.filter(({ id }) => plans.has(id)) ?? []

interface UnitPoints {
  readonly own: readonly PlanPeriods[]
  readonly untold: readonly PlanPeriods[]
}

/** Where there is one rotation all recovery points are of it, whatever they name. */
const pointsOf = (known: PeriodsByPlan, { plans }: RotationUnit, rotations: readonly RotationUnit[]): UnitPoints => {
  if (rotations.length === 1) return { own: [...known.values()], untold: [] }
  const own: PlanPeriods[] = []
  const untold: PlanPeriods[] = []
  for (const [plan, periods] of known) {
    if (plan !== undefined && plans.has(plan)) own.push(periods)
    else if (plan === undefined || !rotations.some((other) => other.plans.has(plan))) untold.push(periods)
  }
  return { own, untold }
}

interface AsOf {
  readonly now: number
  readonly until: number
  readonly from: number | undefined
  readonly due: number
  readonly partial: boolean | undefined
  readonly firstStart: FirstStart | undefined
}

const judged = ({ counts }: RotationUnit, points: UnitPoints, asOf: AsOf) => {
  const rotation = TIERS.flatMap((tier) => (counts[tier] > 0 ? [`${counts[tier]} ${tier}`] : [])).join(', ')
  if (rotation === '') return { message: 'no-rotation' } as const
  const standing = rotationStanding({ counts, ...points, ...asOf })
  const { missing, idle, unsure, untold, early, unobserved, notDue, beyond } = standing
  const filled = standing.filled + standing.bridged.length
  const slots = filled + [missing, unsure, untold, early, unobserved].reduce((sum, { length }) => sum + length, 0)
  const told = (which: readonly Slot[]) => ({
    data: { rotation, slots, missing: which.length, idle: idle.length, names: namesOf(which) },
    evidence: which.slice(0, SHOWN).map((slot) => slotEvidence(slot, points.own)),
    evidenceOmitted: Math.max(0, which.length - SHOWN),
  })
  if (asOf.partial === true) return { message: 'items-missing', ...told(missing) } as const
  if (missing.length > 0) return { message: 'incomplete', ...told(missing) } as const
  if (unsure.length > 0) return { message: 'not-known-usable', ...told(unsure) } as const
  if (untold.length > 0) return { message: 'plan-untold', ...told(untold) } as const
  const [oldest] = early
  if (oldest !== undefined) return shortVerdict(asOf.from ?? oldest.from, Math.min(...early.map(({ from }) => from)))
  if (unobserved.length > 0) {
    const { data } = told(unobserved)
    return { message: 'not-observed', data: { ...data, until: isoTime(asOf.until) } } as const
  }
  if (beyond > 0) return { message: 'too-many-slots', data: { rotation, beyond } } as const
  if (filled > 0 && idle.length === 0) return { message: 'complete', data: { rotation, slots } } as const
  const free = { rotation, slots, idle: idle.length, names: namesOf(idle) }
  if (filled > 0) return { message: 'complete-as-scheduled', data: free } as const
  if (idle.length > 0) return { message: 'none-expected', data: free } as const
  if (notDue > 0 || asOf.due > asOf.now)
    return { message: 'not-due', data: { rotation, due: isoTime(asOf.due) } } as const
  return { message: 'no-points', data: { rotation } } as const
}

/** Pieces of evidence that are kept: what is not shown need not be made. */
const SHOWN = 20
const NAMED = 5

const namesOf = (slots: readonly Slot[]): string => {
  if (slots.length === 0) return 'none'
  const names = slots.slice(0, NAMED).map(({ name }) => name)
  return [...names, ...(slots.length > NAMED ? [`and ${slots.length - NAMED} more`] : [])].join(', ')
}

const slotEvidence = (slot: Slot, own: readonly PlanPeriods[]): Evidence => {
  const nearest = nearestTo(slot, own)
  const data = { nearest: nearest?.id ?? null, nearestCreated: nearest === undefined ? null : isoTime(nearest.created) }
  return { kind: 'slot', id: slot.name, at: isoTime(slot.from), data: { to: isoTime(slot.to), ...data } }
}
