import type { RuleMeta } from '@backproof/core/audit'
import { pad, plural, type Style } from '@backproof/reporters/text'

/** Rules by category: id, severity, what they are asked about, what they demand. */
export const ruleList = (rules: readonly RuleMeta[], style: Style): string => {
  const columns = widest(rules.map(({ id }) => id))
  const severities = widest(rules.map(({ severity }) => severity))
  const scopes = widest(rules.map(({ scope }) => scope))
  const categories = [...new Set(rules.map(({ category }) => category))]
  const blocks = categories.map((category) => [
    style('bold', category),
    ...rules
      .filter((rule) => rule.category === category)
      .map(
        ({ id, severity, scope, title }) =>
          `  ${pad(id, columns)}  ${pad(severity, severities)}  ${pad(scope, scopes)}  ${title}`,
      ),
  ])
  const last = `${plural(rules.length, 'rule')}. One in full: backproof rules ID`
  return `${[...blocks, [last]].map((lines) => lines.join('\n')).join('\n\n')}\n`
}

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(({ length }) => length))
