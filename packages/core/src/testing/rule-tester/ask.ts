import { type AuditCollector, givenFacts, givenHistory } from '../../audit/collector.js'
import type { AuditFinding } from '../../audit/finding.js'
import type { HistorySource } from '../../audit/history.js'
import { audit } from '../../audit/index.js'
import { policyCollector } from '../../audit/policy-collector.js'
import type { AuditRule } from '../../audit/rule.js'
import { ESTATE } from '../../audit/target.js'
import { waiverStandings } from '../../audit/waiver-standing.js'
import { BackupError } from '../../errors.js'
import type { AskedHistory, Question } from './question.js'

/** How a question is put: whatever it is, the answer has to be the same. */
export interface Arrangement {
  readonly sources: (asked: AskedHistory) => readonly HistorySource<unknown>[]
  readonly order: (collectors: readonly AuditCollector[]) => readonly AuditCollector[]
}

const PLAIN: Arrangement = { sources: (asked) => [sourceOf(asked)], order: (collectors) => collectors }

/** What `audit` says to a question: the rows of its rule. */
export const ask = async (question: Question, arrangement: Arrangement = PLAIN): Promise<readonly AuditFinding[]> => {
  const { target, now } = question
  const rule = withOwnTokens(question.rule)
  const facts = Object.entries(question.facts).map(([name, fact]) => {
    const token = rule.needs[name]!
    return givenFacts([{ target: token.of === 'estate' ? ESTATE : target, token, fact }])
  })
  const histories = Object.values(question.histories).flatMap(arrangement.sources)
  const run = audit({
    rules: [rule],
    targets: target.kind === ESTATE.kind ? [] : [target],
    collectors: arrangement.order([...facts, ...histories]),
    now: () => new Date(now),
    // That the rule ends has been seen before, once for all cases: hundreds of questions follow.
    ruleTimeoutMs: Number.POSITIVE_INFINITY,
  })
  const rows: AuditFinding[] = []
  for await (const page of run) rows.push(...page)
  return rows.filter((row) => row.rule === rule.name).map(withKnownNames)
}

/**
 * What the engine itself gives could not be made unknown or partial: its tokens have another name while they are asked about. A
 * rule sees the names of its needs only.
 */
const withOwnTokens = (rule: AuditRule): AuditRule => ({
  ...rule,
  needs: Object.fromEntries(
    Object.entries(rule.needs).map(([name, token]) => [
      name,
      OF_ENGINE.has(token.name) ? { ...token, name: OWN + token.name } : token,
    ]),
  ),
})

const OF_ENGINE: ReadonlySet<string> = new Set(
  [...policyCollector(undefined).provides, waiverStandings].map(({ name }) => name),
)
const OWN = 'asked-for:'

/** The row with the names that everybody knows. */
const withKnownNames = (row: AuditFinding): AuditFinding => ({
  ...row,
  text: row.text.replaceAll(OWN, ''),
  ...(row.data !== undefined && {
    data: Object.fromEntries(
      Object.entries(row.data).map(([name, value]) => [
        name,
        typeof value === 'string' ? value.replaceAll(OWN, '') : value,
      ]),
    ),
  }),
  ...(row.facts !== undefined && {
    facts: row.facts.map((reading) => ({ ...reading, token: reading.token.replace(OWN, '') })),
  }),
})

/** One source that holds the history, in any order. */
export const sourceOf = (asked: AskedHistory): HistorySource<unknown> => {
  const { history, items, denied, ...traits } = asked
  const source = givenHistory(history, items, { source: 'case', ...traitsOf(traits) })
  return denied === true ? { ...source, describe: () => Promise.reject(deniedHistory()) } : source
}

const traitsOf = ({ observedAt, from, partial }: Pick<AskedHistory, 'observedAt' | 'from' | 'partial'>) => ({
  observedAt,
  ...(from !== undefined && { from }),
  ...(partial !== undefined && { partial }),
})

const deniedHistory = (): BackupError =>
  new BackupError({ code: 'access-denied', message: 'Nobody may read this history.', operation: 'describe' })
