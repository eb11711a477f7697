import { oneLine } from '../text/one-line.js'

const TEXT: unique symbol = Symbol('markup')

/** Text that is HTML already. Only {@link html} makes it, so that whatever comes from a report is escaped. */
export interface Markup {
  readonly [TEXT]: string
}

/** What stands in a template: text is escaped, markup is not, nothing is nothing. */
export type Content = string | number | Markup | readonly Content[] | undefined

/** A template of HTML. Values may stand between tags and in attributes with double quotes, nowhere else. */
export const html = (pieces: TemplateStringsArray, ...values: readonly Content[]): Markup => ({
  [TEXT]: pieces.map((piece, i) => (i === 0 ? piece : `${textOf(values[i - 1])}${piece}`)).join(''),
})

/** The HTML itself. */
export const markupText = (markup: Markup): string => markup[TEXT]

const textOf = (content: Content): string => {
  if (content === undefined) return ''
  if (typeof content === 'object') return TEXT in content ? content[TEXT] : content.map(textOf).join('')
  return escapeHtml(visible(String(content)))
}

/**
 * Text in which nothing hides: control, bidirectional and zero-width characters, and halves of characters, are written as `\x1b`,
 * `\u202e` ... A backslash stays one, as sentences of reports have their names escaped already.
 */
export const visible = (text: string): string => (HIDDEN.test(text) ? oneLine(text) : text)

/** Whether `oneLine` may have something to do: most texts are plain ASCII. */
const HIDDEN = /[^ -~]/

const escapeHtml = (text: string): string =>
  SPECIAL.test(text) ? text.replace(/[&<>"']/g, (character) => ENTITIES[character]!) : text

const SPECIAL = /[&<>"']/
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** JSON that can stand in a `script` element, whatever strings it holds: nothing in it looks like a tag or ends a line. */
export const scriptJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
