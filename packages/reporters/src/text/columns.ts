import { pad, textWidth } from './width.js'

/** Columns of text for reading. */
export const COLUMNS = 100

/** Rows of a name and what there is to say of it, wrapped beside it; each line ends with a newline. */
export const table = (rows: readonly (readonly [name: string, text: string])[]): string => {
  const columns = Math.max(0, ...rows.map(([name]) => textWidth(name)))
  return rows
    .map(([name, text]) =>
      wrap(text, COLUMNS - columns - 4)
        .map((line, i) => `  ${pad(i === 0 ? name : '', columns)}  ${line}\n`)
        .join(''),
    )
    .join('')
}

export const wrap = (text: string, columns: number): readonly string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line)
      line = ''
    }
    line += line === '' ? word : ` ${word}`
  }
  return [...lines, line]
}
