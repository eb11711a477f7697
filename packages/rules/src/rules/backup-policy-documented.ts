import {
  defineRule,
  factValue,
  numberOption,
  type Policy,
  policyFact,
  textsOption,
  type Verdict,
} from '@backproof/core/audit'
import { clauses } from '../clauses.js'
import { ageOf, isCurrent } from '../governance/dates.js'
import { isWritten, listed } from '../governance/names.js'
import { missingParts, POLICY_PARTS, type PolicyPart } from '../governance/policy-parts.js'
import { lastReview } from '../governance/reviews.js'
import { days, inDays, isoTime } from '../time.js'

/** The backup policy says all that it has to, and somebody stands by it. */
export const backupPolicyDocumented = defineRule({
  id: 'backup-policy-documented',
  title: 'The backup policy is complete, approved and reviewed',
  description: [
    'The policy has all parts that are `required`, somebody approved it (`approvedBy`), and it was reviewed (`reviewed`, or a signed review of the kind `policy`) within `reviewMaxDays`. A date stands for its whole day in UTC. A review that is dated in the future was not done yet.',
    '`scope`: it names assets. `owner` and `disposal`: it says who answers for it, and how what is past its retention is destroyed. `rpo`, `rto` and `escalation`: every asset has an objective, and an escalation path that is in the policy. `retention`: every asset has a retention class with a number in it, or each of its plans has one. Where the policy names no asset, it has none of these.',
    'Without a policy the rule fails: it is the one that asks for it.',
  ],
  rationale:
    'What is not written down cannot be checked, handed over or defended. And a policy that nobody has looked at for years describes systems that are gone.',
  category: 'governance',
  severity: 'medium',
  scope: 'estate',
  since: '0.1.0',
  clauses: clauses({
    partial: 'CP-1; CIS 11.1; 308(a)(7)(i); DORA 12(1)',
    supporting: 'CP-2; A.8.13; A.5.1; PCI 12.10.1',
  }),
  remediation: {
    action: 'Fill in what the policy lacks, have it approved, and enter the date of the review',
    steps: [
      'Write down what is missing, at the policy itself or at the assets that are named.',
      'Have whoever answers for the backups approve it: `approvedBy`.',
      'Review it once a year and after each large change: `reviewed`.',
    ],
    effort: 'medium',
  },
  messages: {
    documented: {
      status: 'pass',
      text: 'required parts, all there: {parts}; approved by {approvedBy}, reviewed {age} days ago',
    },
    'part-missing': { status: 'fail', text: 'the policy does not say {part}' },
    'assets-without': {
      status: 'fail',
      text: 'for {count} of {assets} assets the policy does not say {part}: {names}',
    },
    'not-approved': { status: 'fail', text: 'nobody has approved the policy' },
    'never-reviewed': {
      status: 'fail',
      text: 'the policy was never reviewed, as far as it says; once in {limit} days is required',
    },
    'review-overdue': {
      status: 'fail',
      text: 'the policy was last reviewed on {reviewed}; once in {limit} days is required',
    },
    'no-policy': { status: 'fail', text: 'there is no backup policy' },
  },
  options: {
    reviewMaxDays: numberOption({
      default: 365,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'lower',
      source: 'audit catalogue: a year, as CIS 11.1 asks for',
      description: 'The last review may be this old.',
    }),
    required: textsOption({
      default: POLICY_PARTS,
      pattern: `^(?:${POLICY_PARTS.join('|')})$`,
      form: `of ${POLICY_PARTS.join(', ')}`,
      source: 'audit catalogue',
      description: 'Parts that the policy has to have.',
    }),
  },
  needs: { policy: policyFact },
  evaluate: ({ now, facts, options: { reviewMaxDays: limit, required } }) => {
    const policy = factValue(facts.policy)
    if (policy === undefined)
      return { message: 'no-policy', evidence: [{ kind: 'policy', data: { source: facts.policy.source } }] }
    const { approvedBy } = policy
    const reviewed = lastReview('policy', policy, now)
    const parts = [...new Set(required)] as readonly PolicyPart[]
    const fails: Verdict<Message>[] = [...judgeParts(policy, parts)]
    const evidence = [policyEvidence({ ...policy, reviewed: reviewed ?? policy.reviewed })]
    if (!isWritten(approvedBy)) fails.push({ message: 'not-approved', evidence })
    if (reviewed === undefined) fails.push({ message: 'never-reviewed', data: { limit }, evidence })
    else if (!isCurrent(reviewed, now, days(limit)))
      fails.push({ message: 'review-overdue', data: { reviewed: isoTime(reviewed), limit }, evidence })
    if (fails.length > 0 || reviewed === undefined || !isWritten(approvedBy)) return fails
    const age = inDays(ageOf(reviewed, now))
    return { message: 'documented', data: { parts: parts.length, approvedBy, age, limit }, evidence }
  },
})

type Message = 'part-missing' | 'assets-without' | 'not-approved' | 'never-reviewed' | 'review-overdue'

const PHRASES: Readonly<Record<PolicyPart, string>> = {
  scope: 'which assets it is for',
  owner: 'who answers for it',
  rpo: 'how much work may be lost (rpo)',
  rto: 'how long a restore may take (rto)',
  retention: 'how long recovery points are kept',
  disposal: 'how what is past its retention is destroyed',
  escalation: 'whom a failure is escalated to',
}

const judgeParts = (policy: Policy, required: readonly PolicyPart[]): readonly Verdict<Message>[] =>
  missingParts(policy, required).map(({ part, assets }) => {
    const data = { part: PHRASES[part] }
    if (assets.length === 0) return { message: 'part-missing', subject: part, data, evidence: [policyEvidence(policy)] }
    return {
      message: 'assets-without',
      subject: part,
      data: { ...data, count: assets.length, assets: policy.assets.length, names: listed(assets) },
      evidence: assets.map((id) => ({ kind: 'asset', id, data: { [part]: null } })),
    }
  })

const policyEvidence = ({ name, owner, approvedBy, reviewed, disposal, assets }: Policy) => ({
  kind: 'policy',
  ...(name !== undefined && { id: name }),
  data: {
    owner: owner ?? null,
    approvedBy: approvedBy ?? null,
    reviewed: reviewed === undefined ? null : isoTime(reviewed),
    disposal: disposal ?? null,
    assets: assets.length,
  },
})
