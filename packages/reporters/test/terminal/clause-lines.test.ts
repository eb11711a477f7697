import type { ClauseStanding, ClauseView } from '@backproof/core/audit'
import { clauseLines } from '@backproof/reporters/terminal'
import { expect, it } from 'vitest'

const standing = (clause: string, status: ClauseStanding['status'], reason: string): ClauseStanding => ({
  clause,
  about: `what ${clause} is about`,
  status,
  reason,
  rules: [],
  passes: 0,
  failing: 0,
  waived: 0,
  undecided: 0,
  review: 0,
  attestations: [],
})

const view: ClauseView = {
  framework: { id: 'acme', title: 'Rules of Acme', version: '3' },
  counts: { automated: 1, attested: 1, 'accepted-risk': 1, gap: 2 },
  clauses: [
    standing('1', 'automated', '2 checks pass'),
    standing('2(a)', 'attested', 'attested by eve\u001b[2J\u202e until 2026-12-31'),
    standing('3', 'accepted-risk', '1 failure is waived'),
    standing('4', 'gap', '1 check fails'),
    standing('10.5.1', 'gap', 'nothing was applicable'),
  ],
}

it('counts clauses, and says of each that is not automated why; nobody’s name drives the terminal', () => {
  expect(clauseLines(view)).toEqual([
    'Rules of Acme (3)',
    'Which rule speaks to which clause is a working proposal, which an auditor has to review.',
    '1 automated · 1 attested · 1 accepted risk · 2 gap, of 5 clauses',
    'attested       2(a)    what 2(a) is about: attested by eve\\x1b[2J\\u202e until 2026-12-31',
    'accepted risk  3       what 3 is about: 1 failure is waived',
    'gap            4       what 4 is about: 1 check fails',
    'gap            10.5.1  what 10.5.1 is about: nothing was applicable',
  ])
})

it('a framework in which everything is automated', () => {
  const [first] = view.clauses
  const counts = { automated: 1, attested: 0, 'accepted-risk': 0, gap: 0 }
  expect(clauseLines({ ...view, counts, clauses: [first!] }).slice(2)).toEqual([
    '1 automated · 0 attested · 0 accepted risk · 0 gap, of 1 clause',
  ])
})
