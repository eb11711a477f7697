import { compareGroups, type PageRow } from './page-data.js'

/** Keeps the first rows in the order of `compareGroups`, those that compare equal in the order in which they came, in bounded memory. */
export const createFirstRows = (
  limit: number,
): { readonly add: (row: PageRow) => void; readonly rows: () => readonly PageRow[] } => {
  let kept: PageRow[] = []
  const trim = (): void => {
    kept = kept.sort(compareGroups).slice(0, limit)
  }
  return {
    add: (row) => {
      kept.push(row)
      if (kept.length >= 2 * limit + 1) trim()
    },
    rows: () => {
      trim()
      return kept
    },
  }
}
