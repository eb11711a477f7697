import {
  type Asset,
  defineRule,
  EVIDENCE_LIMIT,
  type Evidence,
  factValue,
  type Policy,
  policyFact,
  textsOption,
  type Verdict,
} from '@backproof/core/audit'
import { QUANTITIES } from '../frameworks/demands.js'
import { type DemandGroup, demandGroups } from '../frameworks/groups.js'
import { FRAMEWORK_DEMANDS } from '../frameworks/numbers.js'
import { promisedDays, reviewKind } from '../frameworks/promises.js'
import { ageOf } from '../governance/dates.js'
import { isWritten } from '../governance/names.js'
import { lastReview } from '../governance/reviews.js'
import { days, inDays, isoTime } from '../time.js'

const KNOWN = FRAMEWORK_DEMANDS.map(({ framework }) => framework)

/** What the policy itself promises is enough for the frameworks that it names. */
export const policyMeetsFramework = defineRule({
  id: 'policy-meets-framework',
  title: 'The policy is as strict as its frameworks',
  description: [
    'Every number that a framework gives is held against the policy: of each asset the recovery point and recovery time objectives, the time between restore tests, the minimum and the maximum retention (of plans with a class of their own, the worst of them); of the policy its last review, and those of access rights and access logs, signed. What binds a plan is its own class, else that of the asset, and of maxima also classes for the data in it. Of several frameworks the strictest counts; the evidence names all of them.',
    'Some frameworks want a number and leave it to the organisation; then the policy has to state one. Some bind only data of a class (`card`, `personal`, `audit-log`, `documentation`). An asset of which the policy does not say what data it holds, and that does not keep such a number, is `unknown`.',
    'Frameworks are those that the policy names, and those of the option `frameworks`. The rule judges what is promised; whether it is kept is for other rules. Which clauses a row is about it says itself: of a failing one those that are not kept. The rule as a whole speaks to no clause, as its rows depend on the frameworks that were named.',
  ],
  rationale:
    'A policy that promises less than the law or the contract asks for is kept to the letter, and still is a finding of the auditor.',
  category: 'governance',
  severity: 'high',
  scope: 'estate',
  since: '0.1.0',
  clauses: [],
  remediation: {
    action: 'Adjust the numbers of the policy to what the clauses ask for, or state those that are left out',
    steps: [
      'Read the clause: the mapping is a proposal, and a framework may not apply to all assets',
      'Change the promise in the policy, then what keeps it: schedules, retention, restore tests, reviews',
    ],
    effort: 'medium',
  },
  messages: {
    meets: { status: 'pass', text: 'the {what} of all {assets} assets concerned is as {by} asks: {bound}' },
    'too-weak': {
      status: 'fail',
      text: 'the {what} of {weak} of {assets} assets concerned does not do, that of {asset} is {stated} days; {by} asks for {bound}',
    },
    'not-stated': {
      status: 'fail',
      text: 'the policy states no {what} of {missing} of {assets} assets concerned, for example of {asset}; {by} asks for {bound}',
    },
    'class-unknown': {
      status: 'unknown',
      text: 'of {unsure} assets the policy does not say what data they hold (dataClasses), for example of {asset}; for {classes} {by} asks for a {what}: {bound}',
    },
    'nobody-concerned': { status: 'not-applicable', text: 'no asset is one for which {by} asks for a {what}' },
    reviewed: { status: 'pass', text: 'the last {what} is {days} days old; {by} asks for {bound}' },
    'review-overdue': { status: 'fail', text: 'the last {what} is {days} days old; {by} asks for {bound}' },
    'never-reviewed': { status: 'fail', text: 'the policy has no {what}; {by} asks for {bound}' },
    'no-numbers': { status: 'not-applicable', text: '{frameworks}: no number that a policy would have to keep' },
    'framework-unknown': { status: 'unknown', text: 'no numbers of {frameworks} are known here' },
    'no-framework': {
      status: 'not-applicable',
      text: 'the policy names no framework; one that has to be satisfied is named under `frameworks`, for example pci-dss',
    },
    'no-policy': { status: 'unknown', text: 'there is no policy to hold against a framework' },
  },
  options: {
    frameworks: textsOption({
      default: [],
      pattern: `^(?:${KNOWN.map((id) => id.replaceAll('.', '\\.')).join('|')})$`,
      form: 'such as pci-dss',
      source: 'own choice: those that the policy names',
      description: 'Frameworks, beside those that the policy names.',
    }),
  },
  needs: { policy: policyFact },
  evaluate: ({ now, facts, options }) => {
    const policy = factValue(facts.policy)
    if (policy === undefined) return { message: 'no-policy' }
    const frameworks = [...new Set([...options.frameworks, ...(policy.frameworks ?? [])])].sort()
    if (frameworks.length === 0) return { message: 'no-framework' }
    const verdicts = demandGroups(frameworks).flatMap((group) => judgeGroup(group, policy, now))
    return [...verdicts, ...withoutNumbers(frameworks)]
  },
})

type Says =
  | 'meets'
  | 'too-weak'
  | 'not-stated'
  | 'class-unknown'
  | 'nobody-concerned'
  | 'reviewed'
  | 'review-overdue'
  | 'never-reviewed'
  | 'no-numbers'
  | 'framework-unknown'

