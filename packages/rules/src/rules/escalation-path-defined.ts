import {
  assetPolicy,
  defineRule,
  type Evidence,
  factValue,
  numberOption,
  type Policy,
  policyFact,
  type Verdict,
} from '@backproof/core/audit'
import { clauses } from '../clauses.js'
import { type Chain, escalationChain, newLevels } from '../governance/escalation-chain.js'
import { type ChainContact, chainContacts, contactsIn, deadEnd, hasChannel } from '../governance/escalation-contacts.js'
import { listed, way } from '../governance/names.js'
import { days, isoTime } from '../time.js'

/** A failure of the asset goes up a chain of people, to somebody who answers. */
export const escalationPathDefined = defineRule({
  id: 'escalation-path-defined',
  title: 'Failures are escalated to somebody who answers',
  description: [
    'The asset names an escalation path that the policy has. Its levels, and those of the paths that follow it (`then`), are one chain: it goes in no circle, and has at least `minLevels` levels that each name somebody whom no level before names.',
    'Every contact of every level is one that the policy has, has a channel, and answered within `contactTestMaxDays`: by itself (`tested` of the contact), or when the path that names it was tried (`tested` of the path). A test that is dated in the future has not happened. Every level but the last says after how many minutes the next one is told (`withinMinutes`).',
    'A chain ends nowhere where the next path is not in the policy, the last one has no levels, or nobody of the last level is known to answer. That is a failure of its own, and the contacts of the last level are not told again.',
  ],
  rationale:
    'When a restore fails at night, the first person to be called may be asleep, ill or gone. What happens then has to be known before, and tried.',
  category: 'governance',
  severity: 'high',
  scope: 'asset',
  since: '0.1.0',
  clauses: clauses({
    partial: 'CIS 17.3; A.5.24',
    supporting: 'IR-4; IR-6; CP-2; CIS 17.1; CC7.4; 308(a)(6); PCI 12.10.1; PCI 12.10.3',
  }),
  remediation: {
    action: 'Give the asset an escalation path that ends with somebody who answers, and try it',
    steps: [
      'Write the path under `escalation` of the policy: who is told first, after how many minutes who is next.',
      'Replace contacts who are gone, and give each a channel.',
      'Call everybody once as a test, and enter the dates as `tested`.',
    ],
    effort: 'small',
  },
  messages: {
    defined: {
      status: 'pass',
      text: '{levels} levels on {paths}: the last is told after {minutes} minutes, and tests within {days} days reached all {contacts} contacts',
    },
    'no-path': { status: 'fail', text: 'the policy names no escalation path for it' },
    'ends-nowhere': { status: 'fail', text: 'the escalation ({paths}) ends nowhere: {reason}' },
    circular: { status: 'fail', text: 'the escalation goes in a circle: {paths}' },
    'too-few-levels': {
      status: 'fail',
      text: 'the escalation ({paths}) has {levels} levels with somebody new; required: {limit}',
    },
    unreachable: { status: 'fail', text: 'contacts that the policy does not have, or without a channel: {names}' },
    'test-overdue': { status: 'fail', text: 'contacts whom no test reached within {days} days: {names}' },
    'no-response-time': {
      status: 'fail',
      text: 'nobody says after how many minutes the next level is told: {names}',
    },
    'no-policy': { status: 'unknown', text: 'no policy says to whom failures are escalated' },
  },
  options: {
    minLevels: numberOption({
      default: 2,
      min: 1,
      max: 20,
      unit: 'levels',
      stricter: 'higher',
      source: 'audit catalogue: somebody, and somebody else',
      description: 'Levels that the chain has to have at least.',
    }),
    contactTestMaxDays: numberOption({
      default: 180,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'lower',
      source: 'audit catalogue: half a year',
      description: 'Days after which a test of a contact or a path is too old.',
    }),
  },
  needs: { policy: policyFact, asset: assetPolicy },
  evaluate: ({ target, now, facts, options: { minLevels: limit, contactTestMaxDays } }) => {
    const policy = factValue(facts.policy)
    if (policy === undefined) return { message: 'no-policy' }
    const first = factValue(facts.asset)?.escalation
    if (first === undefined)
      return {
        message: 'no-path',
        evidence: [{ kind: 'asset', id: target.id, data: { escalation: null, paths: policy.escalation.length } }],
      }
    const chain = escalationChain(policy, first)
    const contacts = chainContacts(policy, chain.levels, { now, maxAge: days(contactTestMaxDays) })
    const levels = newLevels(chain.levels)
    const data = {
      paths: way([...chain.paths, ...(chain.circle === undefined ? [] : [chain.circle])]) || first,
    }
    const evidence = chainEvidence(policy, first, chain)
    const end = deadEnd(chain, contacts)
    const silent = end?.silent === undefined ? [] : [end.silent]

    const fails: Verdict<Fail>[] = []
    if (end !== undefined)
      fails.push({
        message: 'ends-nowhere',
        data: { ...data, reason: end.reason },
        evidence: [...evidence, ...contactsIn(silent, contacts).map(contactEvidence)],
      })
    if (chain.circle !== undefined) fails.push({ message: 'circular', data, evidence })
    if (levels < limit) fails.push({ message: 'too-few-levels', data: { ...data, levels, limit }, evidence })
    const judged = chain.levels.filter((level) => !silent.includes(level))
    fails.push(...judgeContacts(contactsIn(judged, contacts), contactTestMaxDays))
    const untimed = chain.levels.flatMap(({ withinMinutes = 0, path }, i) =>
      i < chain.levels.length - 1 && !(withinMinutes > 0) ? [`level ${i + 1} of ${path.id}`] : [],
    )
    if (untimed.length > 0)
      fails.push({
        message: 'no-response-time',
        data: { ...data, count: untimed.length, names: listed(untimed) },
        evidence,
      })
    if (fails.length > 0) return fails

    const minutes = chain.levels.slice(0, -1).reduce((sum, { withinMinutes = 0 }) => sum + withinMinutes, 0)
    return {
      message: 'defined',
      data: { ...data, levels, minutes, contacts: contacts.size, days: contactTestMaxDays },
      evidence: [...evidence, ...[...contacts.values()].map(contactEvidence)],
    }
  },
})

