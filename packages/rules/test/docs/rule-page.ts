import {
  type AuditFinding,
  expectedOption,
  FRAMEWORKS,
  type OptionDescriptor,
  type RuleMeta,
} from '@backproof/core/audit'
import { durationText } from '@backproof/core/run'
import { askRule, type RuleTest } from '@backproof/core/testing'
import { WITHOUT_CLAUSES } from '@backproof/rules/frameworks'
import { membershipOf } from '@backproof/rules/presets'
import { table } from './table.js'

/** A case of a rule with what came out. */
interface Answered {
  readonly name: string
  readonly rows: readonly AuditFinding[]
}

/** Examples of one message. */
const MOST_EXAMPLES = 3

/** The headings of every page. */
export const HEADINGS = [
  'What it checks',
  'Why it matters',
  'Facts and permissions',
  'Options',
  'Verdicts',
  'How to fix',
  'Clauses',
]

/** The page of a rule: what it says of itself, and what its cases come to. */
export const rulePage = async (test: RuleTest): Promise<string> => {
  const { meta } = test.rule
  const answered: Answered[] = []
  const shown = new Map<string, number>()
  for (const one of test.cases) {
    const messages = [one.expect].flat().map(({ message }) => message)
    // Asking costs time; what would not be shown is not asked.
    if (messages.every((message) => (shown.get(message) ?? 0) >= MOST_EXAMPLES)) continue
    for (const message of new Set(messages)) shown.set(message, (shown.get(message) ?? 0) + 1)
    answered.push({ name: one.name, rows: await askRule(test.rule, one) })
  }
  const [checks, matters, facts, options, verdicts, fix, clauses] = HEADINGS.map((heading) => `## ${heading}`)
  return `${[
    `# ${meta.title}`,
    `\`${meta.id}\`: asked ${meta.scope === 'estate' ? 'once, about everything together' : `about every ${meta.scope}`}; a failure is ${meta.severity}. ${presetPhrase(meta.id)} Since ${meta.since}.`,
    `\`\`\`ts\nimport { ${camelCase(meta.id)} } from '@backproof/rules/${meta.id}'\n\`\`\``,
    checks,
    ...meta.description,
    matters,
    meta.rationale,
    facts,
    factTable(meta),
    options,
    optionTable(meta),
    verdicts,
    'Where a fact is not known the engine answers `unknown` itself; where only part of it was seen, a pass becomes `unknown`.',
    ...Object.keys(meta.messages).map((message) => verdictSection(meta, message, answered)),
    fix,
    fixText(meta),
    clauses,
    clauseTable(meta),
  ].join('\n\n')}\n`
}

const presetPhrase = (id: string): string => {
  const preset = membershipOf(id)
  return preset === undefined || preset === 'opt-in' ? 'In no preset: name it.' : `Preset \`${preset}\`.`
}

const camelCase = (id: string): string => id.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())

const factTable = ({ facts }: RuleMeta): string =>
  table(
    ['fact', 'what it tells', 'where it comes from', 'permission'],
    unique(facts).map(({ token, description }) => [`\`${token}\``, description, ...originOf(token)]),
  )

const unique = (facts: RuleMeta['facts']): RuleMeta['facts'] => [
  ...new Map(facts.map((fact) => [fact.token, fact])).values(),
]

const originOf = (token: string): readonly [string, string] => {
  const origin = ORIGINS[/^policy\b/.test(token) ? 'policy' : token]
  if (origin === undefined) throw new Error(`Say in ORIGINS where ${token} comes from, and what reading it needs.`)
  return origin
}

/** Where facts come from, and what reading them needs. */
const ORIGINS: Readonly<Record<string, readonly [origin: string, permission: string]>> = {
  policy: ['the policy; the engine gives it', 'none'],
  'job.runs': ['`jobLines`, or a `JobSource` of your own', 'to read that history; none of the backups'],
  'restore.drills': ['`drillLines`, or a `DrillSource` of your own', 'to read that history; none of the backups'],
  'recovery.points': [
    '`recoveryPointLines`; `recoveryPointsOf` any source of objects; or a `RecoveryPointSource` of your own',
    'to read that history, or to list the objects',
  ],
  'capacity.samples': [
    '`capacityLines`; `diskCapacity` of `@backproof/provider-local`; or a `CapacitySource` of your own',
    'to read that history, or to reach the folder of the disk',
  ],
  'proof.reports': ['`reportFiles`: reports of `compare` and `verify`', 'to read these files'],
  'audit.reports': ['`reportFiles`: reports of earlier audits', 'to read these files'],
  'audit.waivers': ['the waivers of the audit; the engine gives it, once all other rules were asked', 'none'],
}

const optionTable = ({ options }: RuleMeta): string => {
  const entries = Object.entries(options)
  if (entries.length === 0) return 'It has none.'
  return table(
    ['option', 'default', 'source of the default', 'what it means'],
    entries.map(([name, descriptor]) => [
      `\`${name}\``,
      defaultText(descriptor),
      descriptor.source,
      `${descriptor.description} ${sentence(expectedOption(descriptor))}`,
    ]),
  )
}

const defaultText = (descriptor: OptionDescriptor): string => {
  switch (descriptor.kind) {
    case 'number':
      return descriptor.default === undefined ? (descriptor.otherwise ?? '') : `\`${descriptor.default}\``
    case 'duration':
      return descriptor.default === undefined ? (descriptor.otherwise ?? '') : `\`${durationText(descriptor.default)}\``
    case 'texts':
      return descriptor.default.length === 0 ? 'none' : `\`${descriptor.default.join(', ')}\``
    default:
      return descriptor.default === '' ? 'none' : `\`${descriptor.default}\``
  }
}

const verdictSection = ({ messages }: RuleMeta, message: string, answered: readonly Answered[]): string => {
  const { status, text } = messages[message]!
  const examples = answered.flatMap(({ name, rows }) => {
    const texts = rows.filter((row) => row.message === message).map(({ text }) => `  - ${text}`)
    return texts.length === 0 ? [] : [[`- ${name}:`, ...texts.slice(0, MOST_EXAMPLES)].join('\n')]
  })
  return [`### \`${message}\`: ${status}`, `\`${text}\``, examples.slice(0, MOST_EXAMPLES).join('\n')].join('\n\n')
}

const fixText = ({ remediation: { action, steps = [], effort } }: RuleMeta): string =>
  [
    `${action}.`,
    ...(steps.length === 0 ? [] : [steps.map((step, i) => `${i + 1}. ${step}`).join('\n')]),
    ...(effort === undefined ? [] : [`Effort: ${EFFORTS[effort]}.`]),
  ].join('\n\n')

const EFFORTS = { small: 'minutes', medium: 'days', large: 'a project' } as const

const clauseTable = ({ id, clauses }: RuleMeta): string => {
  if (clauses.length === 0) return `It names none: ${WITHOUT_CLAUSES[id] ?? 'nobody says why'}.`
  const rows = clauses.map(({ framework, clause, strength }) => {
    const known = FRAMEWORKS.find(({ id }) => id === framework)
    return [known?.title ?? framework, clause, known?.clauses[clause] ?? '', strength]
  })
  return `A working proposal, which an auditor has to review ([what that means](README.md#clauses)).\n\n${table(
    ['framework', 'clause', 'about', 'strength'],
    rows,
  )}`
}

const sentence = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.`
