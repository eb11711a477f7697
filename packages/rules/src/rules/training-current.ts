import {
  defineRule,
  type Evidence,
  factValue,
  numberOption,
  type Policy,
  policyFact,
  type Training,
  textsOption,
  type Verdict,
} from '@backproof/core/audit'
import { clauses } from '../clauses.js'
import { isCurrent, newestOf } from '../governance/dates.js'
import { days, isoTime } from '../time.js'

/** Who makes backups and leads restores has learned it, and done it. */
export const trainingCurrent = defineRule({
  id: 'training-current',
  title: 'People who back up and restore are trained',
  description: [
    'Each of `roles` is held by somebody (`people` of the policy). Each person in such a role completed a training for that role within `maxDays`, and took part in a restore within them (`drilled`). What is dated in the future has not happened.',
    'Trainings are found by the name of the person and the role, as the policy writes them. Who is named by trainings only, and not under `people`, holds no role: nobody can be missing from a list that is made of those who came.',
  ],
  rationale:
    'A restore is rarely done, and always under pressure. Who has never done it, or not for years, learns it at the worst time.',
  category: 'governance',
  severity: 'medium',
  scope: 'estate',
  since: '0.1.0',
  clauses: clauses({
    partial: 'CP-3; AT-3',
    supporting: 'CIS 14.9; A.6.3; CC1.4; 308(a)(5); PCI 12.10.4',
  }),
  remediation: {
    action: 'Train the person for the role, have them take part in a restore, and enter both dates',
    steps: [
      'Name who has which role under `people` of the policy.',
      'Plan a course for everybody whose training is too old: `completed`.',
      'Have them restore something in the next restore test: `drilled`.',
    ],
    effort: 'medium',
  },
  messages: {
    current: {
      status: 'pass',
      text: 'all {people} people in {roles} roles were trained, and took part in a restore, within {days} days',
    },
    'role-vacant': { status: 'fail', text: 'nobody has the role {role}' },
    'never-trained': { status: 'fail', text: '{person} was never trained as {role}' },
    'training-overdue': {
      status: 'fail',
      text: '{person} was last trained as {role} on {completed}; once in {days} days is required',
    },
    'never-drilled': { status: 'fail', text: '{person} has never taken part in a restore as {role}' },
    'drill-overdue': {
      status: 'fail',
      text: '{person} last took part in a restore as {role} on {drilled}; once in {days} days is required',
    },
    'no-roles': { status: 'not-applicable', text: 'its options ask for no role' },
    'no-policy': { status: 'unknown', text: 'no policy says who is trained' },
  },
  options: {
    maxDays: numberOption({
      default: 365,
      min: 1,
      max: 3_660,
      unit: 'days',
      stricter: 'lower',
      source: 'audit catalogue: a year',
      description: 'The last training, and the last restore, may be this old.',
    }),
    roles: textsOption({
      default: ['backup-operator', 'restore-lead'],
      pattern: '\\S',
      form: 'such as backup-operator',
      source: 'audit catalogue',
      description: 'Roles that somebody has to have, and has to be trained for.',
    }),
  },
  needs: { policy: policyFact },
  applies: ({ options: { roles } }) => (roles.length > 0 ? true : 'no-roles'),
  evaluate: ({ now, facts, options: { maxDays, roles: given } }) => {
    const policy = factValue(facts.policy)
    if (policy === undefined) return { message: 'no-policy' }
    const roles = [...new Set(given)]
    const trainings = byPerson(policy.trainings)
    const people = new Set<string>()
    const fails: Verdict<Fail>[] = []
    for (const role of roles) {
      const holders = holdersOf(policy, role)
      if (holders.length === 0) fails.push({ message: 'role-vacant', ...vacancy(policy, role) })
      for (const person of holders) {
        people.add(person)
        fails.push(...judgePerson(trainings, person, role, { now, maxDays }))
      }
    }
    if (fails.length > 0) return fails
    return {
      message: 'current',
      data: { people: people.size, roles: roles.length, days: maxDays },
      evidence: policy.trainings
        .filter(({ person, role }) => people.has(person) && roles.includes(role))
        .map(trainingEvidence),
    }
  },
})

type Fail = 'role-vacant' | 'never-trained' | 'training-overdue' | 'never-drilled' | 'drill-overdue'

const byPerson = (trainings: readonly Training[]): ReadonlyMap<string, readonly Training[]> => {
  const all = new Map<string, Training[]>()
  for (const training of trainings) {
    const own = all.get(training.person)
    if (own === undefined) all.set(training.person, [training])
    else own.push(training)
  }
  return all
}

/** Names, each once. */
const holdersOf = ({ people = [] }: Policy, role: string): readonly string[] => [
  ...new Set(people.filter(({ roles }) => roles.includes(role)).map(({ name }) => name)),
]

const vacancy = ({ people }: Policy, role: string) => ({
  subject: role,
  data: { role },
  evidence: [{ kind: 'policy', id: 'people', data: { people: people?.length ?? null, withRole: 0 } }],
})

const judgePerson = (
  all: ReadonlyMap<string, readonly Training[]>,
  person: string,
  role: string,
  { now, maxDays }: { readonly now: number; readonly maxDays: number },
): readonly Verdict<Fail>[] => {
  const trainings = all.get(person)?.filter((training) => training.role === role) ?? []
  const completed = newestOf(
    trainings.map((training) => training.completed),
    now,
  )
  const drilled = newestOf(
    trainings.map((training) => training.drilled),
    now,
  )
  const data = {
    person,
    role,
    days: maxDays,
    completed: completed === undefined ? null : isoTime(completed),
    drilled: drilled === undefined ? null : isoTime(drilled),
  }
  const evidence =
    trainings.length > 0
      ? trainings.map(trainingEvidence)
      : [{ kind: 'person', id: person, data: { role, trainings: 0 } }]
  const verdict = (message: Fail): Verdict<Fail> => ({ message, subject: `${person} (${role})`, data, evidence })
  return [
    ...(completed === undefined
      ? [verdict('never-trained')]
      : isCurrent(completed, now, days(maxDays))
        ? []
        : [verdict('training-overdue')]),
    // Who was never trained is not told of the restore as well.
    ...(completed === undefined && drilled === undefined
      ? []
      : drilled === undefined
        ? [verdict('never-drilled')]
        : isCurrent(drilled, now, days(maxDays))
          ? []
          : [verdict('drill-overdue')]),
  ]
}

const trainingEvidence = ({ person, role, course, completed, drilled }: Training): Evidence => ({
  kind: 'training',
  id: person,
  at: isoTime(completed),
  data: { role, course, drilled: drilled === undefined ? null : isoTime(drilled) },
})
