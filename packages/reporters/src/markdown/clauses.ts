import { type AuditResult, type ClauseStanding, clauseView, type Framework } from '@backproof/core/audit'
import { cell, code, prose } from './inline.js'

/** What an audit shows of each clause of a framework, as a section. */
export const clauseSection = (result: AuditResult, framework: Framework): readonly string[] => {
  const { framework: about, counts, clauses } = clauseView(result, framework)
  return [
    `## ${prose(`${about.title} ${about.version}`)}`,
    'Which rule speaks to which clause is a working proposal: an auditor has to review it.',
    prose(
      `${counts.automated} automated, ${counts.attested} attested, ${counts['accepted-risk']} accepted risk, ${counts.gap} gap, of ${clauses.length} clauses.`,
    ),
    ['| Clause | About | Standing | Why | Rules |', '|---|---|---|---|---|', ...clauses.map(clauseLine)].join('\n'),
  ]
}

const clauseLine = ({ clause, about, status, reason, rules }: ClauseStanding): string =>
  `| ${[code(clause), prose(about), status.replace('-', ' '), prose(reason), rules.map(code).join(' ')].map(cell).join(' | ')} |`
