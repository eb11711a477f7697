/** A framework of controls that rules refer to. */
export interface Framework {
  /** Stable; what `ClauseRef.framework` names. */
  readonly id: string
  readonly title: string
  /** The edition whose clauses these are. */
  readonly version: string
  /** Clauses that rules speak to, with what they are about in our own words; not the whole framework. */
  readonly clauses: Readonly<Record<string, string>>
}
