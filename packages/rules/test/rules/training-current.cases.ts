import type { Person, Training } from '@backproof/core/audit'
import type { RuleTest } from '@backproof/core/testing'
import { trainingCurrent } from '../../src/rules/training-current.js'
import { policyOf } from '../job-run.js'
import { ABSENT, DAY, NOW } from '../restore-test.js'

const people: readonly Person[] = [
  { name: 'Ann', roles: ['backup-operator'] },
  { name: 'Bob', roles: ['backup-operator', 'restore-lead'] },
]

/** A hundred days ago, with a restore fifty days ago. */
const training = (person: string, role: string, parts: Partial<Training> = {}): Training => ({
  person,
  role,
  course: 'Restores',
  completed: NOW - 100 * DAY,
  drilled: NOW - 50 * DAY,
  ...parts,
})

const ann = (parts: Partial<Training> = {}): Training => training('Ann', 'backup-operator', parts)
const bob = [training('Bob', 'backup-operator'), training('Bob', 'restore-lead')]

const factsOf = (trainings: readonly Training[], named: readonly Person[] | undefined = people) => ({
  policy: policyOf({ trainings, ...(named.length > 0 && { people: named }) }),
})

export default {
  rule: trainingCurrent,
  cases: [
    {
      name: 'Both people were trained for their roles, and restored something',
      facts: factsOf([ann(), ...bob]),
      expect: { message: 'current', data: { people: 2, roles: 2, days: 365 }, evidence: ['Ann', 'Bob', 'Bob'] },
    },
    {
      name: 'An old training was followed by a new one',
      facts: factsOf([ann({ completed: NOW - 800 * DAY }), ann({ drilled: undefined }), ...bob]),
      expect: { message: 'current' },
    },
    {
      name: 'A training is too old',
      facts: factsOf([ann({ completed: NOW - 400 * DAY }), ...bob]),
      expect: {
        message: 'training-overdue',
        subject: 'Ann (backup-operator)',
        data: { person: 'Ann', completed: '2025-09-27T12:00:00.000Z', days: 365 },
        evidence: ['Ann'],
      },
    },
    {
      name: 'Somebody has never restored anything',
      facts: factsOf([ann({ drilled: undefined }), ...bob]),
      expect: { message: 'never-drilled', subject: 'Ann (backup-operator)', evidence: ['Ann'] },
    },
    {
      name: 'The last restore was long ago',
      facts: factsOf([ann({ drilled: NOW - 500 * DAY }), ...bob]),
      expect: { message: 'drill-overdue', subject: 'Ann (backup-operator)', evidence: ['Ann'] },
    },
    {
      name: 'Somebody was trained for another role',
      facts: factsOf([training('Ann', 'restore-lead'), ...bob]),
      expect: { message: 'never-trained', subject: 'Ann (backup-operator)', evidence: ['Ann'] },
    },
    {
      name: 'Course and restore are planned for tomorrow',
      facts: factsOf([ann({ completed: NOW + DAY, drilled: NOW + DAY }), ...bob]),
      expect: { message: 'never-trained', subject: 'Ann (backup-operator)', evidence: ['Ann'] },
    },
    {
      name: 'Course and restore are too long ago',
      facts: factsOf([ann({ completed: NOW - 400 * DAY, drilled: NOW - 400 * DAY }), ...bob]),
      expect: [
        { message: 'training-overdue', subject: 'Ann (backup-operator)', evidence: ['Ann'] },
        { message: 'drill-overdue', subject: 'Ann (backup-operator)', evidence: ['Ann'] },
      ],
    },
    {
      name: 'Nobody leads restores',
      facts: factsOf([ann()], [people[0]!]),
      expect: { message: 'role-vacant', subject: 'restore-lead', evidence: ['people'] },
    },
    {
      name: 'The policy names no people, only who was trained',
      facts: factsOf([ann(), ...bob], []),
      expect: [
        { message: 'role-vacant', subject: 'backup-operator', evidence: ['people'] },
        { message: 'role-vacant', subject: 'restore-lead', evidence: ['people'] },
      ],
    },
    {
      name: 'Two entries of one person are that person, and roles that stand twice count once',
      options: { roles: ['backup-operator', 'backup-operator'] },
      facts: factsOf([], [people[0]!, people[0]!]),
      expect: { message: 'never-trained', subject: 'Ann (backup-operator)', evidence: ['Ann'] },
    },
    {
      name: 'No role is asked for',
      options: { roles: [] },
      facts: factsOf([]),
      expect: { message: 'no-roles' },
    },
    { name: 'There is no policy', facts: { policy: ABSENT }, expect: { message: 'no-policy' } },
  ],
  absent: { policy: { message: 'no-policy' } },
  boundaries: {
    maxDays: {
      question: { facts: factsOf([ann({ completed: NOW - 200 * DAY }), ...bob]) },
      limit: 200,
      at: 'current',
      stricter: 'training-overdue',
      laxer: 'current',
    },
  },
} satisfies RuleTest
