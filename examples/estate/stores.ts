import type { CapacitySample } from '@backproof/core/history'
import { DAY, HOUR, NOW } from './calendar.js'
import type { Faults } from './faults.js'
import { about, randomFrom } from './random.js'

const TB = 1e12

/** Where backups are kept. */
export interface Store {
  readonly id: string
  readonly uri: string
  readonly platform: string
  readonly device?: string
  readonly account: string
  readonly region: string
  readonly site: string
  readonly provider: string
  readonly administrators: readonly string[]
  readonly key: string
  readonly media: string
  /** What fits, or what the budget allows. */
  readonly limit: number
  /** Share of it that is used, and share that is added in a day. */
  readonly used: number
  readonly growth: number
}

export const STORES: readonly Store[] = [
  {
    ...{ id: 'basement', uri: 'file:///srv/backup', platform: 'local', device: 'nas-1', account: 'harbour-domain' },
    ...{ region: 'hamburg', site: 'office', provider: 'ourselves', administrators: ['ben'], key: 'key-basement' },
    ...{ media: 'disk', limit: 120 * TB, used: 0.58, growth: 0.0004 },
  },
  {
    ...{ id: 'amazon', uri: 's3://harbour-backup', platform: 's3', account: 'harbour-backup' },
    ...{ region: 'eu-central-1', site: 'frankfurt', provider: 'aws', administrators: ['gus'], key: 'key-amazon' },
    ...{ media: 'object', limit: 80 * TB, used: 0.41, growth: 0.0005 },
  },
  {
    ...{ id: 'azure', uri: 'azblob://harbourbackup/copies', platform: 'azure-blob', account: 'harbour-azure' },
    ...{ region: 'westeurope', site: 'amsterdam', provider: 'azure', administrators: ['hal'], key: 'key-azure' },
    ...{ media: 'object', limit: 100 * TB, used: 0.47, growth: 0.0005 },
  },
  {
    ...{ id: 'google', uri: 'gs://harbour-archive', platform: 'gcs', account: 'harbour-archive' },
    ...{ region: 'europe-north1', site: 'hamina', provider: 'google', administrators: ['ida'], key: 'key-google' },
    ...{ media: 'object', limit: 100 * TB, used: 0.5, growth: 0.0003 },
  },
  {
    ...{ id: 'web-bucket', uri: 's3://harbour-web-snapshots', platform: 's3', account: 'harbour-web' },
    ...{ region: 'eu-west-1', site: 'dublin', provider: 'aws', administrators: ['cora'], key: 'key-web-bucket' },
    ...{ media: 'object', limit: 2 * TB, used: 0.35, growth: 0.0002 },
  },
]

/** The place of an asset in a store, as reports of comparisons name it. */
export const placeOf = (asset: string, store: string): string =>
  `${STORES.find(({ id }) => id === store)?.uri}/${asset}${store === 'basement' ? '' : '/'}`

/** How full the stores were, each morning of four months. */
export const capacityOf = (faults: Faults): readonly CapacitySample[] =>
  STORES.flatMap(({ id, limit, used, growth }) => {
    const isFull = id === 'basement' && faults.has('capacity-over-80')
    const perDay = id === 'azure' && faults.has('capacity-runway') ? 0.006 : growth
    const now = id === 'azure' && faults.has('capacity-runway') ? 0.69 : isFull ? 0.84 : used
    return Array.from({ length: 120 }, (_, i) => {
      const days = 119 - i
      const random = randomFrom(`${id}-${days}`)
      const share = Math.max(0.05, now - perDay * days) * (days === 0 ? 1 : about(1, 0.002, random))
      const disk = id === 'basement' ? { limitBytes: limit, usedObjects: 31_000_000, limitObjects: 400_000_000 } : {}
      return { store: id, at: NOW - HOUR - days * DAY, usedBytes: Math.round(share * limit), ...disk }
    })
  })
