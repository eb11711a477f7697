import { FRAMEWORKS, type RuleMeta } from '@backproof/core/audit'
import { WITHOUT_CLAUSES } from '@backproof/rules/frameworks'
import { membershipOf, PRESETS } from '@backproof/rules/presets'
import { platformsOf } from './platforms.js'
import { table } from './table.js'

/** Of every table of clauses. */
export const PROPOSAL =
  '**Which rule speaks to which clause is a working proposal, and an auditor has to review it.** A rule that passes does not make anybody compliant.'

/** The page that lists all of them. */
export const rulesPage = (metas: readonly RuleMeta[]): string => {
  const link = (id: string): string => `[\`${id}\`](${id}.md)`
  const rows = metas.map(({ id, title, severity, scope, facts }) => [
    link(id),
    title,
    severity,
    membershipOf(id) ?? '',
    scope,
    [...new Set(facts.map(({ token }) => `\`${token}\``))].join(', '),
    platformsOf(id),
  ])
  const clauseRows = metas.map(({ id, clauses }) => [
    link(id),
    ...FRAMEWORKS.map((framework) =>
      clauses
        .filter((one) => one.framework === framework.id)
        .map(({ clause, strength }) => (strength === 'supporting' ? `(${clause})` : clause))
        .join(', '),
    ),
  ])
  return `${[
    '# Rules',
    `What \`@backproof/rules\` has. ${PROPOSAL} That concerns the clauses below.`,
    'One page a rule; all of them are written from what the rules say of themselves and from their tests (`npm run docs:rules`). `backproof rules` lists them too.',
    table(['rule', 'what it demands', 'severity', 'preset', 'asked about every', 'facts', 'platforms'], rows),
    'Verdicts are `pass`, `fail`, `not-applicable`, `unknown` and `review`; `error` is set by the engine only. A rule never passes by ignorance: a fact that nobody could read, a history that is too short, or nothing at all is `unknown`.',
    'Defaults say where they come from. `seed`: the first specification of this project. `audit catalogue`: the list of 106 rules that these were chosen from. `own choice`: nobody else says a number. Others name the product or the standard that does.',
    '## Presets',
    'A preset is rules that are asked together: `backproof audit policy.yaml --preset recommended`, or `rules: recommended().rules` with `@backproof/rules/presets`. Where neither the command line nor the policy names rules, `backproof audit` asks `recommended`. `opt-in` rules are asked only where they are named, and by `all`. Frameworks have [presets of their own](../frameworks/README.md).',
    ...Object.values(PRESETS).map((make) => {
      const { id, description, rules, numbers } = make()
      const tightened = numbers.map(
        ({ rule, option, value, source }) => `- \`${rule}\`: \`${option}\` is ${value} (${source})`,
      )
      return [
        `\`${id}\`: ${rules.length} rules. ${description}`,
        ...(tightened.length > 0 ? ['', ...tightened] : []),
      ].join('\n')
    }),
    '## Clauses',
    'A rule names the clauses of frameworks that it speaks to, with how much it says about them: `full`, it decides the clause; `partial`, a part of it; `supporting`, it is evidence towards it, here in parentheses. The titles of clauses, on the [pages of frameworks](../frameworks/README.md), are our own words.',
    table(['rule', ...FRAMEWORKS.map(({ id }) => `[${id}](../frameworks/${id}.md)`)], clauseRows),
    'In no framework:',
    metas
      .filter(({ clauses }) => clauses.length === 0)
      .map(({ id }) => `- ${link(id)}: ${WITHOUT_CLAUSES[id] ?? 'nobody says why'}.`)
      .join('\n'),
    'To write a rule of your own: [Write a rule](../guides/write-a-rule.md).',
  ].join('\n\n')}\n`
}
