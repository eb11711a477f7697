import type { AuditResult, Measured } from '@backproof/core/audit'
import type { CapacityDays, JobDay, JobDays, PlaceGrades, ProofGrades, StoreCapacity } from '../measures/shapes.js'

/** What a measure came to. `undefined`: nobody measured it. */
export type Reading<T> = { readonly value: T; readonly partial: boolean } | { readonly unknown: string } | undefined

export const readJobDays = (result: AuditResult): Reading<JobDays> =>
  reading(result, 'job-days', (value) =>
    isRecord(value) && every(value['days'], isJobDay) ? { days: value['days'] } : undefined,
  )

export const readCapacityDays = (result: AuditResult): Reading<CapacityDays> =>
  reading(result, 'capacity-days', (value) =>
    isRecord(value) && every(value['stores'], isStore)
      ? { stores: value['stores'], storesOmitted: countOf(value['storesOmitted']) }
      : undefined,
  )

export const readProofGrades = (result: AuditResult): Reading<ProofGrades> =>
  reading(result, 'proof-grades', (value) =>
    isRecord(value) && every(value['places'], isPlace)
      ? { places: value['places'], placesOmitted: countOf(value['placesOmitted']) }
      : undefined,
  )

/** A measure may come from a file or from a plugin: what has another shape is not drawn. */
const reading = <T>(result: AuditResult, name: string, read: (value: unknown) => T | undefined): Reading<T> => {
  const measured: Measured | undefined = result.measures?.[name]
  if (measured === undefined) return undefined
  if (measured.value === undefined) return { unknown: measured.unknown ?? 'nobody says why' }
  const value = read(measured.value)
  return value === undefined
    ? { unknown: `what ${name} came to has a shape that is not known here` }
    : { value, partial: measured.partial === true }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const every = <T>(value: unknown, is: (one: unknown) => one is T): value is readonly T[] =>
  Array.isArray(value) && value.every(is)

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0
const isCountOrNull = (value: unknown): boolean => value === null || isCount(value)
const countOf = (value: unknown): number => (isCount(value) ? value : 0)
const isDay = (value: unknown): boolean =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && Number.isFinite(Date.parse(value))

const isJobDay = (value: unknown): value is JobDay =>
  isRecord(value) &&
  isDay(value['day']) &&
  isCount(value['ended']) &&
  isCount(value['succeeded']) &&
  isCountOrNull(value['medianMinutes']) &&
  isCountOrNull(value['bytes'])

const isStore = (value: unknown): value is StoreCapacity =>
  isRecord(value) &&
  typeof value['store'] === 'string' &&
  every(
    value['days'],
    (day): day is StoreCapacity['days'][number] =>
      isRecord(day) && isDay(day['day']) && isCount(day['usedBytes']) && isCountOrNull(day['limitBytes']),
  )

const isPlace = (value: unknown): value is PlaceGrades =>
  isRecord(value) &&
  typeof value['source'] === 'string' &&
  (value['replica'] === null || typeof value['replica'] === 'string') &&
  typeof value['asOf'] === 'string' &&
  (['read', 'stored', 'claimed', 'size', 'other'] as const).every((name) => isCount(value[name]))
