/**
 * A value of a row: text, a number (whole numbers that no number holds exactly are text), a flag. Times are milliseconds
 * since 1970, where the format has a type for them. `undefined`: the row has none, or the table has no such column.
 */
export type Cell = string | number | boolean | undefined

export interface TablePage {
  /** Cells in the order of the columns that were asked for. */
  readonly rows: readonly (readonly Cell[])[]
  /** Where a row of this page stands, for messages: `line 12`. */
  readonly where: (index: number) => string
}

export interface TableOptions {
  /**
   * Names of the columns to give. Case, `_`, `-` and blanks do not count: `ETag`, `e_tag` and `E-Tag` are one name. A column
   * that the table does not have gives `undefined` in every row.
   */
  readonly columns: readonly string[]
  /** Columns that the table must have, else it is `corrupt`. Default: none. */
  readonly required?: readonly string[] | undefined
}

/** A name of a column, as names are compared. */
export const columnName = (name: string): string => name.toLowerCase().replace(/[_\-\s]/g, '')

/**
 * Where the wanted columns are among those that there are; `-1` for those that are not.
 *
 * @param refuse The error for a table that cannot be used.
 */
export const columnPlaces = (
  there: readonly string[],
  { columns, required = [] }: TableOptions,
  refuse: (what: string) => Error,
): readonly number[] => {
  const names = there.map(columnName)
  const twice = names.find((name, i) => names.indexOf(name) !== i && columns.some((one) => columnName(one) === name))
  if (twice !== undefined) throw refuse(`two of its columns are called ${JSON.stringify(twice)}.`)
  const missing = required.filter((name) => !names.includes(columnName(name)))
  if (missing.length > 0) {
    throw refuse(`it has no column ${missing.map((name) => JSON.stringify(name)).join(', ')}.`)
  }
  return columns.map((name) => names.indexOf(columnName(name)))
}

/** A cell as text; empty text is no value. */
export const cellText = (cell: Cell): string | undefined =>
  cell === undefined || cell === '' ? undefined : String(cell)

/** A cell as a whole number from 0; `null` for what is none. */
export const cellCount = (cell: Cell): number | null | undefined => {
  const text = cellText(cell)?.trim()
  if (text === undefined || text === '') return undefined
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : -1
  return Number.isSafeInteger(value) && value >= 0 ? value : null
}

/** A cell as a flag (`true`, `false` in any case); `null` for what is none. */
export const cellFlag = (cell: Cell): boolean | null | undefined => {
  const text = cellText(cell)?.trim().toLowerCase()
  if (text === undefined || text === '') return undefined
  return text === 'true' ? true : text === 'false' ? false : null
}

/** A cell as milliseconds since 1970: a number, or text as ISO 8601 or RFC 1123 write it; `null` for what is none. */
export const cellTime = (cell: Cell): number | null | undefined => {
  if (typeof cell === 'number') return Number.isFinite(cell) ? Math.trunc(cell) : null
  const text = cellText(cell)?.trim()
  if (text === undefined || text === '') return undefined
  const time = Date.parse(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/.test(text) ? `${text.replace(' ', 'T')}Z` : text)
  return Number.isNaN(time) ? null : time
}
