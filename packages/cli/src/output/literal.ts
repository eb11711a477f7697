/** `value` (plain JSON data) as TypeScript in this repository's style. */
export const literal = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([name, member]) => `${/^[a-z_$][\w$]*$/i.test(name) ? name : quoted(name)}: ${literal(member)}`)
      .join(', ')} }`
  return typeof value === 'string' ? quoted(value) : JSON.stringify(value)
}

/** Control characters and characters that do not show are escaped: the program is also printed on terminals. */
const quoted = (value: string): string =>
  `'${value.replace(/['\\]|[^\x20-\x7e\u00a1-\u00ac\u00ae-\u024f]/g, (character) => {
    const unit = character.charCodeAt(0)
    return unit === 0x27 || unit === 0x5c ? `\\${character}` : `\\u${unit.toString(16).padStart(4, '0')}`
  })}'`
