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
  const pieces: { readonly plain: boolean; readonly text: string }[] = []
  for (const [token] of oneLine(text).matchAll(TOKENS)) {
    const last = pieces.at(-1)
    const [, inside, behind = ''] = BETWEEN_BACKTICKS.exec(token) ?? []
    if (inside !== undefined) pieces.push({ plain: true, text: fenced(inside) + behind })
    else if (PLAIN.test(token) && !LINKED.test(token)) pieces.push({ plain: true, text: unlisted(token) })
    else if (last?.plain === false) pieces[pieces.length - 1] = { plain: false, text: `${last.text} ${token}` }
    else pieces.push({ plain: false, text: token })
  }
  return pieces.map((piece) => (piece.plain ? piece.text : fenced(piece.text))).join(' ')
}

/** As a cell of a table, where a bar would begin the next one, whatever stands around it. */
export const cell = (markdown: string): string => markdown.replaceAll('|', '\\x7c')

/** Words, and names between quotes or backticks with what follows them at once. */
const TOKENS = /`[A-Za-z0-9 :'_.-]+`[,.;:)]*(?=\s|$)|"[^"]*"\S*|\S+/g
const BETWEEN_BACKTICKS = /^`([A-Za-z0-9 :'_.-]+)`([,.;:)]*)$/

/** A word or a figure with the marks of a sentence around it. */
const PLAIN = /^(?:\(?\p{L}[\p{L}\p{M}'’-]*|\(?\d[\d,.]*|[–—…%-])[,.;:)]*$/u

/** What GitHub makes a link of: the id of a commit. */
const LINKED = /^\(?[0-9a-f]{7,40}\W*$/

/** A figure or a dash at the beginning of a line would begin a list. */
const unlisted = (word: string): string => word.replace(/^\d+[.)]$|^-$/, (all) => `${all.slice(0, -1)}\\${all.at(-1)}`)

const fenced = (text: string): string => {
  if (text === '') return '(empty)'
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const padding = /^[` ]|[` ]$/.test(text) && text.trim() !== '' ? ' ' : ''
  return `${fence}${padding}${text}${padding}${fence}`
}
