import type { Contact, EscalationPath } from '@backproof/core/audit'
import type { RuleTest } from '@backproof/core/testing'
import { escalationPathDefined } from '../../src/rules/escalation-path-defined.js'
import { policyOf } from '../job-run.js'
import { ABSENT, DAY, NOW, shop } from '../restore-test.js'

/** Answered twenty days ago. */
const contact = (id: string, parts: Partial<Contact> = {}): Contact => ({
  id,
  name: id,
  channels: [`mailto:${id}@example.com`],
  tested: NOW - 20 * DAY,
  ...parts,
})

const untested = (id: string): Contact => contact(id, { tested: undefined })

const path = (id: string, levels: readonly string[], parts: Partial<EscalationPath> = {}): EscalationPath => ({
  id,
  levels: levels.map((names) => ({ contacts: names.split(' '), withinMinutes: 30 })),
  ...parts,
})

// biome-ignore lint/suspicious/noThenProperty: a member of the format; nobody awaits it
const then = (id: string): Partial<EscalationPath> => ({ then: id })

const everybody = ['ann', 'bob', 'cleo'].map((id) => contact(id))

const factsOf = (escalation: readonly EscalationPath[], contacts = everybody) => ({
  policy: policyOf({ escalation, contacts }),
  asset: shop({ escalation: 'on-call' }),
})

