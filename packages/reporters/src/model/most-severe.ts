import { SEVERITIES, type Severity } from '@backproof/core/audit'

/** Rows of which the most severe are kept, whatever their number. */
export interface MostSevere<R> {
  readonly add: (row: R) => void
  /** At most `limit`: the most severe first, of one severity in the order in which they came. */
  readonly rows: () => readonly R[]
}

/** Holds at most `limit` rows of each severity. */
export const mostSevere = <R extends { readonly severity: Severity }>(limit: number): MostSevere<R> => {
  const groups = SEVERITIES.map((severity) => ({ severity, rows: [] as R[] }))
  return {
    add: (row) => {
      const rows = groups.find(({ severity }) => severity === row.severity)?.rows
      if (rows !== undefined && rows.length < limit) rows.push(row)
    },
    rows: () => groups.flatMap(({ rows }) => rows).slice(0, limit),
  }
}
