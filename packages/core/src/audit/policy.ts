import { type FactToken, factToken } from './fact.js'
import type {
  AlertRoute,
  Attestation,
  Contact,
  CorrectiveAction,
  EscalationPath,
  Person,
  ReportSchedule,
  Review,
  Training,
} from './governance.js'
import type { Waiver } from './waiver.js'

/*
 * What an organisation promises about its backups, as rules see it: read from the policy manifest (`@backproof/core/policy`) or
 * written by hand. Times are milliseconds since 1970, spans milliseconds, sizes bytes; dates of the manifest are the first
 * moment of that day in UTC, and of what ends with a day its last. What is optional here may be left out of a policy.
 */

/** Version of the shape of policy manifests. Within v1, members are only added. */
export const POLICY_SCHEMA = 'backproof.policy/v1'

export type Criticality = 'critical' | 'high' | 'medium' | 'low'

/** Most critical first. */
export const CRITICALITIES: readonly Criticality[] = ['critical', 'high', 'medium', 'low']

/** When a job is expected to start. */
export type Schedule =
  | {
      /** Five or six fields (seconds first), or `@daily` and the like, as cron has them. */
      readonly cron: string
      /** IANA name, for example `Europe/Berlin`. */
      readonly timezone: string
    }
  | {
      /** RFC 5545, for example `FREQ=WEEKLY;BYDAY=MO,TH`. */
      readonly rrule: string
      /** First start in local time, `2026-01-05T03:00:00`. */
      readonly start: string
      readonly timezone: string
    }