export default {
  rule: escalationPathDefined,
  cases: [
    {
      name: 'Two levels, and everybody answered a test three weeks ago',
      facts: factsOf([path('on-call', ['ann', 'bob cleo'])]),
      expect: {
        message: 'defined',
        data: { levels: 2, minutes: 30, contacts: 3, days: 180, paths: 'on-call' },
        evidence: ['on-call', 'ann', 'bob', 'cleo'],
      },
    },
    {
      name: 'The path is followed by another',
      facts: factsOf([path('on-call', ['ann'], then('board')), path('board', ['bob'])]),
      expect: { message: 'defined', data: { levels: 2, minutes: 30, paths: 'on-call -> board' } },
    },
    {
      name: 'Nobody was called by themselves, but the path was tried',
      facts: factsOf(
        [path('on-call', ['ann', 'bob'], { tested: NOW - 30 * DAY })],
        [untested('ann'), contact('bob', { tested: NOW - 400 * DAY })],
      ),
      expect: { message: 'defined' },
    },
    {
      name: 'The asset names no path',
      facts: { ...factsOf([path('on-call', ['ann', 'bob'])]), asset: shop() },
      expect: { message: 'no-path', evidence: ['shop'] },
    },
    {
      name: 'The policy does not name the asset',
      facts: { ...factsOf([path('on-call', ['ann', 'bob'])]), asset: ABSENT },
      expect: { message: 'no-path', evidence: ['shop'] },
    },
    {
      name: 'The next path is not there',
      facts: factsOf([path('on-call', ['ann', 'bob'], then('board'))]),
      expect: {
        message: 'ends-nowhere',
        data: { reason: 'the policy has no path board', paths: 'on-call' },
        evidence: ['on-call'],
      },
    },
    {
      name: 'The path that the asset names is not there',
      facts: factsOf([]),
      expect: [
        { message: 'ends-nowhere', data: { paths: 'on-call' }, evidence: ['on-call'] },
        { message: 'too-few-levels', data: { levels: 0 }, evidence: ['on-call'] },
      ],
    },
    {
      name: 'The last level was never tested, and has nobody else',
      facts: factsOf([path('on-call', ['ann', 'bob'])], [contact('ann'), untested('bob')]),
      expect: {
        message: 'ends-nowhere',
        data: { reason: 'nobody of its last level is known to answer' },
        evidence: ['on-call', 'bob'],
      },
    },
    {
      name: 'The path was tried, but the last level has lost its channel since',
      facts: factsOf(
        [path('on-call', ['ann', 'bob'], { tested: NOW - 30 * DAY })],
        [contact('ann'), contact('bob', { channels: [] })],
      ),
      expect: { message: 'ends-nowhere', evidence: ['on-call', 'bob'] },
    },
    {
      name: 'One of two in the last level is gone',
      facts: factsOf([path('on-call', ['ann', 'bob cleo'])], [contact('ann'), contact('bob')]),
      expect: { message: 'unreachable', data: { names: 'cleo', count: 1 }, evidence: ['cleo'] },
    },
    {
      name: 'The last of the paths has no levels',
      facts: factsOf([path('on-call', ['ann', 'bob'], then('board')), path('board', [])]),
      expect: {
        message: 'ends-nowhere',
        data: { reason: 'board has no levels', paths: 'on-call -> board' },
        evidence: ['on-call', 'board'],
      },
    },
    {
      name: 'A path without levels stands between two others',
      facts: factsOf([path('on-call', ['ann'], then('none')), path('none', [], then('board')), path('board', ['bob'])]),
      expect: { message: 'defined', data: { paths: 'on-call -> none -> board' } },
    },
    {
      name: 'The path has no levels',
      facts: factsOf([path('on-call', [])]),
      expect: [
        { message: 'ends-nowhere', data: { reason: 'on-call has no levels' }, evidence: ['on-call'] },
        { message: 'too-few-levels', data: { levels: 0, limit: 2 }, evidence: ['on-call'] },
      ],
    },
    {
      name: 'Two paths follow each other',
      facts: factsOf([path('on-call', ['ann'], then('board')), path('board', ['bob'], then('on-call'))]),
      expect: {
        message: 'circular',
        data: { paths: 'on-call -> board -> on-call' },
        evidence: ['on-call', 'board'],
      },
    },
    {
      name: 'The path follows itself',
      facts: factsOf([path('on-call', ['ann', 'bob'], then('on-call'))]),
      expect: { message: 'circular', evidence: ['on-call'] },
    },
    {
      name: 'The same person stands on both levels',
      facts: factsOf([path('on-call', ['ann', 'ann'])]),
      expect: { message: 'too-few-levels', data: { levels: 1, limit: 2 }, evidence: ['on-call'] },
    },
    {
      name: 'A contact has no channel, and another is not in the policy',
      facts: factsOf([path('on-call', ['ann dora', 'bob'])], [contact('ann', { channels: [] }), contact('bob')]),
      expect: { message: 'unreachable', data: { names: 'ann, dora', count: 2 }, evidence: ['ann', 'dora'] },
    },
    {
      name: 'A contact answered last a year ago',
      facts: factsOf([path('on-call', ['ann', 'bob'])], [contact('ann', { tested: NOW - 365 * DAY }), contact('bob')]),
      expect: { message: 'test-overdue', data: { names: 'ann', days: 180 }, evidence: ['ann'] },
    },
    {
      name: 'A contact is to answer tomorrow',
      facts: factsOf([path('on-call', ['ann', 'bob'])], [contact('ann', { tested: NOW + DAY }), contact('bob')]),
      expect: { message: 'test-overdue', data: { names: 'ann' }, evidence: ['ann'] },
    },
    {
      name: 'Nobody says when the second level is told',
      facts: factsOf([{ id: 'on-call', levels: [{ contacts: ['ann'] }, { contacts: ['bob'] }] }]),
      expect: { message: 'no-response-time', data: { names: 'level 1 of on-call', count: 1 }, evidence: ['on-call'] },
    },
    {
      name: 'There is no policy',
      facts: { policy: ABSENT, asset: ABSENT },
      expect: { message: 'no-policy' },
    },
  ],
  absent: { policy: { message: 'no-policy' }, asset: { message: 'no-path' } },
  boundaries: {
    minLevels: {
      question: { facts: factsOf([path('on-call', ['ann', 'bob'])]) },
      limit: 2,
      at: 'defined',
      stricter: 'too-few-levels',
      laxer: 'defined',
    },
    contactTestMaxDays: {
      question: {
        facts: factsOf([path('on-call', ['ann', 'bob'])], [contact('ann', { tested: NOW - 90 * DAY }), contact('bob')]),
      },
      limit: 90,
      at: 'defined',
      stricter: 'test-overdue',
      laxer: 'defined',
    },
  },
} satisfies RuleTest
