import { resolve } from 'node:path'
import { pointPlaceProblem } from '../history/point-place.js'
import type { Known } from './check.js'
import { checkReference } from './ids.js'
import type { Declared, HistoryDisk, HistoryFile, HistoryPlace, PolicyHistories } from './loaded.js'
import type { ManifestDisk, ManifestFile, ManifestPlace } from './manifest-types.js'
import type { Part } from './part.js'
import { originOf, type Reading, reportAt } from './problem.js'

/** The sources of all files, paths made absolute. */
export const resolveHistories = (parts: readonly Part[], known: Known, reading: Reading): PolicyHistories => {
  const each = <T, R>(
    pick: (part: Part) => readonly T[] | undefined,
    make: (one: T, folder: string) => R,
  ): readonly R[] => parts.flatMap((part) => (pick(part) ?? []).map((one) => make(one, part.folder)))
  const declared = (one: object): Declared => {
    const { file, line } = originOf(reading, one).place
    return { file, line }
  }
  const file = (one: ManifestFile, folder: string): HistoryFile => ({
    kind: 'file',
    file: resolve(folder, one.file ?? ''),
    declared: declared(one),
  })
  const point = (one: ManifestFile | ManifestPlace, folder: string): HistoryFile | HistoryPlace => {
    if (!('source' in one)) return file(one as ManifestFile, folder)
    checkReference(one.asset, known.assets, one, 'asset', reading)
    checkReference(one.store, known.stores, one, 'store', reading)
    // A pattern that is missing, or no text, is reported already.
    const wrong = one.pattern === undefined ? undefined : pointPlaceProblem(one)
    if (wrong !== undefined) reportAt(reading, one, wrong.member, wrong.message)
    return {
      kind: 'place',
      ...one,
      source: isPlaceUri(one.source) ? one.source : resolve(folder, one.source),
      declared: declared(one),
    }
  }
  const sample = (one: ManifestFile | ManifestDisk, folder: string): HistoryFile | HistoryDisk => {
    if (!('path' in one)) return file(one as ManifestFile, folder)
    checkReference(one.store, known.stores, one, 'store', reading)
    return { kind: 'disk', store: one.store, path: resolve(folder, one.path), declared: declared(one) }
  }
  return {
    jobs: each(({ manifest }) => manifest.histories?.jobs, file),
    recoveryPoints: each(({ manifest }) => manifest.histories?.recoveryPoints, point),
    drills: each(({ manifest }) => manifest.histories?.drills, file),
    capacity: each(({ manifest }) => manifest.histories?.capacity, sample),
    reports: each(({ manifest }) => manifest.histories?.reports, file),
  }
}

/** Whether a source is no path. Two letters at least: `C:\backup` is one. */
export const isPlaceUri = (source: string): boolean => /^[a-z][a-z0-9+.-]+:/i.test(source)
