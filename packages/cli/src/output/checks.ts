import type { PreflightReport } from '@backproof/core/preflight'
import { escapeKey, type PreflightCheck, type PreflightStatus } from '@backproof/core/source'
import { type Colour, oneLine, pad, plural, type Style, textWidth } from '@backproof/reporters/text'
import type { Place } from '../places/resolve-place.js'

/** A place of the command line, and what was tried with it. */
export interface CheckedPlace {
  readonly place: Place
  readonly report: PreflightReport
}

const MARKS: Readonly<Record<PreflightStatus, readonly [string, Colour]>> = {
  ok: ['✔ ok', 'green'],
  notice: ['! notice', 'yellow'],
  problem: ['✘ problem', 'red'],
  unknown: ['✘ unknown', 'red'],
}
const MARK_COLUMNS = '✘ problem'.length
const WIDEST_TITLE = 48

/** The checks of one place as lines: how each came out, what was tried, what was found, and what to do. */
export const checksOfPlace = ({ place, report }: CheckedPlace, style: Style): readonly string[] => {
  const { checks } = report
  // A URI may have been typed with credentials; what the source calls itself has none.
  const name = place.kind === 'uri' || place.kind === 'inventory' ? report.source : place.given
  const columns = Math.min(WIDEST_TITLE, Math.max(0, ...checks.map((check) => textWidth(oneLine(check.title)))))
  return [style('bold', escapeKey(name)), ...checks.flatMap((check) => checkLines(check, style, columns))]
}

const checkLines = (check: PreflightCheck, style: Style, columns: number): readonly string[] => {
  // A status of a later version is no success.
  const [mark, colour] = MARKS[check.status] ?? MARKS.unknown
  const title = oneLine(check.title)
  const start = `  ${style(colour, pad(mark, MARK_COLUMNS))}  ${pad(title, columns)}`
  const indent = ' '.repeat(MARK_COLUMNS + 4)
  const detail = oneLine(check.detail)
  return [
    ...(textWidth(title) <= columns ? [`${start}  ${detail}`] : [start, `${indent}${detail}`]),
    ...(check.fix === undefined ? [] : [style('dim', `${indent}do: ${oneLine(check.fix)}`)]),
  ]
}

/** The last line: whether the places are ready, or how much stands against it. */
export const verdict = (checked: readonly CheckedPlace[], style: Style): string => {
  const checks = checked.flatMap(({ report }) => report.checks)
  const count = (status: PreflightStatus): number => checks.filter((check) => check.status === status).length
  const [problems, notices] = [count('problem'), count('notice')]
  const others = checks.length - count('ok') - problems - notices
  const places = checked.length === 1 ? 'the place' : `all ${checked.length} places`
  if (problems + others === 0)
    return style('green', `Ready: ${places} can be used${notices > 0 ? `; ${plural(notices, 'thing')} to know` : ''}.`)
  const against = [
    ...(problems > 0 ? [plural(problems, 'problem')] : []),
    ...(others > 0 ? [`${plural(others, 'thing')} that could not be found out`] : []),
  ]
  return style('red', `NOT ready: ${against.join(', ')}.`)
}
