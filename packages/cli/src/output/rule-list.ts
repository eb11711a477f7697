import type { RuleMeta } from '@backproof/core/audit'
import { pad, plural, type Style } from '@backproof/reporters/text'
import type { Membership } from '@backproof/rules/presets'

/** A rule with the preset that it belongs to. */
export interface ListedRule {
  readonly meta: RuleMeta
  readonly preset: Membership | undefined
}

/** Rules by category: id, severity, preset, what they are asked about, what they demand; then `notes`. */
export const ruleList = (rules: readonly ListedRule[], notes: readonly string[], style: Style): string => {
  const columns = widest(rules.map(({ meta }) => meta.id))
  const severities = widest(rules.map(({ meta }) => meta.severity))
  const presets = widest(rules.map(({ preset = '' }) => preset))
  const scopes = widest(rules.map(({ meta }) => meta.scope))
  const categories = [...new Set(rules.map(({ meta }) => meta.category))]
  const blocks = categories.map((category) => [
    style('bold', category),
    ...rules
      .filter(({ meta }) => meta.category === category)
      .map(
        ({ meta: { id, severity, scope, title }, preset = '' }) =>
          `  ${pad(id, columns)}  ${pad(severity, severities)}  ${pad(preset, presets)}  ${pad(scope, scopes)}  ${title}`,
      ),
  ])
  const last = `${plural(rules.length, 'rule')}. One in full: backproof rules ID`
  return `${[...blocks, ...(notes.length > 0 ? [notes] : []), [last]].map((lines) => lines.join('\n')).join('\n\n')}\n`
}

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(({ length }) => length))
