/*
 * The script of an HTML report: filters, pages and searches its rows. Everything that comes from a report becomes text of an
 * element, never markup. `npm run page -w @backproof/reporters` packs it into `src/html/page-script.ts`.
 */
import { compareGroups, PAGE_ROWS, type PackedRows, type PageRow, unpackRow } from '../src/html/page-data.js'
import { rowGroups, type Tree } from '../src/html/row-tree.js'

const byId = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E

const form = byId<HTMLFormElement>('filters')
const search = byId<HTMLInputElement>('search')
const rules = byId<HTMLSelectElement>('rule')
const shown = byId('shown')
const list = byId('rows')
const pager = byId('pager')
const previous = byId<HTMLButtonElement>('previous')
const next = byId<HTMLButtonElement>('next')
const position = byId('position')

const all: PageRow[] = []
let found: readonly PageRow[] = all
let counts: ReadonlyMap<string, number> = new Map()
let page = 0
/** By index in `all`, in lower case; made for the first search. */
let texts: readonly string[] | undefined

const figure = (value: number): string => value.toLocaleString('en-US')

const toNode = (tree: Tree): Node => {
  if (typeof tree === 'string') return document.createTextNode(tree)
  const node = document.createElement(tree.tag)
  if (tree.style !== undefined) node.className = tree.style
  node.append(...tree.children.map(toNode))
  return node
}

/** Parses the rows piece by piece, so that the page can be read and scrolled meanwhile. */
const load = async (): Promise<void> => {
  const said: string[] = []
  let start = performance.now()
  for (const piece of document.querySelectorAll('script.data')) {
    const { texts: more, rows } = JSON.parse(piece.textContent ?? '') as PackedRows
    said.push(...more)
    for (const row of rows) all.push(unpackRow(row, said))
    piece.remove()
    if (performance.now() - start > 40) {
      await new Promise((resolve) => setTimeout(resolve))
      start = performance.now()
    }
  }
  all.sort(compareGroups)
}

const textOf = ({ rule, title, kind, name, id, subject, message, text, fingerprint }: PageRow): string =>
  `${title} ${rule} ${kind} ${name} ${id} ${subject} ${message} ${text} ${fingerprint}`.toLowerCase()

const checked = (name: string): ReadonlySet<number> =>
  new Set([...form.querySelectorAll<HTMLInputElement>(`input[name=${name}]:checked`)].map(({ value }) => Number(value)))

const keyOf = ({ standing, severity, rule }: PageRow, level: 'severity' | 'rule'): string =>
  level === 'rule' ? `${standing} ${severity} ${rule}` : `${standing} ${severity}`

const filter = (): void => {
  const standings = checked('standing')
  const severities = checked('severity')
  const words = search.value
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length > 0) texts ??= all.map(textOf)
  const rule = rules.value
  found = all.filter(
    (row, i) =>
      standings.has(row.standing) &&
      severities.has(row.severity) &&
      (rule === '' || row.rule === rule) &&
      words.every((word) => texts![i]!.includes(word)),
  )
  const sums = new Map<string, number>()
  for (const row of found) {
    for (const key of [keyOf(row, 'severity'), keyOf(row, 'rule')]) sums.set(key, (sums.get(key) ?? 0) + 1)
  }
  counts = sums
  show(0)
}

const show = (number: number): void => {
  page = number
  const from = page * PAGE_ROWS
  const rows = found.slice(from, from + PAGE_ROWS)
  list.replaceChildren(...rowGroups(rows, (row, level) => counts.get(keyOf(row, level)) ?? 0).map(toNode))
  const pages = Math.max(1, Math.ceil(found.length / PAGE_ROWS))
  shown.textContent =
    found.length === 0
      ? `No row of ${figure(all.length)} is as asked for.`
      : `${figure(found.length)} of ${figure(all.length)} ${all.length === 1 ? 'row' : 'rows'}${pages === 1 ? '' : `; ${figure(from + 1)} to ${figure(from + rows.length)} are shown`}.`
  pager.hidden = pages === 1
  position.textContent = `Page ${figure(page + 1)} of ${figure(pages)}`
  // A button that has the focus and is disabled would lose it.
  previous.ariaDisabled = String(page === 0)
  next.ariaDisabled = String(page === pages - 1)
}

const turn = (by: number): void => {
  const to = page + by
  if (to < 0 || to * PAGE_ROWS >= found.length) return
  show(to)
  list.focus({ preventScroll: true })
  byId('findings').scrollIntoView()
}

const offerRules = (): void => {
  const titles = new Map(all.map(({ rule, title }) => [rule, title]))
  for (const rule of [...titles.keys()].sort()) {
    const option = document.createElement('option')
    option.value = rule
    option.textContent = rule
    option.title = titles.get(rule) ?? ''
    rules.append(option)
  }
}

let waiting: ReturnType<typeof setTimeout> | undefined
const soon = (): void => {
  clearTimeout(waiting)
  waiting = setTimeout(filter, 120)
}

const start = async (): Promise<void> => {
  await load()
  offerRules()
  form.addEventListener('submit', (event) => event.preventDefault())
  form.addEventListener('input', soon)
  form.addEventListener('reset', soon)
  previous.addEventListener('click', () => turn(-1))
  next.addEventListener('click', () => turn(1))
  form.hidden = false
  filter()
  document.documentElement.dataset['ready'] = ''
}

/** On paper everything that is folded up in rows and clauses is open. */
let opened: readonly HTMLDetailsElement[] = []
addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll<HTMLDetailsElement>('details.row:not([open]), details.paper:not([open])')]
  for (const one of opened) one.open = true
})
addEventListener('afterprint', () => {
  for (const one of opened) one.open = false
})

void start()
