import { oneLine } from '../text/one-line.js'

/**
 * Text as a SARIF message says it: braces are doubled, as single ones are placeholders (SARIF 2.1.0, 3.11.5), and a bracket that
 * could end the text of an embedded link (3.11.6) is written as `]\x28`, so that a name cannot be a link. Ends with a full stop.
 */
export const message = (text: string): { readonly text: string } => {
  const line = oneLine(text)
  return { text: messageText(/[.!?]$/.test(line) ? line : `${line}.`) }
}

const messageText = (text: string): string =>
  text.replaceAll('](', ']\\x28').replaceAll('{', '{{').replaceAll('}', '}}')
