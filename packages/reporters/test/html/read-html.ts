import { type PackedRows, type PageRow, STANDINGS, unpackRow } from '../../src/html/page-data.js'
import { countBy, type ReadBack } from '../support/read-back.js'

/** The rows that the page's script finds. */
export const rowsOf = (text: string): readonly PageRow[] => {
  const texts: string[] = []
  return [...text.matchAll(/<script type="application\/json" class="data">(.*?)<\/script>/g)].flatMap(([, json]) => {
    const piece = JSON.parse(json!) as PackedRows
    texts.push(...piece.texts)
    return piece.rows.map((row) => unpackRow(row, texts))
  })
}

const EXIT_CODES: Readonly<Record<string, number>> = { proven: 0, failed: 1, undecided: 3 }

export const readHtml = (text: string): ReadBack => {
  const standings = rowsOf(text).map(({ standing }) => STANDINGS[standing]!)
  return {
    statuses: countBy(standings, (standing) => (standing === 'waived' ? 'fail' : standing)),
    waived: standings.filter((standing) => standing === 'waived').length,
    exitCode: EXIT_CODES[/<p class="verdict ([a-z]+)">/.exec(text)?.[1] ?? ''] ?? Number.NaN,
  }
}
