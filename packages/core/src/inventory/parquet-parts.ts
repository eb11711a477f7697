/** What hyparquet's parts are used for; loaded on first use. */
export interface ParquetParts {
  readonly column: typeof import('hyparquet/src/column.js')
  readonly convert: typeof import('hyparquet/src/convert.js')
  readonly dataPage: typeof import('hyparquet/src/datapage.js')
  readonly delta: typeof import('hyparquet/src/delta.js')
  readonly encoding: typeof import('hyparquet/src/encoding.js')
  readonly plain: typeof import('hyparquet/src/plain.js')
}

/** Loads them. */
export const parquetParts = async (): Promise<ParquetParts> => {
  const [column, convert, dataPage, delta, encoding, plain] = await Promise.all([
    import('hyparquet/src/column.js'),
    import('hyparquet/src/convert.js'),
    import('hyparquet/src/datapage.js'),
    import('hyparquet/src/delta.js'),
    import('hyparquet/src/encoding.js'),
    import('hyparquet/src/plain.js'),
  ])
  return { column, convert, dataPage, delta, encoding, plain }
}
