import { byteCount } from '@backproof/core/report'
import type { Progress } from '@backproof/core/run'
import { escapeKey } from '@backproof/core/source'
import { formatCount, formatDuration, plural, shorten, textWidth } from '@backproof/reporters/text'

/** A line that is redrawn in place. */
export interface ProgressLine {
  update(progress: Progress): void
  /** Removes the line, for good: later updates draw nothing. */
  clear(): void
}

/** The part of a terminal stream that the line needs. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  write(text: string): unknown
}

/** The line for what a run told last, in at most `columns`. */
export type ProgressText = (progress: Progress, columns: number) => string

const REDRAW_MS = 100
const CLEAR_LINE = '\r\u001b[2K'

/** Draws on `stream` at most ten times a second. Only for terminals: the caller asks `isTTY`. */
export const createProgressLine = (stream: ProgressStream, text: ProgressText = progressText): ProgressLine => {
  let last = Number.NEGATIVE_INFINITY
  let drawn = false
  let done = false
  return {
    update: (progress) => {
      const now = performance.now()
      if (done || now - last < REDRAW_MS) return
      last = now
      drawn = true
      // Some terminals tell 0 columns. The last column stays free: some wrap as soon as it is written.
      stream.write(CLEAR_LINE + text(progress, (stream.columns || 80) - 1))
    },
    clear: () => {
      done = true
      if (drawn) stream.write(CLEAR_LINE)
      drawn = false
    },
  }
}

/** A progress line of at most `columns`: counts first, the current key in what room is left. */
export const progressText = (progress: Progress, columns: number): string => {
  const facts = [objects(progress), byteCount(progress.bytes), `${byteCount(Math.round(progress.bytesPerSecond))}/s`]
  if (progress.totalObjects !== undefined && progress.totalObjects > 0)
    facts.push(`${Math.min(100, Math.floor((100 * progress.objects) / progress.totalObjects))}%`)
  if (progress.remainingMs !== undefined) facts.push(`${formatDuration(progress.remainingMs)} left`)
  const counts = shorten(facts.join(' · '), columns)
  const room = columns - textWidth(counts) - 3
  return progress.current === undefined || room < 8
    ? counts
    : `${counts} · ${shorten(escapeKey(progress.current), room)}`
}

/** For audits, whose objects are targets. */
export const auditProgressText: ProgressText = ({ objects: done, totalObjects, current }, columns) => {
  const of = totalObjects === undefined ? '' : ` of ${formatCount(totalObjects)}`
  const counts = `${formatCount(done)}${of} targets audited`
  return shorten(current === undefined ? counts : `${counts} · ${escapeKey(current)}`, columns)
}

const objects = (progress: Progress): string =>
  progress.totalObjects === undefined
    ? plural(progress.objects, 'object')
    : `${formatCount(progress.objects)} of ${plural(progress.totalObjects, 'object')}`
