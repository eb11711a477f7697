import {
  type ClauseRef,
  clausesOf,
  FRAMEWORKS,
  type Framework,
  type RuleFactory,
  type RuleMeta,
} from '@backproof/core/audit'
import {
  FRAMEWORK_DEMANDS,
  FRAMEWORK_PRESETS,
  type FrameworkNumber,
  frameworkPreset,
  QUANTITIES,
  tightenings,
} from '@backproof/rules/frameworks'
import { PROPOSAL } from './rules-page.js'
import { table } from './table.js'

const ruleLink = (id: string): string => `[\`${id}\`](../rules/${id}.md)`

/** The page of a framework: its clauses with the rules that speak to them, and its numbers. */
export const frameworkPage = (framework: Framework, rules: readonly RuleFactory[]): string => {
  const { id, title, version } = framework
  const demands = FRAMEWORK_DEMANDS.find((one) => one.framework === id)
  const preset = frameworkPreset(id)
  const metas = rules.map(({ meta }) => meta)
  return `${[
    `# ${title}`,
    PROPOSAL,
    `Edition: ${version}. The titles of clauses are our own words, and only clauses are here that rules of backups can speak to. What else the framework asks for is not.`,
    `\`\`\`sh\nbackproof audit policy.yaml --framework ${id}\n\`\`\``,
    `\`\`\`ts\nimport { frameworkPreset } from '@backproof/rules/frameworks'\n\nconst { rules } = frameworkPreset('${id}')\n\`\`\``,
    `That asks ${preset.rules.length} rules, and reports [clause by clause](README.md).`,
    '## Clauses',
    '`full`: the rule decides the clause; `partial`: a part of it; `supporting`: it is evidence towards it. A clause without a rule has to be attested (`attestations` of the policy, with `clauses`), or stays a gap.',
    table(
      ['clause', 'about', 'rules'],
      clausesOf(framework).map(([clause, about]) => [clause, about, rulesOf(metas, id, clause) || 'none']),
    ),
    '## Numbers',
    ...(demands === undefined || demands.numbers.length === 0
      ? []
      : [
          'A preset sets the option of a rule only where that makes the rule stricter. The policy itself is held against all of them by [`policy-meets-framework`](../rules/policy-meets-framework.md).',
          table(
            ['clause', 'asks that', 'number', 'for', 'what comes of it'],
            demands.numbers.map((one) => [
              one.clause,
              one.source,
              bound(one),
              one.dataClasses?.map((name) => `\`${name}\` data`).join(', ') ?? 'all',
              outcome(id, one, rules),
            ]),
          ),
        ]),
    `Left to the organisation, without a number of ours: ${demands?.leaves ?? ''}`,
  ].join('\n\n')}\n`
}

const rulesOf = (metas: readonly RuleMeta[], framework: string, clause: string): string =>
  metas
    .flatMap((meta): readonly (readonly [RuleMeta, ClauseRef])[] =>
      meta.clauses.filter((one) => one.framework === framework && one.clause === clause).map((one) => [meta, one]),
    )
    .map(([meta, { strength }]) => `${ruleLink(meta.id)} ${strength}`)
    .join(', ')

const bound = ({ quantity, days }: FrameworkNumber): string => {
  const { what, bound: side } = QUANTITIES[quantity]
  return days === undefined ? `${what}: any that is stated` : `${what}: ${side} ${days} ${days === 1 ? 'day' : 'days'}`
}

const outcome = (framework: string, { clause, quantity }: FrameworkNumber, rules: readonly RuleFactory[]): string => {
  const option = QUANTITIES[quantity].option
  const found = tightenings(framework, rules).find((one) => one.clause === clause && one.rule === option?.rule)
  if (found === undefined) return 'the policy is held against it'
  const place = `\`${found.option}\` of ${ruleLink(found.rule)}`
  return found.applied ? `${place} is set to ${found.value}` : `${place} is not set: ${found.why ?? ''}`
}

/** The page that lists frameworks, and says how an audit is told by their clauses. */
export const frameworksPage = (): string =>
  `${[
    '# Frameworks',
    PROPOSAL,
    table(
      ['framework', 'edition', 'id', 'rules', 'numbers set'],
      FRAMEWORKS.map(({ id, title, version }) => {
        const preset = FRAMEWORK_PRESETS[id]?.()
        const numbers = preset?.numbers.map(({ rule, option, value }) => `\`${rule}\`: \`${option}\` ${value}`) ?? []
        return [
          `[${title}](${id}.md)`,
          version,
          `\`${id}\``,
          String(preset?.rules.length ?? 0),
          numbers.join(', ') || 'none',
        ]
      }),
    ),
    'The preset of a framework has the rules that speak to its clauses. It tightens the numbers of rules to those of the framework where these are stricter, and never loosens one. What a framework leaves to the organisation gets no number.',
    '`backproof audit policy.yaml --framework ID` asks these rules and reports clause by clause; `--framework` can be given several times, and beside `--preset`. Of several the strictest number holds. In a program, `clauseView(result, framework)` of `@backproof/core/audit` gives the same:',
    table(
      ['status', 'means'],
      [
        [
          '`automated`',
          'rules that speak to the clause were asked, and all that was applicable passes; `strength` and the reason say whether that decides the clause, or only a part of it, or only supports it',
        ],
        [
          '`attested`',
          'nothing of it fails or is unknown, what is left is for people to judge, and an attestation of the policy names it, holds and names evidence',
        ],
        ['`accepted-risk`', 'everything that fails is waived, and nothing else is open'],
        ['`gap`', 'something fails or cannot be decided, or nothing speaks to it'],
      ],
    ),
    'An attestation never stands in for what is unknown, and never hides what fails: who knows less is not better off.',
  ].join('\n\n')}\n`
