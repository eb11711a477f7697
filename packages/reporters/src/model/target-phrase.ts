import { escapeKey } from '@backproof/core/source'
import type { ReportRow } from './row.js'

/** What a row is about, by its ids, so that it is the same in the next run: `asset shop (file:///copy)`, `the estate (owner)`. */
export const targetPhrase = ({ target: { kind, id }, subject }: Pick<ReportRow, 'target' | 'subject'>): string => {
  const target = kind === 'estate' ? 'the estate' : `${escapeKey(kind)} ${escapeKey(id)}`
  return subject === undefined ? target : `${target} (${escapeKey(subject)})`
}
