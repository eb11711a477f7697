import { expectedOption, type OptionDescriptor, type RuleMeta } from '@backproof/core/audit'
import { durationText } from '@backproof/core/run'
import { COLUMNS, pad, type Style, table, wrap } from '@backproof/reporters/text'
import type { Membership } from '@backproof/rules/presets'

/** Everything that a rule says of itself, and the preset that it belongs to. */
export const rulePage = (rule: RuleMeta, preset: Membership | undefined, style: Style): string => {
  const heading = (text: string): string => `${style('bold', text)}\n`
  const { id, title, scope, severity, category, since, deprecated, remediation } = rule
  const blocks = [
    `${style('bold', id)}\n${paragraph(`${title}. Asked about every ${scope}; a failure is ${severity}. Category ${category}, ${preset === undefined ? '' : `${PRESET_WORDS[preset]}, `}since ${since}.`)}`,
    ...(deprecated === undefined
      ? []
      : [
          paragraph(
            `Deprecated since ${deprecated.since}${deprecated.replacedBy === undefined ? '' : `; instead: ${deprecated.replacedBy.join(', ')}`}.`,
          ),
        ]),
    `${heading('What it checks')}${rule.description.map(paragraph).join('\n')}`,
    `${heading('Why')}${paragraph(rule.rationale)}`,
    `${heading('Facts that it needs')}${table(rule.facts.map(({ token, description }) => [token, description])) || '  none\n'}`,
    `${heading('Options')}${options(rule)}`,
    `${heading('What it can say')}${table(
      Object.entries(rule.messages).map(([name, { status, text }]) => [
        `${pad(status, STATUS_COLUMNS)}  ${name}`,
        text,
      ]),
    )}`,
    `${heading('What to do when it fails')}${paragraph(`${remediation.action}.`)}${(remediation.steps ?? []).map((step, i) => paragraph(`${i + 1}. ${step}`)).join('')}`,
    `${heading('Clauses')}${table(rule.clauses.map(({ framework, clause, strength }) => [`${framework} ${clause}`, strength])) || '  none\n'}`,
    `${heading('Ask this rule alone')}  backproof audit POLICY --rule ${example(rule)}\n`,
  ]
  return blocks.join('\n')
}

const PRESET_WORDS: Readonly<Record<Membership, string>> = {
  recommended: 'preset recommended',
  strict: 'preset strict',
  'opt-in': 'in no preset',
}

const STATUS_COLUMNS = 'not-applicable'.length

const paragraph = (text: string): string =>
  `${wrap(text, COLUMNS - 2)
    .map((line) => `  ${line}`)
    .join('\n')}\n`

const options = ({ options: descriptors }: RuleMeta): string =>
  table(
    Object.entries(descriptors).map(([name, descriptor]) => [
      `${name}=${defaultText(descriptor)}`,
      `${descriptor.description} ${upperFirst(expectedOption(descriptor))}. Source of the default: ${descriptor.source}.`,
    ]),
  ) || '  none\n'

/** As `--rule` takes it. */
const defaultText = (descriptor: OptionDescriptor): string => {
  if (descriptor.kind === 'texts') return descriptor.default.join(',')
  if (descriptor.default === undefined)
    return `(${descriptor.kind === 'number' || descriptor.kind === 'duration' ? descriptor.otherwise : ''})`
  return descriptor.kind === 'duration' ? durationText(descriptor.default) : String(descriptor.default)
}

const example = ({ id, options: descriptors }: RuleMeta): string => {
  const settable = Object.entries(descriptors).find(
    ([, { default: value }]) => value !== undefined && String(value) !== '',
  )
  return settable === undefined ? id : `${id}:${settable[0]}=${defaultText(settable[1])}`
}

const upperFirst = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`
