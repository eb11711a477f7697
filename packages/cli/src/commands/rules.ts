import type { RuleFactory } from '@backproof/core/audit'
import { jsonDocument } from '@backproof/reporters/json'
import { styleFor } from '@backproof/reporters/text'
import type { Preset } from '@backproof/rules/presets'
import { type Parsed, seeHelp } from '../args/parse.js'
import { frameworkNamed } from '../args/rule-sets.js'
import type { CommandSpec } from '../args/spec.js'
import { usageError } from '../args/usage-error.js'
import { flag, text } from '../args/values.js'
import { findRule, knownRules } from '../audit/known-rules.js'
import type { Command } from '../command.js'
import { ruleList } from '../output/rule-list.js'
import { rulePage } from '../output/rule-page.js'
import { writeStdout } from '../output/stdout.js'

const spec: CommandSpec = {
  name: 'rules',
  summary: 'List the rules that `audit` knows, or show one with its options and clauses.',
  usage: ['rules [--json] [--framework ID]', 'rules [--json] ID'],
  about: [
    'Without ID: every rule with its severity, the preset that it belongs to, the kind of target that it is asked about, and what it demands.',
    'With ID: what the rule checks and why, the facts that it needs, its options with their defaults and where these come from, everything that it can say, what to do when it fails, and the clauses of frameworks that it speaks to.',
  ],
  options: [
    {
      name: 'framework',
      type: 'string',
      value: 'ID',
      help: 'Only the rules that `audit --framework ID` asks, and the numbers that it tightens.',
    },
    { name: 'json', type: 'boolean', help: 'One JSON document on standard output: {rules}, or with ID the one rule.' },
  ],
  examples: [
    { command: 'rules', meaning: 'What can be audited?' },
    { command: 'rules job-success-rate', meaning: 'What does this rule do, and what can be set?' },
    { command: 'rules --framework pci-dss', meaning: 'Which rules speak to PCI DSS?' },
    { command: 'audit policy.yaml --rule job-success-rate:minPercent=99', meaning: 'Ask this one rule' },
  ],
}

const run = async ({ values, positionals }: Parsed): Promise<number> => {
  const [id, ...others] = positionals
  if (others.length > 0)
    throw usageError(`rules shows one rule, ${positionals.length} were named`, `Name one of them. ${seeHelp(spec)}`)
  const framework = text(values, 'framework')
  if (id !== undefined && framework !== undefined)
    throw usageError('a rule and a framework were named', 'Leave one of them out.')
  const known = await knownRules()
  const json = flag(values, 'json')
  await writeStdout(id === undefined ? await listOf(known, framework, json) : await pageOf(known, id, json))
  return 0
}

const pageOf = async (known: readonly RuleFactory[], id: string, json: boolean): Promise<string> => {
  const { meta } = findRule(known, id)
  const { membershipOf } = await import('@backproof/rules/presets')
  const preset = membershipOf(id)
  return json ? jsonDocument({ ...meta, preset }) : rulePage(meta, preset, styleFor(process.stdout))
}

const listOf = async (known: readonly RuleFactory[], framework: string | undefined, json: boolean): Promise<string> => {
  const [{ membershipOf, PRESETS }, { FRAMEWORK_PRESETS }] = await Promise.all([
    import('@backproof/rules/presets'),
    import('@backproof/rules/frameworks'),
  ])
  const id = framework === undefined ? undefined : frameworkNamed(framework, Object.keys(FRAMEWORK_PRESETS))
  const asked = id === undefined ? undefined : FRAMEWORK_PRESETS[id]?.()
  const metas = asked === undefined ? known.map(({ meta }) => meta) : asked.rules.map(({ meta }) => meta)
  const rules = metas.map((meta) => ({ meta, preset: membershipOf(meta.id) }))
  if (json) return jsonDocument({ rules: rules.map(({ meta, preset }) => ({ ...meta, preset })) })
  const presets = Object.values(PRESETS).map((make) => make())
  return ruleList(
    rules,
    asked === undefined ? presets.flatMap(presetNotes) : frameworkNotes(asked),
    styleFor(process.stdout),
  )
}

const presetNotes = (preset: Preset): readonly string[] => [
  `audit --preset ${preset.id}: ${preset.rules.length} rules. ${preset.description}`,
  ...numberNotes(preset),
]

const frameworkNotes = (preset: Preset): readonly string[] => [preset.description, ...numberNotes(preset)]

const numberNotes = ({ numbers }: Preset): readonly string[] =>
  numbers.map(({ rule, option, value, source }) => `  ${rule}:${option}=${value}  (${source})`)

export const command: Command = { spec, run }
