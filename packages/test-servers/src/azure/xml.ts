/** An element with its content, which is text to escape, or elements that are markup already. Empty content closes at once. */
export const element = (
  name: string,
  content: string | number | boolean | { readonly markup: string },
  attributes: Readonly<Record<string, string>> = {},
): string => {
  const inner = typeof content === 'object' ? content.markup : escapeXml(String(content))
  const opening = `${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
    .join('')}`
  return inner === '' ? `<${opening} />` : `<${opening}>${inner}</${name}>`
}

/** A document as the service writes it, which begins with a byte order mark. */
export const xmlDocument = (root: string): string => `\ufeff<?xml version="1.0" encoding="utf-8"?>${root}`

/**
 * Whether an XML 1.0 document carries a text unchanged: no control characters but tab and line feed (parsers turn carriage
 * returns into line feeds, and Microsoft's SDK reads no character references), no lone surrogates.
 */
export const fitsXml = (text: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters in question
  text.isWellFormed() && !/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/.test(text)

const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (character) => NAMED[character]!)

const NAMED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}