/** A time of day in which something may, or must not, happen. Ends on the next day where `to` is not after `from`. */
export interface TimeWindow {
  /** `HH:MM`. */
  readonly from: string
  /** `HH:MM`; equal to `from`: 24 hours. */
  readonly to: string
  readonly timezone: string
  /** Days on which it begins. Default: every day. */
  readonly days?: readonly Weekday[] | undefined
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'

/** A job that is meant to run again and again, for one asset or several. */
export interface BackupPlan {
  readonly id: string
  /** Starts that are expected: those of all schedules. None: runs on demand, and none is ever missed. */
  readonly schedules: readonly Schedule[]
  /** When its runs may be under way. */
  readonly window?: TimeWindow | undefined
  /** When they must not be. */
  readonly blackouts?: readonly TimeWindow[] | undefined
  /** Minutes after a start that is expected in which it still counts as in time. */
  readonly toleranceMinutes?: number | undefined
  readonly maxConcurrent?: number | undefined
  readonly system?: string | undefined
  /** Id of a retention class. */
  readonly retention?: string | undefined
}

/** A copy of what an asset's backups hold. */
export interface Copy {
  /** Canonical URI of the source that compares and verifications name, for example `s3://backups/shop/`. */
  readonly uri: string
  /** Id of a store. */
  readonly store?: string | undefined
  /** The one that the others are held against. Default: the first. */
  readonly primary?: boolean | undefined
}

/** What is backed up: a system, a database, a share, a mailbox. */
export interface Asset {
  readonly id: string
  readonly name?: string | undefined
  readonly criticality?: Criticality | undefined
  /** Classes of data, for example `personal`, `phi`, `card`. */
  readonly dataClasses?: readonly string[] | undefined
  readonly owner?: string | undefined
  /** Since when it has to be backed up. */
  readonly since?: number | undefined
  /** Recovery point objective, milliseconds. */
  readonly rpo?: number | undefined
  /** Recovery time objective, milliseconds. */
  readonly rto?: number | undefined
  /** Plans that back it up. */
  readonly plans: readonly BackupPlan[]
  /** How long recovery points are kept. */
  readonly retention?: RetentionClass | undefined
  readonly copies: readonly Copy[]
  /** What a restore test has to prove at least. */
  readonly restoreLevel?: RestoreLevel | undefined
  /** How often it has to be restored, milliseconds. */
  readonly restoreEvery?: number | undefined
  /** Where it runs: what its backups should not fall together with. */
  readonly production?: FailureDomains | undefined
  /** Id of an escalation path. */
  readonly escalation?: string | undefined
  /** `false`: switched off, and still to be backed up. Default true. */
  readonly active?: boolean | undefined
  /** A service of somebody else: its name, and when the attestation of its backups was made. */
  readonly thirdParty?:
    | { readonly service: string; readonly attested?: number | undefined; readonly exported?: boolean | undefined }
    | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
}

/** What a restore proved: bytes were written, content was compared, it was mounted, it booted, the application answered. */
export type RestoreLevel = 'bytes' | 'content' | 'mount' | 'boot' | 'application'

/** Weakest first. */
export const RESTORE_LEVELS: readonly RestoreLevel[] = ['bytes', 'content', 'mount', 'boot', 'application']

/**
 * What can fail at once, or be lost to one person: two places that share one of these fall together there. What is left out nobody
 * has said, and is not known to be apart.
 */
export interface FailureDomains {
  /** The disk, array or machine. */
  readonly device?: string | undefined
  /** Account, subscription, project or domain. */
  readonly account?: string | undefined
  readonly region?: string | undefined
  /** Building. What is in another is off-site. Default where there is a region: that. */
  readonly site?: string | undefined
  readonly provider?: string | undefined
  /** Who can change or delete what is in it. */
  readonly administrators?: readonly string[] | undefined
  /** Name of the key that it is encrypted with. */
  readonly key?: string | undefined
  /** `disk`, `object`, `tape`, `optical` ... */
  readonly media?: string | undefined
}

/** Where backups are kept. */
export interface Store extends FailureDomains {
  readonly id: string
  readonly uri?: string | undefined
  /** `s3`, `azure-blob`, `gcs`, `local` ... */
  readonly platform?: string | undefined
  /** A limit where the platform has none, bytes. */
  readonly quotaBytes?: number | undefined
  readonly quotaObjects?: number | undefined
  /** Detached from every network, or in an account of its own that production cannot reach. */
  readonly airGapped?: boolean | undefined
}

export interface RetentionClass {
  readonly id: string
  readonly minDays?: number | undefined
  readonly maxDays?: number | undefined
  /** Why it has to go, or may stay: a law, a contract. */
  readonly basis?: string | undefined
  readonly dataClasses?: readonly string[] | undefined
  readonly gfs?:
    | { readonly daily?: number; readonly weekly?: number; readonly monthly?: number; readonly yearly?: number }
    | undefined
}

/** The whole policy, references resolved: assets hold their plans and retention classes. */
export interface Policy {
  readonly schema: typeof POLICY_SCHEMA
  readonly name?: string | undefined
  readonly owner?: string | undefined
  readonly approvedBy?: string | undefined
  readonly reviewed?: number | undefined
  readonly assets: readonly Asset[]
  readonly plans: readonly BackupPlan[]
  readonly stores: readonly Store[]
  readonly retention: readonly RetentionClass[]
  readonly contacts: readonly Contact[]
  readonly escalation: readonly EscalationPath[]
  readonly alerts: readonly AlertRoute[]
  /** Who has which role. */
  readonly people?: readonly Person[] | undefined
  readonly trainings: readonly Training[]
  readonly reviews: readonly Review[]
  readonly attestations: readonly Attestation[]
  readonly correctiveActions: readonly CorrectiveAction[]
  /** Reports that somebody gets again and again. */
  readonly reports?: readonly ReportSchedule[] | undefined
  /** Ids of the frameworks that it has to satisfy, for example `pci-dss`. */
  readonly frameworks?: readonly string[] | undefined
  /** How what is past its retention is destroyed. */
  readonly disposal?: string | undefined
  readonly waivers: readonly Waiver[]
  /** Where things are declared, by JSON pointer (`/assets/0`), for reports that point at a line. */
  readonly declared?: Readonly<Record<string, { readonly file: string; readonly line: number }>> | undefined
}

/** What the policy promises of an asset; absent where it does not name the asset, or there is no policy. The engine gives it. */
export const assetPolicy: FactToken<Asset> = /* @__PURE__ */ factToken('policy.asset', {
  description: 'what the policy promises of the asset',
})

/** What the policy says of a store. The engine gives it. */
export const storePolicy: FactToken<Store> = /* @__PURE__ */ factToken('policy.store', {
  description: 'what the policy says of the store',
})

/** The whole policy. The engine gives it; absent where there is none. */
export const policyFact: FactToken<Policy> = /* @__PURE__ */ factToken('policy', {
  of: 'estate',
  description: 'the whole policy',
})

/**
 * When the plans of an asset are expected to start: what their schedules come to in their time zones. Ranges and starts are
 * milliseconds since 1970, `from` inclusive, `to` exclusive; starts ascend, each moment once. Pure: the same range gives the same.
 */
export interface Timetable {
  /** Starts of one plan of the asset; none for a plan that it does not have. */
  starts(plan: string, range: { readonly from: number; readonly to: number }): Iterable<number>
}

/**
 * The timetable of an asset; absent where the policy does not name it, or there is no policy. The engine gives it. A fact, so that
 * rules need no calendar, and scripts can give starts by hand.
 */
export const assetTimetable: FactToken<Timetable> = /* @__PURE__ */ factToken('policy.timetable', {
  description: 'when the plans of the asset are expected to start',
})