type Fail = 'ends-nowhere' | 'circular' | 'too-few-levels' | 'unreachable' | 'test-overdue' | 'no-response-time'

const judgeContacts = (
  asked: readonly ChainContact[],
  limit: number,
): readonly Verdict<'unreachable' | 'test-overdue'>[] => {
  const gone = asked.filter((contact) => !hasChannel(contact))
  const untested = asked.filter((contact) => hasChannel(contact) && !contact.isTested)
  const verdict = (some: readonly ChainContact[]) => ({
    data: { count: some.length, names: listed(some.map(({ id }) => id)), days: limit },
    evidence: some.map(contactEvidence),
  })
  return [
    ...(gone.length > 0 ? [{ message: 'unreachable', ...verdict(gone) } as const] : []),
    ...(untested.length > 0 ? [{ message: 'test-overdue', ...verdict(untested) } as const] : []),
  ]
}

const contactEvidence = ({ id, channels, tested }: ChainContact): Evidence => ({
  kind: 'contact',
  id,
  data: { channels: channels ?? null, tested: tested === undefined ? null : isoTime(tested) },
})

const chainEvidence = ({ escalation }: Policy, first: string, { paths }: Chain): readonly Evidence[] => {
  const known = new Map(escalation.map((path) => [path.id, path]))
  return (paths.length === 0 ? [first] : paths).map((id) => {
    const path = known.get(id)
    return {
      kind: 'escalation-path',
      id,
      data: {
        levels: path?.levels.length ?? null,
        next: path?.then ?? null,
        tested: path?.tested === undefined ? null : isoTime(path.tested),
      },
    }
  })
}
