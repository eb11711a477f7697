import { codeParts } from './code-parts.js'
import { type PageRow, SEVERITY_NAMES, STANDINGS } from './page-data.js'

/** A piece of the page that both the writer and the page's script make: the one as text, the other as elements. */
export type Tree = string | Element

export interface Element {
  readonly tag:
    | 'li'
    | 'ol'
    | 'ul'
    | 'details'
    | 'summary'
    | 'span'
    | 'dl'
    | 'dt'
    | 'dd'
    | 'div'
    | 'section'
    | 'h3'
    | 'h4'
  readonly style?: string | undefined
  readonly children: readonly Tree[]
}

const element = (tag: Element['tag'], style: string | undefined, ...children: readonly Tree[]): Element => ({
  tag,
  ...(style !== undefined && { style }),
  children,
})

/** How a reader is told where rows stand. */
export const STANDING_WORDS: Readonly<Record<(typeof STANDINGS)[number], string>> = {
  fail: 'Failing',
  error: 'Could not be judged',
  unknown: 'Not known',
  review: 'For a person to judge',
  waived: 'Failing, and accepted',
  pass: 'Passing',
  'not-applicable': 'Not applicable',
}

/** Rows of one page, in the order of `compareGroups`. `count`: how many rows a group has on all pages; absent: nobody counted. */
export const rowGroups = (
  rows: readonly PageRow[],
  count?: (row: PageRow, level: 'severity' | 'rule') => number,
): Tree[] =>
  runs(rows, (row) => `${row.standing} ${row.severity}`).map((group) => {
    const [first] = group
    const standing = STANDINGS[first!.standing] ?? 'unknown'
    const severity = SEVERITY_NAMES[first!.severity] ?? ''
    return element(
      'section',
      'group',
      element(
        'h3',
        standing,
        STANDING_WORDS[standing],
        ' ',
        element('span', 'severity', `${severity} severity`),
        ...countOf(count?.(first!, 'severity')),
      ),
      ...runs(group, ({ rule }) => rule).flatMap((same) => [
        element(
          'h4',
          undefined,
          same[0]!.title,
          ' ',
          element('span', 'code', same[0]!.rule),
          ...countOf(count?.(same[0]!, 'rule')),
        ),
        element('ol', 'rows', ...same.map(rowItem)),
      ]),
    )
  })

const countOf = (count: number | undefined): readonly Tree[] =>
  count === undefined ? [] : [' ', element('span', 'count', count.toLocaleString('en-US'))]

/** Neighbours that have the same key. */
const runs = (rows: readonly PageRow[], keyOf: (row: PageRow) => string): PageRow[][] => {
  const all: PageRow[][] = []
  let last: string | undefined
  for (const row of rows) {
    const key = keyOf(row)
    if (key === last) all.at(-1)!.push(row)
    else all.push([row])
    last = key
  }
  return all
}

const rowItem = (row: PageRow): Element => {
  const standing = STANDINGS[row.standing] ?? 'unknown'
  return element(
    'li',
    undefined,
    element(
      'details',
      'row',
      element(
        'summary',
        undefined,
        element('span', `mark ${standing}`, standing),
        element(
          'span',
          'about',
          element('span', 'name', row.kind === 'estate' ? 'the estate' : row.name),
          ...(row.kind === 'object' || row.kind === 'estate' ? [] : [' ', element('span', 'kind', row.kind)]),
          ...(row.subject === '' ? [] : [' ', element('span', 'subject', row.subject)]),
        ),
        element('span', 'said', row.text),
      ),
      element('div', 'more', element('dl', undefined, ...members(row))),
    ),
  )
}

const members = (row: PageRow): Tree[] => [
  ...(row.action === ''
    ? []
    : [
        element('dt', undefined, 'What to do'),
        element(
          'dd',
          undefined,
          ...codeParts(row.action).map((part, i) => (i % 2 === 1 ? element('span', 'code', part) : part)),
        ),
      ]),
  ...member('Accepted', row.waiver),
  ...(row.evidence.length + row.omitted === 0
    ? []
    : [
        element('dt', undefined, 'Evidence'),
        element(
          'dd',
          undefined,
          element(
            'ul',
            'evidence',
            ...row.evidence.map((line) => element('li', undefined, line)),
            ...(row.omitted === 0 ? [] : [element('li', 'omitted', `and ${row.omitted.toLocaleString('en-US')} more`)]),
          ),
        ),
      ]),
  ...member('Target', row.id === '' ? '' : `${row.kind} ${row.id}`, 'code'),
  ...member('Declared at', row.place, 'code'),
  ...member('Message', `${row.rule} / ${row.message}`, 'code'),
  ...member('Fingerprint', row.fingerprint, 'code'),
]

const member = (name: string, value: string, style?: string): readonly Tree[] =>
  value === '' ? [] : [element('dt', undefined, name), element('dd', style, value)]
