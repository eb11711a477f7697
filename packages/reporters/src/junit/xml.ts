/**
 * Text for XML 1.0, also between double quotes. What XML does not allow at all (control characters, lone surrogates, U+FFFE,
 * U+FFFF; https://www.w3.org/TR/xml/#charsets), and what an attribute would lose (tabs, line ends), is written as `\u0001`.
 */
export const xmlText = (text: string): string =>
  text.replace(MARKUP, (character) => ENTITIES[character] ?? code(character))

/** As {@link xmlText}, of lines: between tags line ends may stay. */
export const xmlLines = (lines: readonly string[]): string => lines.map(xmlText).join('\n')

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const code = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

const MARKUP =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[&<>"\u0000-\u001f\u007f-\u009f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** ` name="value"` for each value that there is. */
export const xmlAttributes = (values: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${xmlText(String(value))}"`)
    .join('')
