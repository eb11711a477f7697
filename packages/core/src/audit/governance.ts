/*
 * People and their promises, as a policy tells of them. Times are milliseconds since 1970, spans milliseconds; of what ends with a
 * day its last moment in UTC.
 */

export interface Contact {
  readonly id: string
  readonly name: string
  /** `mailto:`, `tel:`, `https:` ... */
  readonly channels: readonly string[]
  /** When somebody last answered there. */
  readonly tested?: number | undefined
}

export interface EscalationPath {
  readonly id: string
  readonly levels: readonly { readonly contacts: readonly string[]; readonly withinMinutes?: number | undefined }[]
  /** Id of the path that follows. */
  readonly then?: string | undefined
  readonly tested?: number | undefined
}

/** Who is told when a job fails or does not run. */
export interface AlertRoute {
  readonly id: string
  readonly on: readonly ('failed' | 'missed')[]
  /** Assets, with `*` for any characters. Default: all. */
  readonly assets?: readonly string[] | undefined
  readonly plans?: readonly string[] | undefined
  /** Ids of contacts, or channels. */
  readonly to: readonly string[]
  /** When a test alert last arrived. */
  readonly tested?: number | undefined
}

/** Somebody with a part in backups. */
export interface Person {
  /** As trainings name it. */
  readonly name: string
  /** `backup-operator`, `restore-lead` ... */
  readonly roles: readonly string[]
}

export interface Training {
  readonly person: string
  readonly role: string
  readonly course: string
  readonly completed: number
  readonly drilled?: number | undefined
}

export interface Review {
  /** `access`, `access-log`, `policy`, `media` ... */
  readonly kind: string
  readonly at: number
  readonly by: string
  readonly scope?: string | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
}

export interface Attestation {
  readonly id: string
  readonly subject: string
  readonly statement: string
  readonly by: string
  readonly at: number
  readonly expires: number
  readonly evidence?: string | undefined
  /** Clauses that it speaks to, as `FRAMEWORK CLAUSE`: `pci-dss 12.10.4`. */
  readonly clauses?: readonly string[] | undefined
}

export interface CorrectiveAction {
  readonly id: string
  readonly rule?: string | undefined
  readonly target?: string | undefined
  readonly fingerprint?: string | undefined
  readonly severity: 'critical' | 'high' | 'medium' | 'low' | 'info'
  readonly owner: string
  readonly opened: number
  readonly due: number
  readonly closed?: number | undefined
  readonly retested?: number | undefined
}

/** A report that somebody gets again and again. */
export interface ReportSchedule {
  readonly id: string
  /** How often, milliseconds. */
  readonly every: number
  /** `html`, `json`, `sarif` ... */
  readonly formats: readonly string[]
  /** Ids of contacts, or channels. */
  readonly to: readonly string[]
  /** When the last one arrived. */
  readonly delivered?: number | undefined
}
