export type Colour = 'red' | 'yellow' | 'green' | 'bold' | 'dim'

/** Puts a colour around text, or leaves the text as it is. */
export type Style = (colour: Colour, text: string) => string

const CODES: Readonly<Record<Colour, readonly [number, number]>> = {
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  bold: [1, 22],
  dim: [2, 22],
}

/**
 * Colours only on a terminal, and not when the environment has `NO_COLOR` (https://no-color.org: set and not empty)
 * or `TERM=dumb`.
 */
export const styleFor = (stream: { readonly isTTY?: boolean | undefined }): Style => {
  const { NO_COLOR, TERM } = process.env
  const coloured = stream.isTTY === true && !NO_COLOR && TERM !== 'dumb'
  return coloured ? (colour, text) => `\u001b[${CODES[colour][0]}m${text}\u001b[${CODES[colour][1]}m` : plainStyle
}

export const plainStyle: Style = (_, text) => text
