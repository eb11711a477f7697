import { jsonDocument } from '@backproof/reporters/json'
import { styleFor } from '@backproof/reporters/text'
import { type Parsed, seeHelp } from '../args/parse.js'
import type { CommandSpec } from '../args/spec.js'
import { usageError } from '../args/usage-error.js'
import { flag } from '../args/values.js'
import { findRule, knownRules } from '../audit/known-rules.js'
import type { Command } from '../command.js'
import { ruleList } from '../output/rule-list.js'
import { rulePage } from '../output/rule-page.js'
import { writeStdout } from '../output/stdout.js'

const spec: CommandSpec = {
  name: 'rules',
  summary: 'List the rules that `audit` knows, or show one with its options and clauses.',
  usage: ['rules [--json]', 'rules [--json] ID'],
  about: [
    'Without ID: every rule with its severity, the kind of target that it is asked about, and what it demands.',
    'With ID: what the rule checks and why, the facts that it needs, its options with their defaults and where these come from, everything that it can say, what to do when it fails, and the clauses of frameworks that it speaks to.',
  ],
  options: [
    { name: 'json', type: 'boolean', help: 'One JSON document on standard output: {rules}, or with ID the one rule.' },
  ],
  examples: [
    { command: 'rules', meaning: 'What can be audited?' },
    { command: 'rules job-success-rate', meaning: 'What does this rule do, and what can be set?' },
    { command: 'audit policy.yaml --rule job-success-rate:minPercent=99', meaning: 'Ask this one rule' },
  ],
}

const run = async ({ values, positionals }: Parsed): Promise<number> => {
  const [id, ...others] = positionals
  if (others.length > 0)
    throw usageError(`rules shows one rule, ${positionals.length} were named`, `Name one of them. ${seeHelp(spec)}`)
  const rules = await knownRules()
  const one = id === undefined ? undefined : findRule(rules, id)
  if (flag(values, 'json'))
    await writeStdout(jsonDocument(one === undefined ? { rules: rules.map(({ meta }) => meta) } : one.meta))
  else {
    const style = styleFor(process.stdout)
    await writeStdout(
      one === undefined
        ? ruleList(
            rules.map(({ meta }) => meta),
            style,
          )
        : rulePage(one.meta, style),
    )
  }
  return 0
}

export const command: Command = { spec, run }
