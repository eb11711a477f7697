import type { Clock } from './calendar.js'

const GB = 1e9

/** A plan of backups, as whoever runs it would describe it. */
export interface Plan extends Clock {
  readonly id: string
  /** What makes the backups. */
  readonly system: string
  /** `rotating`: increments, and a full backup in the night to Sunday. */
  readonly kind: 'full' | 'incremental' | 'rotating'
  /** Its window on the wall clock of the same place. */
  readonly from: string
  readonly to: string
}

const HAMBURG = 'Europe/Berlin'

const nightly = (id: string, system: string, kind: Plan['kind'], at: string): Plan => {
  const [hour = 0, minute = 0] = at.split(':').map(Number)
  return { id, system, kind, timezone: HAMBURG, hour, minute, from: '21:30', to: '06:30' }
}

/**
 * One of them starts in the hour that clocks show twice in October, and skip in March; one so early that its nights pass over a day of
 * UTC when clocks are set back.
 */
export const PLANS: readonly Plan[] = [
  nightly('nightly-databases', 'pgbackrest', 'full', '02:30'),
  nightly('nightly-files', 'restic', 'incremental', '22:00'),
  nightly('nightly-images', 'veeam', 'rotating', '23:15'),
  nightly('nightly-web', 'restic', 'incremental', '01:30'),
  nightly('nightly-plant', 'copy-script', 'full', '23:45'),
  nightly('nightly-exports', 'export-script', 'full', '05:00'),
  { ...nightly('nightly-branch', 'restic', 'incremental', '01:15'), timezone: 'America/New_York' },
  {
    ...nightly('weekly-full', 'veeam', 'full', '04:00'),
    ...{ from: '03:00', to: '13:00', sundays: true },
  },
]

/** A system that is backed up, with what its owner would say of it. */
export interface Asset {
  readonly id: string
  readonly name: string
  readonly criticality: 'critical' | 'high' | 'medium'
  readonly holds: 'personal' | 'financial' | 'internal' | 'public'
  readonly owner: string
  readonly plans: readonly string[]
  /** Where its backups are, the first copy first. The second one is locked. */
  readonly stores: readonly string[]
  /** Its size, bytes. */
  readonly bytes: number
  readonly items: number
  /** Share of the items that change in a day. */
  readonly change: number
  /** How fast it is read at night, and by a weekly full backup: bytes a second. */
  readonly rate: number
  readonly fullRate: number
  readonly restoreLevel: 'content' | 'boot' | 'application'
  readonly escalation: 'operations' | 'plant' | 'branch'
  readonly production: 'office' | 'plant' | 'branch' | 'cloud' | 'crm'
}

const asset = (
  id: string,
  name: string,
  [criticality, holds, owner]: readonly [Asset['criticality'], Asset['holds'], string],
  [gigabytes, items, change, rate, fullRate = rate]: readonly number[],
  where: Pick<Asset, 'plans' | 'stores'> & Partial<Pick<Asset, 'restoreLevel' | 'escalation' | 'production'>>,
): Asset => ({
  ...{ id, name, criticality, holds, owner, items: items ?? 0, change: change ?? 0 },
  ...{ bytes: (gigabytes ?? 0) * GB, rate: (rate ?? 0) * 1e6, fullRate: (fullRate ?? 0) * 1e6 },
  ...{ restoreLevel: 'content', escalation: 'operations', production: 'office', ...where },
})

const FILES = ['nightly-files', 'weekly-full']

/** Sizes: gigabytes, items, share of items that change in a day, megabytes a second at night, and of a weekly full backup. */
export const ASSETS: readonly Asset[] = [
  asset('shop-database', 'Database of the web shop', ['critical', 'personal', 'ann'], [180, 420, 0.7, 90], {
    plans: ['nightly-databases'],
    stores: ['basement', 'amazon', 'azure'],
    restoreLevel: 'application',
  }),
  asset('erp-database', 'Orders, stock and books', ['critical', 'financial', 'ann'], [420, 1_100, 0.7, 120], {
    plans: ['nightly-databases'],
    stores: ['basement', 'azure', 'google'],
    restoreLevel: 'application',
  }),
  asset('file-share', 'Files of all departments', ['high', 'personal', 'ben'], [6_000, 3_400_000, 0.01, 40, 1_000], {
    plans: FILES,
    stores: ['basement', 'amazon', 'google'],
  }),
  asset('mail', 'Mailboxes', ['high', 'personal', 'ben'], [2_400, 9_000_000, 0.02, 40, 500], {
    plans: FILES,
    stores: ['basement', 'amazon', 'azure'],
    restoreLevel: 'application',
  }),
  asset('vm-images', 'Virtual machines', ['high', 'internal', 'ben'], [9_000, 800, 0.02, 60, 1_500], {
    plans: ['nightly-images'],
    stores: ['basement', 'azure', 'google'],
    restoreLevel: 'boot',
  }),
  asset('source-code', 'Drawings and programs', ['high', 'internal', 'cora'], [60, 240_000, 0.03, 10, 60], {
    plans: FILES,
    stores: ['basement', 'amazon', 'google'],
  }),
  asset('wiki', 'Wiki', ['medium', 'internal', 'cora'], [12, 60_000, 0.05, 2, 20], {
    plans: FILES,
    stores: ['basement', 'amazon', 'azure'],
  }),
  asset('hr-records', 'Personnel files', ['high', 'personal', 'dora'], [30, 90_000, 0.02, 3, 30], {
    plans: FILES,
    stores: ['basement', 'azure', 'google'],
  }),
  asset('website', 'Website and its pictures', ['medium', 'public', 'cora'], [90, 310_000, 0.02, 5, 90], {
    plans: ['nightly-web', 'weekly-full'],
    stores: ['web-bucket', 'azure', 'google'],
    production: 'cloud',
  }),
  asset('plant-controllers', 'Programs of the saws', ['medium', 'internal', 'emil'], [2, 1_400, 0.6, 2], {
    plans: ['nightly-plant'],
    stores: ['basement', 'amazon', 'azure'],
    escalation: 'plant',
    production: 'plant',
  }),
  asset('branch-files', 'Files of the New York office', ['high', 'personal', 'fay'], [300, 510_000, 0.02, 6, 200], {
    plans: ['nightly-branch', 'weekly-full'],
    stores: ['basement', 'amazon', 'google'],
    escalation: 'branch',
    production: 'branch',
  }),
  asset('crm', 'Customers, in a service of somebody else', ['high', 'personal', 'fay'], [8, 520, 0.6, 8], {
    plans: ['nightly-exports'],
    stores: ['basement', 'azure', 'google'],
    production: 'crm',
  }),
]

/** Days that recovery points are kept: those of each day, of Sundays, and of the first of a month. */
export interface Keeping {
  readonly daily: number
  readonly weekly: number
  readonly monthly: number
}

/** Personal data goes sooner. */
export const keepingOf = ({ holds }: Pick<Asset, 'holds'>): Keeping =>
  holds === 'personal' ? { daily: 35, weekly: 84, monthly: 185 } : { daily: 35, weekly: 84, monthly: 395 }
