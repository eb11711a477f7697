/** Kinds of targets. Open strings with known values. */
export type TargetKind = 'estate' | 'asset' | 'plan' | 'store' | 'recovery-point' | 'key' | 'principal' | (string & {})

export type AttributeValue = string | number | boolean | readonly string[]

/** What is audited. Identity is (kind, id). */
export interface AuditTarget {
  readonly kind: TargetKind
  readonly id: string
  /** For people. Default: the id. */
  readonly name?: string | undefined
  /** What `select` and `applies` look at, for example `criticality`, `platform`. One that is missing makes the verdict `unknown`. */
  readonly attributes?: Readonly<Record<string, AttributeValue>> | undefined
  /** Where it is declared, for reports that point at a line. */
  readonly declaredAt?: { readonly file: string; readonly line: number } | undefined
}

/** The one target of rules that judge everything together. Every run has it. */
export const ESTATE: AuditTarget = { kind: 'estate', id: 'estate' }