const withoutNumbers = (frameworks: readonly string[]): readonly Verdict<Says>[] => {
  const unknown = frameworks.filter((id) => !KNOWN.includes(id))
  const empty = FRAMEWORK_DEMANDS.filter(
    ({ framework, numbers }) => numbers.length === 0 && frameworks.includes(framework),
  ).map(({ framework }) => framework)
  const verdict = (message: Says, ids: readonly string[]): readonly Verdict<Says>[] =>
    ids.length === 0 ? [] : [{ message, data: { frameworks: ids.join(', ') } }]
  return [...verdict('framework-unknown', unknown), ...verdict('no-numbers', empty)]
}

const judgeGroup = (group: DemandGroup, policy: Policy, now: number): readonly Verdict<Says>[] => {
  const { quantity, dataClasses = [], days: limit, demands } = group
  const { what, bound } = QUANTITIES[quantity]
  const strictest = demands.filter((one) => one.days === limit)
  const data = {
    what,
    by: clausesOf(strictest).join(', '),
    bound: limit === undefined ? 'one that is stated' : `${bound} ${limit} ${limit === 1 ? 'day' : 'days'}`,
    ...(limit !== undefined && { limit }),
    ...(dataClasses.length > 0 && { classes: dataClasses.join(', ') }),
  }
  const subject = dataClasses.length === 0 ? quantity : `${quantity} (${dataClasses.join(', ')})`
  const asked: readonly Evidence[] = demands.map(({ framework, clause, days: count, source }) => ({
    kind: 'clause',
    id: `${framework} ${clause}`,
    data: { asks: source, days: count ?? null },
  }))
  const kind = reviewKind(quantity)
  const shared = { subject, data, asked }
  return kind === undefined ? judgeAssets(group, policy, shared) : [judgeReview(kind, group, policy, now, shared)]
}

interface Shared {
  readonly subject: string
  readonly data: NonNullable<Verdict['data']>
  readonly asked: readonly Evidence[]
}

const judgeAssets = (
  group: DemandGroup,
  policy: Policy,
  { subject, data, asked }: Shared,
): readonly Verdict<Says>[] => {
  const { quantity, dataClasses, demands } = group
  const promised = policy.assets.map((asset) => ({ asset, stated: promisedDays(quantity, asset, policy) }))
  // A list without a name in it says nothing.
  const binds = ({ asset }: { readonly asset: Asset }): boolean | undefined =>
    dataClasses === undefined ||
    (asset.dataClasses?.some(isWritten) ? asset.dataClasses.some((one) => dataClasses.includes(one)) : undefined)
  const concerned = promised.filter((one) => binds(one) === true)
  const weak = concerned.filter(({ stated }) => stated !== undefined && !keeps(group, stated))
  const missing = concerned.filter(({ stated }) => stated === undefined)
  const unsure = promised.filter(
    (one) => binds(one) === undefined && (one.stated === undefined || !keeps(group, one.stated)),
  )
  const say = (message: Says, all: readonly Promised[], count: Verdict['data'] = {}): Verdict<Says> => {
    const kept = all.slice(0, EVIDENCE_LIMIT - asked.length)
    const [first] = kept
    return {
      message,
      subject,
      data: { ...data, assets: concerned.length, ...count, ...(first !== undefined && { asset: first.asset.id }) },
      evidence: [...asked, ...kept.map(evidenceOf)],
      evidenceOmitted: all.length - kept.length,
      clauses: clausesOf(
        message === 'too-weak' ? demands.filter((one) => all.some(({ stated }) => !keeps(one, stated ?? 0))) : demands,
      ),
    }
  }
  const fails = [
    ...(weak.length > 0 ? [say('too-weak', weak, { weak: weak.length, stated: shown(weak[0]!.stated) })] : []),
    ...(missing.length > 0 ? [say('not-stated', missing, { missing: missing.length })] : []),
  ]
  if (fails.length > 0) return fails
  if (unsure.length > 0) return [say('class-unknown', unsure, { unsure: unsure.length })]
  return [concerned.length === 0 ? say('nobody-concerned', []) : say('meets', [])]
}

/** Whether a number is enough for a demand, or for the strictest of several. */
const keeps = ({ quantity, days: limit }: Pick<DemandGroup, 'quantity' | 'days'>, stated: number): boolean =>
  limit === undefined || (QUANTITIES[quantity].bound === 'at most' ? stated <= limit : stated >= limit)

const clausesOf = (demands: DemandGroup['demands']): readonly string[] =>
  demands.map(({ framework, clause }) => `${framework} ${clause}`)

interface Promised {
  readonly asset: Asset
  /** Days. */
  readonly stated: number | undefined
}

/** Rounded up to tenths: what is above a limit reads so. */
const shown = (stated: number | undefined): number | null => (stated === undefined ? null : inDays(days(stated)))

const evidenceOf = ({ asset, stated }: Promised): Evidence => ({
  kind: 'asset',
  id: asset.id,
  data: { days: shown(stated), classes: asset.dataClasses?.join(', ') ?? null },
})

const judgeReview = (
  kind: string,
  group: DemandGroup,
  policy: Policy,
  now: number,
  { subject, data, asked }: Shared,
): Verdict<Says> => {
  const last = lastReview(kind, policy, now)
  const { demands } = group
  if (last === undefined)
    return { message: 'never-reviewed', subject, data, evidence: asked, clauses: clausesOf(demands) }
  const age = ageOf(last, now)
  const missed = demands.filter((one) => !keeps(one, age / days(1)))
  return {
    message: missed.length === 0 ? 'reviewed' : 'review-overdue',
    clauses: clausesOf(missed.length === 0 ? demands : missed),
    subject,
    data: { ...data, days: inDays(age) },
    evidence: [...asked, { kind: 'review', id: kind, at: isoTime(last) }],
  }
}
