import type { Row } from './listed-blob.js'
import { markerRow } from './listed-blob.js'

/** Versions of one blob that are held to be turned round. Those of a blob with more come in runs of so many. */
const RUN = 10_000

/**
 * The service lists the versions of a blob from the oldest to the newest; here the newest comes first, and before it a delete
 * marker where none of them is current. Pages stay about as large as they were.
 */
export async function* newestFirst(pages: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[], void, void> {
  let held: Row[] = []
  let current = false
  const turned = (isLast: boolean): readonly Row[] => {
    const last = held.at(-1)
    const rows = held.reverse()
    held = []
    const deleted = isLast && !current && last !== undefined && rows.some(isVersion)
    if (isLast) current = false
    return deleted ? [markerRow(last.key), ...rows] : rows
  }
  for await (const rows of pages) {
    const ready: Row[] = []
    for (const row of rows) {
      const last = held.at(-1)
      if (last !== undefined && last.key !== row.key) ready.push(...turned(true))
      else if (held.length >= RUN) ready.push(...turned(false))
      held.push(row)
      current ||= row.current
    }
    if (ready.length > 0) yield ready
  }
  const rest = turned(true)
  if (rest.length > 0) yield rest
}

/** Snapshots and what was deleted softly say nothing about whether the blob is still there. */
const isVersion = ({ entry }: Row): boolean =>
  entry.kind === 'object' && entry.version !== undefined && !entry.version.startsWith('snapshot:')
