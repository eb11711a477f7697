import type { FailureDomains, RetentionClass, Store, Weekday } from '../audit/policy.js'
import type { ManifestPlan, ManifestSchedule, ManifestWindow } from './manifest-types.js'
import { either, has, list, listed, type Members, object, optional, required, type Shape, scalar } from './shape.js'
import { choice, flag, id, size, text, uri, whole } from './values.js'

const ZONE = 'IANA time zone, for example Europe/Berlin. Default: `timezone` of the file'
const DAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

const cronText: Shape<ManifestSchedule> = scalar(
  'a cron expression such as "30 2 * * *", or a map with cron or rrule',
  { type: 'string', minLength: 1 },
  (value) => (typeof value === 'string' ? { cron: value } : undefined),
)

type Rrule = Extract<ManifestSchedule, { readonly rrule: string }>
type Cron = Extract<ManifestSchedule, { readonly cron: string }>

const cron: Shape<Cron> = object<Cron>('a schedule', {
  cron: required(text, 'Cron: five fields, or six with seconds first, or @daily and the like'),
  timezone: optional(text, ZONE),
})

const rrule: Shape<Rrule> = object<Rrule>('a schedule', {
  rrule: required(text, 'Rule of RFC 5545, for example FREQ=WEEKLY;BYDAY=MO,TH'),
  start: required(text, 'First start in local time, for example 2026-01-05T03:00:00'),
  timezone: optional(text, ZONE),
})

const schedule: Shape<ManifestSchedule> = either<ManifestSchedule>(
  cronText.expected,
  [cronText, cron, rrule],
  (node) => {
    if (node.kind !== 'map') return cronText
    return has(node, 'rrule') ? rrule : cron
  },
)

const window: Shape<ManifestWindow> = object<ManifestWindow>('a window', {
  from: required(text, 'Time of day at which it begins, HH:MM in quotes'),
  to: required(
    text,
    'Time of day at which it ends, of the next day where it is not after `from`; equal to it: 24 hours',
  ),
  timezone: optional(text, ZONE),
  days: optional(list(choice(DAYS)), 'Days on which it begins; left out: every day'),
})

export const planShape: Shape<ManifestPlan> = object<ManifestPlan>('a plan', {
  id: required(id, 'What assets, histories and reports name it by'),
  schedules: listed(
    list(schedule),
    'When its runs are expected to start; none: it runs on demand, and no run is ever missed',
  ),
  window: optional(window, 'When its runs may be under way'),
  blackouts: listed(list(window), 'When they must not be'),
  toleranceMinutes: optional(whole(0, 525_600), 'Minutes after an expected start in which it still counts as in time'),
  maxConcurrent: optional(whole(1, 1_000_000), 'Runs that may be under way at the same time'),
  system: optional(text, 'What makes the backups, for example restic'),
  retention: optional(id, 'Id of a retention class'),
})

/** What can fail at once, or be lost to one person. */
const domains: Members<FailureDomains> = {
  device: optional(text, 'The disk, array or machine that it lies on'),
  account: optional(text, 'The account, subscription or project that it belongs to'),
  region: optional(text, 'Where it stands, as the provider calls it'),
  site: optional(text, 'The building that it stands in. Default: its region'),
  provider: optional(text, 'Who runs it'),
  administrators: optional(list(text), 'Who can change or delete what is in it'),
  key: optional(text, 'The key that it is encrypted with, by name'),
  media: optional(text, 'disk, object, tape ...'),
}

export const domainsShape: Shape<FailureDomains> = object<FailureDomains>('a place', domains)

export const storeShape: Shape<Store> = object<Store>('a store', {
  id: required(id, 'What copies, histories and reports name it by'),
  uri: optional(uri, 'Where it is, for example s3://backups'),
  platform: optional(text, 's3, azure-blob, gcs, local ...'),
  quotaBytes: optional(size, 'A limit where the platform has none: bytes, or for example 10TB'),
  quotaObjects: optional(whole(0, Number.MAX_SAFE_INTEGER), 'The same for the number of objects'),
  airGapped: optional(flag, 'Whether it is detached from every network, or in an account that production cannot reach'),
  ...domains,
})

const slots = whole(0, 100_000)

export const retentionShape: Shape<RetentionClass> = object<RetentionClass>('a retention class', {
  id: required(id, 'What assets and plans name it by'),
  minDays: optional(whole(0, 100_000), 'Recovery points are kept for at least so many days'),
  maxDays: optional(whole(0, 100_000), 'And are gone after so many'),
  basis: optional(text, 'Why: a law, a contract'),
  dataClasses: optional(list(text), 'The classes of data that it is for'),
  gfs: optional(
    object<NonNullable<RetentionClass['gfs']>>('a gfs', {
      daily: optional(slots, 'Daily recovery points that are kept'),
      weekly: optional(slots, 'Weekly ones'),
      monthly: optional(slots, 'Monthly ones'),
      yearly: optional(slots, 'Yearly ones'),
    }),
    'Grandfather, father, son: how many of each are kept',
  ),
})
