import type { ReportDocument } from '../model/document.js'
import type { ReportRow } from '../model/row.js'
import { reportRows } from '../model/rows.js'
import { statusCounts } from '../model/tally.js'
import { createFirstRows } from './first-rows.js'
import { isOpen, PAGE_ROWS, type PageRow, STANDINGS, type Standing } from './page-data.js'
import { createRowPacker, pageRow, standingOf } from './row-data.js'

/** What the file holds of the rows of a run. */
export interface HeldRows {
  /** The first open ones, which stand in the page itself. */
  readonly first: readonly PageRow[]
  /** All that the page's script finds. */
  readonly held: number
}

/** How many rows of a run stand where, by its result. */
export const standingCounts = (document: ReportDocument): Readonly<Record<Standing, number>> => {
  const { statuses, waived } = statusCounts(document)
  return { ...statuses, fail: statuses.fail - waived, waived }
}

/** Looks through all rows once, before any is written: in bounded memory. */
export const lookThrough = async (document: ReportDocument, most: number): Promise<HeldRows> => {
  const first = createFirstRows(PAGE_ROWS)
  let held = 0
  for await (const rows of heldRows(document, most)) {
    held += rows.length
    for (const row of rows) if (isOpen(STANDINGS.indexOf(standingOf(row)))) first.add(pageRow(row))
  }
  return { first: first.rows(), held }
}

/** Rows as JSON for the page's script, in pieces that are parsed one by one. */
export async function* rowScripts(document: ReportDocument, most: number): AsyncGenerator<string> {
  const pack = createRowPacker()
  for await (const rows of heldRows(document, most)) {
    for (let i = 0; i < rows.length; i += PIECE) {
      yield `<script type="application/json" class="data">${pack(rows.slice(i, i + PIECE).map(pageRow))}</script>\n`
    }
  }
}

const PIECE = 500

/** Rows page by page, without those that are too many: what is open is kept first. */
async function* heldRows(document: ReportDocument, most: number): AsyncGenerator<readonly ReportRow[]> {
  const room = roomOf(document, most)
  for await (const rows of reportRows(document)) {
    const held = rows.filter((row) => {
      const standing = STANDINGS.indexOf(standingOf(row))
      if (room[standing]! === 0) return false
      room[standing]! -= 1
      return true
    })
    if (held.length > 0) yield held
  }
}

/** How many rows of each standing there is room for, in the order in which they matter. */
const roomOf = (document: ReportDocument, most: number): number[] => {
  const counts = standingCounts(document)
  let left = most
  return STANDINGS.map((standing) => {
    const room = Math.min(left, counts[standing])
    left -= room
    return room
  })
}
