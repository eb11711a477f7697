import { relative } from 'node:path'
import type { AuditCollector } from '@backproof/core/audit'
import { isBackupError } from '@backproof/core/errors'
import {
  capacityLines,
  drillLines,
  jobLines,
  recoveryPointLines,
  recoveryPointsOf,
  reportFiles,
} from '@backproof/core/history'
import type { Declared, HistoryPlace, PolicyHistories } from '@backproof/core/policy'
import { escapeKey } from '@backproof/core/source'
import { diskCapacity } from '@backproof/provider-local/facts'
import { usageError } from '../args/usage-error.js'
import type { Place } from '../places/resolve-place.js'
import type { Prepared } from '../prepare.js'

/**
 * Opens the sources of facts that a policy names; nothing is read before the audit asks.
 * @throws BackupError `invalid-config`, with the line, for places that no provider opens.
 */
export const openHistories = async (
  { jobs, recoveryPoints, drills, capacity, reports }: PolicyHistories,
  prepared: Pick<Prepared, 'open' | 'resolve' | 'options'>,
): Promise<readonly AuditCollector[]> => {
  const points: AuditCollector[] = []
  for (const one of recoveryPoints)
    points.push(one.kind === 'file' ? recoveryPointLines(named(one.file)) : await openPoints(one, prepared))
  return [
    ...jobs.map(({ file }) => jobLines(named(file))),
    ...points,
    ...drills.map(({ file }) => drillLines(named(file))),
    ...capacity.map((one) =>
      one.kind === 'file' ? capacityLines(named(one.file)) : diskCapacity({ path: one.path, store: one.store }),
    ),
    ...(reports.length > 0 ? [reportFiles({ paths: reports.map(({ file }) => shortPath(file)) })] : []),
  ]
}

/** The files that a policy names as histories. */
export const historyFiles = ({ jobs, recoveryPoints, drills, capacity, reports }: PolicyHistories): readonly string[] =>
  [...jobs, ...recoveryPoints, ...drills, ...capacity, ...reports].flatMap((one) => ('file' in one ? [one.file] : []))

const named = (path: string): { readonly path: string; readonly id: string } => ({ path, id: shortPath(path) })

/** As reports show it: relative where that is shorter. */
const shortPath = (path: string): string => {
  const short = relative('.', path)
  return short !== '' && short.length < path.length ? short : path
}

const openPoints = async (
  history: HistoryPlace,
  prepared: Pick<Prepared, 'open' | 'resolve' | 'options'>,
): Promise<AuditCollector> => {
  const { source: _, declared, kind: __, ...how } = history
  const { tempDirectory } = prepared.options
  const place = await placeOf(history, prepared)
  return atLine(declared, async () => recoveryPointsOf({ ...how, source: await prepared.open(place), tempDirectory }))
}

/** The place that recovery points are read from. */
export const placeOf = ({ source, declared }: HistoryPlace, { resolve }: Pick<Prepared, 'resolve'>): Promise<Place> =>
  atLine(declared, async () => resolve(source, 'side'))

/** What is wrong with a place, with the line that names it. */
const atLine = async <T>(declared: Declared, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (!isBackupError(error) || error.code !== 'invalid-config') throw error
    const [what = '', ...todo] = error.message.split('\n')
    throw usageError(`${lineOf(declared)}${what}`, todo.join('\n') || 'Correct the place in the policy.')
  }
}

const lineOf = ({ file, line }: Declared): string => `${escapeKey(file)}:${line}: `
