import { oneLine } from '../text/one-line.js'

/**
 * Text between backticks: no Markdown, HTML, link or mention in it means anything. On one line, free of control characters; the
 * fence is longer than any that the text has.
 */
export const code = (text: string): string => fenced(oneLine(text))

/**
 * A sentence that quotes names of others. Plain words stay as they are; whatever else is in it (paths, addresses, quotes, marks of
 * Markdown and HTML, mentions) stands between backticks.
 */
export const prose = (text: string): string => {
  const pieces: Piece[] = []
  for (const { 0: token, index } of oneLine(text).matchAll(TOKENS)) {
    const piece = pieceOf(token, index === 0)
    const last = pieces.at(-1)
    if (last?.code !== undefined && last.close === '' && piece.code !== undefined && piece.open === '')
      pieces[pieces.length - 1] = { ...piece, open: last.open, code: `${last.code} ${piece.code}` }
    else pieces.push(piece)
  }
  return pieces
    .map(({ open, code: inside, close }) => `${open}${inside === undefined ? '' : fenced(inside)}${close}`)
    .join(' ')
}

/** As a cell of a table, where a bar would begin the next one, whatever stands around it. */
export const cell = (markdown: string): string => markdown.replaceAll('|', '\\x7c')

interface Piece {
  /** What stands as it is, before and behind. */
  readonly open: string
  readonly close: string
  /** What stands between backticks. */
  readonly code?: string | undefined
}

/** Names between quotes, what stands between backticks already, and words, with the marks around them. */
const TOKENS = /\(?`[A-Za-z0-9 :'_.()>-]+`[,.;:)]*(?=\s|$)|\(?"[^"]*"\S*|\S+/g
const MARKS = /^(\(?)(.*?)([,.;:)]*)$/s

/** A word, a figure or a dash. */
const PLAIN = /^(?:\p{L}[\p{L}\p{M}'’-]*|\d[\d,.]*(?:-\d+)*|[–—…%-])?$/u

/** What GitHub makes a link of: the id of a commit. */
const LINKED = /^[0-9a-f]{7,40}$/

const pieceOf = (token: string, first: boolean): Piece => {
  const [, open = '', word = '', close = ''] = MARKS.exec(token) ?? []
  if (PLAIN.test(word) && !LINKED.test(word)) return { open: '', close: first ? unlisted(token) : token }
  const [, inside] = /^`([^`]+)`$/.exec(word) ?? []
  return { open, code: inside ?? word, close }
}

/** A figure or a dash at the beginning of a line would begin a list. */
const unlisted = (word: string): string => word.replace(/^\d+[.)]$|^-$/, (all) => `${all.slice(0, -1)}\\${all.at(-1)}`)

const fenced = (text: string): string => {
  if (text === '') return '(empty)'
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const padding = /^[` ]|[` ]$/.test(text) && text.trim() !== '' ? ' ' : ''
  return `${fence}${padding}${text}${padding}${fence}`
}
