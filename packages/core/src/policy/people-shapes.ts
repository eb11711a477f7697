import type {
  AlertRoute,
  Attestation,
  Contact,
  CorrectiveAction,
  EscalationPath,
  Person,
  ReportSchedule,
  Review,
  Training,
} from '../audit/governance.js'
import { SEVERITIES } from '../audit/verdict.js'
import type { Waiver, WaiverSelect } from '../audit/waiver.js'
import { list, object, optional, required, type Shape } from './shape.js'
import { choice, clause, dateText, from, id, span, text, until, uri, whole } from './values.js'

export const contactShape: Shape<Contact> = object<Contact>('a contact', {
  id: required(id, 'What escalation paths and alert routes name it by'),
  name: required(text, 'For people'),
  channels: required(list(uri, { min: 1 }), 'How to reach it: mailto:, tel:, https: ...'),
  tested: optional(from, 'When somebody last answered there'),
})

export const escalationShape: Shape<EscalationPath> = object<EscalationPath>('an escalation path', {
  id: required(id, 'What assets name it by'),
  levels: required(
    list(
      object<EscalationPath['levels'][number]>('a level', {
        contacts: required(list(id, { min: 1 }), 'Ids of contacts'),
        withinMinutes: optional(whole(1, 525_600), 'Minutes after which the next level is told'),
      }),
      { min: 1 },
    ),
    'Who is told, one after the other',
  ),
  // biome-ignore lint/suspicious/noThenProperty: a member of the format; nobody awaits the description of one
  then: optional(id, 'Id of the path that follows'),
  tested: optional(from, 'When it was last tried'),
})

export const alertShape: Shape<AlertRoute> = object<AlertRoute>('an alert route', {
  id: required(id, 'What reports name it by'),
  on: required(list(choice(['failed', 'missed']), { min: 1 }), 'What is told'),
  assets: optional(list(text), 'Ids of assets, with * for any characters. Default: all'),
  plans: optional(list(text), 'Ids of plans, with * for any characters. Default: all'),
  to: required(list(text, { min: 1 }), 'Ids of contacts, or channels such as mailto:ops@example.org'),
  tested: optional(from, 'When a test alert last arrived'),
})

export const personShape: Shape<Person> = object<Person>('a person', {
  name: required(text, 'As trainings name them'),
  roles: required(list(text, { min: 1 }), 'What they do, for example backup-operator'),
})

export const trainingShape: Shape<Training> = object<Training>('a training', {
  person: required(text, 'Who'),
  role: required(text, 'What they do'),
  course: required(text, 'What was taught'),
  completed: required(from, 'When'),
  drilled: optional(from, 'When they last took part in a restore'),
})

export const reviewShape: Shape<Review> = object<Review>('a review', {
  kind: required(text, 'access, access-log, policy, media ...'),
  at: required(from, 'When it was done'),
  by: required(text, 'Who did it'),
  scope: optional(text, 'What was looked at'),
  from: optional(from, 'First day that was looked at'),
  to: optional(until, 'Last day that was looked at'),
})

export const attestationShape: Shape<Attestation> = object<Attestation>('an attestation', {
  id: required(id, 'What reports name it by'),
  subject: required(text, 'What it speaks of'),
  statement: required(text, 'What is attested'),
  by: required(text, 'Who attests it'),
  at: required(from, 'When'),
  expires: required(until, 'Last day on which it holds'),
  evidence: optional(text, 'Where the evidence is; without it no clause counts as attested'),
  clauses: optional(list(clause), 'Clauses that it speaks to, for example pci-dss 12.10.4'),
})

export const correctiveActionShape: Shape<CorrectiveAction> = object<CorrectiveAction>('a corrective action', {
  id: required(id, 'What reports name it by'),
  rule: optional(text, 'The rule that found it'),
  target: optional(text, 'Id of the target'),
  fingerprint: optional(text, 'Fingerprint of the finding'),
  severity: required(choice(SEVERITIES), 'How bad it is'),
  owner: required(text, 'Who does it'),
  opened: required(from, 'When it was found'),
  due: required(until, 'Last day on which it is in time'),
  closed: optional(from, 'When it was done'),
  retested: optional(from, 'When that was checked'),
})

export const reportShape: Shape<ReportSchedule> = object<ReportSchedule>('a report', {
  id: required(id, 'What findings name it by'),
  every: required(span, 'How often it is made, for example 31d'),
  formats: required(list(text, { min: 1 }), 'Formats, for example html and json'),
  to: required(list(text, { min: 1 }), 'Ids of contacts, or channels such as mailto:board@example.org'),
  delivered: optional(from, 'When the last one arrived'),
})

export const waiverShape: Shape<Waiver> = object<Waiver>('a waiver', {
  id: required(id, 'What reports name it by'),
  select: required(
    object<WaiverSelect>('a select', {
      rule: optional(text, 'Name or id of a rule'),
      kind: optional(text, 'Kind of target: asset, store ...'),
      target: optional(text, 'Id of a target, with * for any characters'),
      subject: optional(text, 'Part of the target'),
      message: optional(text, 'Id of a message'),
      fingerprint: optional(text, 'Fingerprint of a finding'),
    }),
    'The failing rows that it accepts: all members have to hold, and one has to be there',
  ),
  reason: required(text, 'Why'),
  approver: required(text, 'Who accepted it'),
  ticket: optional(text, 'Where that is on record'),
  compensatingControl: optional(text, 'What is done instead'),
  expires: required(dateText, 'Last day on which it holds, to its end in UTC'),
  approved: optional(dateText, 'When it was accepted'),
})
