/**
 * The key that a report shows as `text`: what `escapeKey` wrote as `\n`, `\x1b`, `\u202e` or `\\` is read back. `\x80` to `\xff`
 * are bytes that are no UTF-8, as in names on disk. A backslash before anything else is one.
 */
export const keyFromShown = (text: string): string =>
  text.replace(/\\(?:[nrt\\]|x[0-9a-f]{2}|u[0-9a-f]{4})/g, (shown) => {
    const known = SHORT[shown]
    if (known !== undefined) return known
    const unit = Number.parseInt(shown.slice(2), 16)
    return String.fromCharCode(shown[1] === 'x' && unit >= 0x80 ? 0xdc00 + unit : unit)
  })

const SHORT: Readonly<Record<string, string>> = { '\\n': '\n', '\\r': '\r', '\\t': '\t', '\\\\': '\\' }
