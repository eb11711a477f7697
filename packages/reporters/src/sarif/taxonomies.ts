import { FRAMEWORKS, type RuleSummary } from '@backproof/core/audit'
import type { ReportDocument } from '../model/document.js'
import { oneLine } from '../text/one-line.js'
import { message } from './message.js'

type Clause = RuleSummary['clauses'][number]

/** Frameworks as taxonomies and their clauses as taxa (SARIF 2.1.0, 3.19.3): only clauses that rules of the document speak to. */
export interface Taxonomies {
  /** `run.taxonomies`. */
  readonly components: readonly Readonly<Record<string, unknown>>[]
  /** `toolComponent.supportedTaxonomies` of the driver. */
  readonly references: readonly { readonly name: string; readonly index: number }[]
  /** From a rule to a clause, `reportingDescriptorRelationship`. Empty where the clause is not in `components`. */
  readonly relationshipOf: (clause: Clause) => readonly Readonly<Record<string, unknown>>[]
}

export const taxonomiesOf = ({ report: { result } }: ReportDocument): Taxonomies => {
  const clauses = result.kind === 'audit' ? result.rules.flatMap((rule) => rule.clauses) : []
  const frameworks = [...new Set(clauses.map(({ framework }) => framework))].sort().map((id) => ({
    id,
    taxa: [...new Set(clauses.filter(({ framework }) => framework === id).map(({ clause }) => clause))].sort(),
  }))
  return {
    components: frameworks.map(({ id, taxa }) => componentOf(id, taxa)),
    references: frameworks.map(({ id }, index) => ({ name: oneLine(id), index })),
    relationshipOf: ({ framework, clause, strength }) => {
      const index = frameworks.findIndex(({ id }) => id === framework)
      const taxon = frameworks[index]?.taxa.indexOf(clause) ?? -1
      if (taxon < 0) return []
      return [
        {
          target: { id: oneLine(clause), index: taxon, toolComponent: { name: oneLine(framework), index } },
          kinds: ['relevant'],
          properties: { strength },
        },
      ]
    },
  }
}

const componentOf = (id: string, clauses: readonly string[]): Readonly<Record<string, unknown>> => {
  const framework = FRAMEWORKS.find((known) => known.id === id)
  return {
    name: oneLine(id),
    ...(framework !== undefined && {
      fullName: oneLine(framework.title),
      version: oneLine(framework.version),
      shortDescription: message(framework.title),
    }),
    // The clauses that rules speak to, not the whole framework.
    isComprehensive: false,
    taxa: clauses.map((clause) => {
      const about = framework?.clauses[clause]
      return { id: oneLine(clause), ...(about !== undefined && { shortDescription: message(about) }) }
    }),
  }
}
