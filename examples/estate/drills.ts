import type { Drill } from '@backproof/core/history'
import { DAY, dateOf, dayOf, HOUR, MINUTE } from './calendar.js'
import { ASSETS, type Asset } from './company.js'
import type { Faults } from './faults.js'
import { rtoHours } from './objectives.js'
import { about, randomFrom } from './random.js'

/** Restore tests of a year: each month of what is critical, each quarter of all else; and once of something very old. */
export const drillsOf = (faults: Faults): readonly Drill[] => [
  ...ASSETS.flatMap((asset, number) => {
    const every = asset.criticality === 'critical' ? 28 : 84
    const first = dayOf('2025-11-12') + number * DAY + 8 * HOUR
    const count = Math.floor((dayOf('2026-10-28') - first) / (every * DAY))
    const all = Array.from({ length: count + 1 }, (_, i) => first + i * every * DAY)
    const kept = faults.has('overdue-drill') && asset.id === 'erp-database' ? all.slice(0, -1) : all
    return kept.map((started, i) => drillOf(asset, started, i === kept.length - 1, faults))
  }),
  ...(faults.has('oldest-not-tested') ? [] : [OLD]),
  ...(faults.has('failed-drill') ? [FAILED] : []),
]

/** The recovery point was nine months old. */
const OLD: Drill = {
  ...{ id: 'old-drawings', asset: 'source-code', outcome: 'succeeded', validation: 'successful', level: 'content' },
  ...{ started: dayOf('2026-03-17') + 9 * HOUR, ended: dayOf('2026-03-17') + 11 * HOUR },
  recoveryPointCreated: dayOf('2025-06-01'),
  lostAt: dayOf('2025-06-01') + 12 * HOUR,
  dataAsOf: dayOf('2025-06-01'),
  ...{ bytesRestored: 48e9, bytesTotal: 48e9, destination: 'lab', isolated: true },
}

/** After an update of the virtual machines somebody tried once more. */
const FAILED: Drill = {
  ...{ id: 'vm-images-again', asset: 'vm-images', outcome: 'failed', validation: 'failed', level: 'bytes' },
  ...{ started: dayOf('2026-10-28') + 9 * HOUR, ended: dayOf('2026-10-28') + 12 * HOUR },
  recoveryPointCreated: dayOf('2026-10-27') + 22 * HOUR,
  ...{ bytesRestored: 9e12, bytesTotal: 9e12, destination: 'lab', isolated: true },
}

const drillOf = (asset: Asset, started: number, isLast: boolean, faults: Faults): Drill => {
  const { id } = asset
  const random = randomFrom(`${id}-drill-${dateOf(started)}`)
  const is = (fault: Parameters<Faults['has']>[0], of: string): boolean => isLast && id === of && faults.has(fault)
  const hours = is('rto-missed', 'mail') ? 34 : about(rtoHours(asset) * 0.4, 0.2, random)
  const age = is('rpo-missed', 'branch-files') ? 60 * HOUR : about(11 * HOUR, 0.2, random)
  const isPlant = id === 'plant-controllers'
  const bytes = Math.round(asset.bytes * 0.95)
  return {
    ...{ id: `${id}-${dateOf(started)}`, asset: id, started, ended: Math.round(started + hours * HOUR) },
    ...{ outcome: 'succeeded', validation: 'successful' },
    level: is('weak-drill', 'file-share') ? 'bytes' : asset.restoreLevel,
    recoveryPointCreated: Math.round(started - age - 10 * MINUTE),
    dataAsOf: Math.round(started - age),
    ...{ bytesRestored: bytes, bytesTotal: bytes },
    // The plant has no second machine to restore to: a waiver says so.
    ...{ destination: isPlant ? 'saw-2' : 'lab', isolated: !isPlant },
  }
}
