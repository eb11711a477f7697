import { redact } from '../redact.js'
/** Where something stands in a file. Lines and columns count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** What a file says, with the place of everything that it says. */
export type Located =
  | { readonly kind: 'map'; readonly place: Place; readonly entries: ReadonlyMap<string, LocatedEntry> }
  | { readonly kind: 'list'; readonly place: Place; readonly items: readonly Located[] }
  | { readonly kind: 'scalar'; readonly place: Place; readonly value: string | number | boolean | null }

export interface LocatedEntry {
  /** Where its name stands. */
  readonly key: Place
  readonly value: Located
}

/** What was found, for a message. */
export const shown = (node: Located): string => {
  if (node.kind === 'map') return 'a map'
  if (node.kind === 'list') return 'a list'
  if (node.value === null) return 'empty'
  return shownText(node.value)
}

/** A text or number for a message: in quotes, and cut where it is long. */
export const shownText = (value: string | number | boolean): string => {
  // Before it is cut: half of a secret is not known for what it is.
  const text = typeof value === 'string' ? JSON.stringify(redact(value)) : String(value)
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}..."`
}

const LONGEST = 80
