import type { Person, ReportSchedule } from '../audit/governance.js'
import type { Asset, BackupPlan, Policy, Schedule, TimeWindow } from '../audit/policy.js'
import type { Severity } from '../audit/verdict.js'

/*
 * A manifest as it is written: references are ids, time zones may be left to the top of the file. Dates, spans and sizes are read
 * already.
 *
 * Where something is wrong, members that are needed may be missing all the same: that is reported, and the rest is still looked at, so
 * that all problems are told at once. What looks at a manifest has to stand that.
 */

type Unzoned<T> = T extends { readonly timezone: string }
  ? Omit<T, 'timezone'> & { readonly timezone?: string | undefined }
  : never

export type ManifestSchedule = Unzoned<Schedule>
export type ManifestWindow = Unzoned<TimeWindow>

export interface ManifestPlan extends Omit<BackupPlan, 'schedules' | 'window' | 'blackouts'> {
  readonly schedules: readonly ManifestSchedule[]
  readonly window?: ManifestWindow | undefined
  readonly blackouts: readonly ManifestWindow[]
}

export interface ManifestAsset extends Omit<Asset, 'plans' | 'retention'> {
  readonly plans: readonly string[]
  readonly retention?: string | undefined
}

/** Lines of rows in a file. */
export interface ManifestFile {
  readonly file: string
}

/** Objects of a place whose keys tell when a recovery point was made. */
export interface ManifestPlace {
  readonly source: string
  readonly pattern: string
  readonly asset?: string | undefined
  readonly store?: string | undefined
  readonly timezone?: string | undefined
  readonly complete?: string | undefined
  readonly others?: 'error' | 'ignore' | undefined
}

/** A file system whose fill level is asked for. */
export interface ManifestDisk {
  readonly path: string
  readonly store: string
}

export interface ManifestHistories {
  readonly jobs: readonly ManifestFile[]
  readonly recoveryPoints: readonly (ManifestFile | ManifestPlace)[]
  readonly drills: readonly ManifestFile[]
  readonly capacity: readonly (ManifestFile | ManifestDisk)[]
  readonly reports: readonly ManifestFile[]
}

type OptionValue = string | number | boolean
export interface ManifestRule {
  readonly rule?: string | undefined
  readonly options?: Readonly<Record<string, OptionValue | readonly OptionValue[]>> | undefined
  readonly severity?: Severity | undefined
  readonly select?:
    | {
        readonly ids?: readonly string[] | undefined
        readonly attributes?: Readonly<Record<string, OptionValue | readonly OptionValue[]>> | undefined
      }
    | undefined
}

export interface Manifest extends Omit<Policy, 'assets' | 'plans' | 'people' | 'reports' | 'frameworks' | 'declared'> {
  readonly people: readonly Person[]
  readonly reports: readonly ReportSchedule[]
  readonly frameworks: readonly string[]
  readonly $schema?: string | undefined
  readonly timezone?: string | undefined
  readonly extends: readonly string[]
  readonly assets: readonly ManifestAsset[]
  readonly plans: readonly ManifestPlan[]
  readonly histories?: ManifestHistories | undefined
  readonly rules?: Readonly<Record<string, ManifestRule>> | undefined
}
