import { parse } from 'csv-parse/sync'
import { countBy, type ReadBack } from '../support/read-back.js'

export type CsvRow = Readonly<Record<string, string>>

export const readCsv = (text: string): readonly CsvRow[] =>
  parse(text, { columns: true, recordDelimiter: '\r\n', bom: true })

/** What a table says: it has no verdict of its own. */
export const csvSays = (text: string): Omit<ReadBack, 'exitCode'> => {
  const rows = readCsv(text)
  return {
    statuses: countBy(rows, ({ status }) => status ?? ''),
    waived: rows.filter(({ waived }) => waived === 'yes').length,
  }
}
