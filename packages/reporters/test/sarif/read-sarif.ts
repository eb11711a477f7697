import { countBy, type ReadBack } from '../support/read-back.js'

export interface SarifResult {
  readonly ruleId: string
  readonly ruleIndex?: number
  readonly kind: string
  readonly level: string
  readonly message: { readonly text: string }
  readonly locations: readonly {
    readonly physicalLocation?: {
      readonly artifactLocation: { readonly uri: string }
      readonly region?: { readonly startLine: number }
    }
    readonly logicalLocations: readonly { readonly fullyQualifiedName: string; readonly kind: string }[]
  }[]
  readonly partialFingerprints: Readonly<Record<string, string>>
  readonly suppressions?: readonly { readonly kind: string; readonly status: string; readonly justification: string }[]
  readonly properties: Readonly<Record<string, unknown>> & { readonly severity: string }
}

export interface SarifNotification {
  readonly level: string
  readonly message: { readonly text: string }
  readonly descriptor: { readonly id: string }
  readonly associatedRule?: { readonly id: string; readonly index: number }
}

export interface SarifRule {
  readonly id: string
  readonly help?: { readonly text: string }
  readonly relationships?: readonly {
    readonly target: {
      readonly id: string
      readonly index: number
      readonly toolComponent: { readonly name: string; readonly index: number }
    }
  }[]
  readonly defaultConfiguration: { readonly level: string }
  readonly properties: Readonly<Record<string, unknown>>
}

export interface SarifRun {
  readonly tool: { readonly driver: { readonly version: string; readonly rules: readonly SarifRule[] } }
  readonly taxonomies?: readonly { readonly name: string; readonly taxa: readonly { readonly id: string }[] }[]
  readonly results: readonly SarifResult[]
  readonly invocations: readonly [
    {
      readonly executionSuccessful: boolean
      readonly exitCode: number
      readonly exitCodeDescription: string
      readonly toolExecutionNotifications: readonly SarifNotification[]
    },
  ]
  readonly properties: Readonly<Record<string, unknown>>
}

export const readSarif = (text: string): SarifRun => (JSON.parse(text) as { runs: readonly [SarifRun] }).runs[0]

const STATUSES: Readonly<Record<string, string>> = { open: 'unknown', notApplicable: 'not-applicable' }

/** What a file says of the run. */
export const sarifSays = (text: string): ReadBack => {
  const { results, invocations } = readSarif(text)
  const statuses = countBy(results, ({ kind }) => STATUSES[kind] ?? kind)
  const errors = invocations[0].toolExecutionNotifications.filter(({ associatedRule }) => associatedRule !== undefined)
  return {
    statuses: errors.length > 0 ? { ...statuses, error: errors.length } : statuses,
    waived: results.filter(({ suppressions = [] }) => suppressions.length > 0).length,
    exitCode: invocations[0].exitCode,
  }
}
