import { CLAUSE_STATUSES, type ClauseStatus, type ClauseView } from '@backproof/core/audit'
import { formatCount, plural } from '../text/numbers.js'
import { oneLine } from '../text/one-line.js'
import { plainStyle, type Style } from '../text/style.js'
import { pad } from '../text/width.js'

/** An audit by the clauses of a framework: how many are what, and every clause that is not automated, with its reason. */
export const clauseLines = (view: ClauseView, style: Style = plainStyle): readonly string[] => {
  const { framework, counts, clauses } = view
  const open = clauses.filter(({ status }) => status !== 'automated')
  const columns = Math.max(0, ...open.map(({ clause }) => clause.length))
  const counted = CLAUSE_STATUSES.map((status) => `${formatCount(counts[status])} ${NAMES[status]}`).join(' · ')
  return [
    style('bold', oneLine(`${framework.title} (${framework.version})`)),
    'Which rule speaks to which clause is a working proposal, which an auditor has to review.',
    `${counted}, of ${plural(clauses.length, 'clause')}`,
    ...open.map(({ clause, about, status, reason }) => {
      const mark = style(status === 'gap' ? 'yellow' : 'dim', pad(NAMES[status], COLUMNS))
      return `${mark}  ${pad(oneLine(clause), columns)}  ${oneLine(`${about}: ${reason}`)}`
    }),
  ]
}

const NAMES: Readonly<Record<ClauseStatus, string>> = {
  automated: 'automated',
  attested: 'attested',
  'accepted-risk': 'accepted risk',
  gap: 'gap',
}

const COLUMNS = NAMES['accepted-risk'].length
