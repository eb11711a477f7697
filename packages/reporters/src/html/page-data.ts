/*
 * What the file says to its own script: rows as short arrays of JSON. Both sides are compiled from this module.
 */

/** Where a row stands, in the order in which rows are shown. `waived`: it fails, and somebody accepted that. */
export const STANDINGS = ['fail', 'error', 'unknown', 'review', 'waived', 'pass', 'not-applicable'] as const

export type Standing = (typeof STANDINGS)[number]

/** Of these a reader has to know without asking. */
export const isOpen = (standing: number): boolean => standing < STANDINGS.indexOf('pass')

/** Most severe first; a row has the index. */
export const SEVERITY_NAMES = ['critical', 'high', 'medium', 'low', 'info'] as const

/** One row. Nothing in it can hide: names and texts are made visible before. Empty text: there is none. */
export interface PageRow {
  /** Index into {@link STANDINGS}. */
  readonly standing: number
  /** Index into {@link SEVERITY_NAMES}. */
  readonly severity: number
  readonly rule: string
  readonly title: string
  /** Of the target. */
  readonly kind: string
  readonly name: string
  /** Where the target has a name of its own. */
  readonly id: string
  readonly subject: string
  readonly message: string
  readonly text: string
  readonly action: string
  readonly waiver: string
  readonly place: string
  readonly fingerprint: string
  readonly evidence: readonly string[]
  /** Pieces that `evidence` leaves out. */
  readonly omitted: number
}

/** A text, or its number among the texts that were told so far. */
export type PackedText = string | number

/** A row without the names of its members, in their order. */
export type PackedRow = readonly [
  standing: number,
  severity: number,
  rule: PackedText,
  title: PackedText,
  kind: PackedText,
  name: string,
  id: string,
  subject: PackedText,
  message: PackedText,
  text: string,
  action: PackedText,
  waiver: string,
  place: string,
  fingerprint: string,
  evidence: readonly string[],
  omitted: number,
]

/** Some rows, and the texts that are new in them. */
export interface PackedRows {
  readonly texts: readonly string[]
  readonly rows: readonly PackedRow[]
}

export const unpackRow = (row: PackedRow, texts: readonly string[]): PageRow => {
  const said = (text: PackedText): string => (typeof text === 'number' ? (texts[text] ?? '') : text)
  return {
    standing: row[0],
    severity: row[1],
    rule: said(row[2]),
    title: said(row[3]),
    kind: said(row[4]),
    name: row[5],
    id: row[6],
    subject: said(row[7]),
    message: said(row[8]),
    text: row[9],
    action: said(row[10]),
    waiver: row[11],
    place: row[12],
    fingerprint: row[13],
    evidence: row[14],
    omitted: row[15],
  }
}

/** What a row is grouped by, worst first: where it stands, how severe it is, its rule. */
export const compareGroups = (a: PageRow, b: PageRow): number =>
  a.standing - b.standing || a.severity - b.severity || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)

/** Rows that are shown at once. */
export const PAGE_ROWS = 100
