import { ASSETS } from './company.js'
import type { Faults } from './faults.js'
import { STORES } from './stores.js'

/** People, and what they promise and sign. */
export const peopleOf = (faults: Faults) => ({
  contacts: [
    contact('ann', 'Ann, head of IT'),
    contact('ben', 'Ben, backups'),
    contact('emil', 'Emil, plant'),
    contact('fay', 'Fay, New York'),
    contact('joe', 'Joe, New York', faults.has('escalation-ends-nowhere') ? '2025-11-03' : '2026-08-12'),
  ],
  escalation: [
    path('operations', 'ben', 'ann', '2026-08-12'),
    path('plant', 'emil', 'ann', '2026-08-12'),
    path('branch', 'fay', 'joe', faults.has('escalation-ends-nowhere') ? '2025-11-03' : '2026-08-12'),
  ],
  alerts: [
    {
      ...{ id: 'office', on: ['failed', 'missed'], to: ['ben', 'https://pager.example.org/backups'] },
      // The plant has a route of its own.
      assets: ASSETS.flatMap(({ id }) => (id === 'plant-controllers' ? [] : [id])),
      tested: '2026-09-20',
    },
    {
      ...{ id: 'plant', on: ['failed', 'missed'], to: ['emil'], assets: ['plant-controllers'] },
      tested: faults.has('alert-not-tested') ? '2026-05-04' : '2026-09-21',
    },
  ],
  people: [
    { name: 'ann', roles: ['approver'] },
    { name: 'ben', roles: ['backup-operator', 'restore-lead'] },
    { name: 'cora', roles: ['backup-operator'] },
  ],
  trainings: [
    training('ben', 'backup-operator', '2026-02-11'),
    training('ben', 'restore-lead', faults.has('training-overdue') ? '2025-06-24' : '2026-02-12'),
    training('cora', 'backup-operator', '2026-02-11'),
  ],
  reviews: [...accessReviews(faults), ...logReviews(faults)],
  attestations: [
    {
      ...{ id: 'crm-2026', subject: 'processing of customers', by: 'Example CRM' },
      ...{ statement: 'processed only as agreed', at: '2026-03-01', expires: '2027-02-28', clauses: ['gdpr 28'] },
    },
  ],
  correctiveActions: [
    {
      ...{ id: 'CA-31', rule: 'job-no-skipped-items', target: 'file-share', severity: 'medium', owner: 'ben' },
      ...{ opened: '2026-10-25', due: faults.has('action-overdue') ? '2026-10-31' : '2026-11-20' },
    },
  ],
  reports: [
    {
      ...{ id: 'monthly', every: '31d', formats: ['html', 'json'], to: ['ann', 'mailto:board@example.org'] },
      delivered: faults.has('report-not-delivered') ? '2026-09-01' : '2026-10-05',
    },
  ],
  waivers: [
    {
      id: 'plant-test-rig',
      select: { rule: 'restore-isolated', target: 'plant-controllers' },
      reason: 'there is no second saw; restores go to one that stands still',
      ...{ approver: 'ann', ticket: 'PLANT-118', compensatingControl: 'emil watches, and the saw is off the network' },
      ...{ approved: '2026-09-15', expires: faults.has('expired-waiver') ? '2026-10-15' : '2026-12-31' },
    },
    ...(faults.has('unused-waiver') ? [UNUSED] : []),
  ],
})

const UNUSED = {
  id: 'wiki-restore',
  select: { rule: 'restore-test-recent', target: 'wiki' },
  reason: 'the wiki moves to another machine',
  ...{ approver: 'ann', approved: '2026-10-10', expires: '2026-11-08' },
}

const contact = (id: string, name: string, tested = '2026-08-12') => ({
  ...{ id, name, channels: [`mailto:${id}@example.org`, 'tel:+49405550100'], tested },
})

const path = (id: string, first: string, last: string, tested: string) => ({
  id,
  levels: [{ contacts: [first], withinMinutes: 30 }, { contacts: [last] }],
  tested,
})

const training = (person: string, role: string, completed: string) => ({
  ...{ person, role, course: 'backup and restore', completed, drilled: '2026-09-17' },
})

/** Each quarter somebody looks who has access to what. */
const accessReviews = (faults: Faults) =>
  STORES.map(({ id }) => ({
    ...{ kind: 'access', by: 'ann', scope: id },
    at: faults.has('access-review-overdue') && id === 'google' ? '2026-06-20' : '2026-09-30',
  }))

/** Each month somebody looks at the access logs of the month before. */
const logReviews = (faults: Faults) =>
  Array.from({ length: 12 }, (_, i) => {
    const day = (month: number, date: number): string =>
      new Date(Date.UTC(2025, 9 + month, date)).toISOString().slice(0, 10)
    const isHole = faults.has('access-log-hole') && i === 9
    const review = { kind: 'access-log', at: day(i + 1, 3), by: 'gus', from: day(i, 1), to: day(i + 1, 0) }
    return isHole
      ? [
          { ...review, scope: STORES.flatMap(({ id }) => (id === 'amazon' ? [] : [id])).join(', ') },
          { ...review, scope: 'amazon', to: day(i, 14) },
        ]
      : [review]
  }).flat()
