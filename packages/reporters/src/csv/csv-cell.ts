/**
 * One cell of RFC 4180, always between quotes. Spreadsheets take a cell that begins with `=`, `+`, `-`, `@` (or one of these in full
 * width), a tab or a line end for a formula, also behind spaces: such a cell gets an apostrophe in front.
 */
export const csvCell = (text: string): string => {
  const guarded = FORMULA.test(text) ? `'${text}` : text
  return `"${guarded.replaceAll('"', '""')}"`
}

const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/

/** One line, ended by CR and LF. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`
