import { parse } from 'csv-parse/sync'
import { countBy, type ReadBack } from '../support/read-back.js'

export type CsvRow = Readonly<Record<string, string>>

export const readCsv = (text: string): readonly CsvRow[] =>
  parse(text, { columns: true, recordDelimiter: '\r\n', bom: true })

/** What a table says: the verdict is that of its rows, unless a line about the run has another. */
export const csvSays = (text: string): ReadBack => {
  const lines = readCsv(text)
  const rows = lines.filter(({ status }) => status !== 'run' && status !== 'omitted')
  const statuses = countBy(rows, ({ status }) => status ?? '')
  const waived = rows.filter((row) => row['waived'] === 'yes').length
  const run = lines.find(({ status }) => status === 'run')?.['message']
  const [fail = 0, open] = [
    statuses['fail'],
    ['unknown', 'review', 'error'].some((name) => statuses[name] !== undefined),
  ]
  const exitCode = run === undefined ? (fail > waived ? 1 : open ? 3 : 0) : Number(run.replace('exit-code-', ''))
  return { statuses, waived, exitCode }
}
