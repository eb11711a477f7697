import { FRAMEWORKS } from '../../../audit/index.js'
import { SEVERITIES } from '../../../audit/verdict.js'
import type { CheckDefinition } from '../bench.js'
import { broken } from '../broken.js'

export const metaChecks: readonly CheckDefinition[] = [
  {
    name: 'meta-complete',
    title: 'everything that docs show of the rule is there',
    run: ({ meta }) => {
      const { id, title, description, rationale, category, severity, scope, since, remediation } = meta
      const texts = { title, rationale, category, scope, since, 'remediation.action': remediation.action }
      for (const [name, text] of Object.entries(texts))
        if (text.trim() === '') throw broken(`The ${name} of ${id} is empty.`)
      if (description.length === 0 || description.some((paragraph) => paragraph.trim() === ''))
        throw broken(`The description of ${id} is empty, or has an empty paragraph.`)
      if (!SEVERITIES.includes(severity)) throw broken(`${severity} is no severity.`)
      for (const [message, { text }] of Object.entries(meta.messages))
        if (text.trim() === '' || text.endsWith('.'))
          throw broken(`The text of ${message} is empty, or ends with a full stop: it stands within a line.`)
    },
  },
  {
    name: 'clauses-exist',
    title: 'the clauses are those of frameworks that are known, each once',
    run: ({ meta }) => {
      const seen = new Set<string>()
      for (const { framework, clause } of meta.clauses) {
        const known = FRAMEWORKS.find(({ id }) => id === framework)
        if (known === undefined) throw broken(`There is no framework ${framework}, or not in FRAMEWORKS.`)
        if (!Object.hasOwn(known.clauses, clause)) throw broken(`${known.title} has no clause ${clause} here.`)
        const name = `${framework} ${clause}`
        if (seen.has(name)) throw broken(`The clause ${name} is named twice.`)
        seen.add(name)
      }
    },
  },
  {
    name: 'facts-as-declared',
    title: 'the rule needs what its meta says',
    run: ({ meta, plain }) => {
      const { needs, folds } = plain()
      const needed = [...Object.values(needs), ...Object.values(folds).map(({ history }) => history)]
      const names = (of: readonly string[]): string => [...new Set(of)].sort().join(', ') || 'nothing'
      const declared = names(meta.facts.map(({ token }) => token))
      const found = names(needed.map(({ name }) => name))
      if (declared !== found) throw broken(`The meta of ${meta.id} names ${declared}; the rule needs ${found}.`)
    },
  },
]
