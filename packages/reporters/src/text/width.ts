/** Columns that `text` takes on a terminal: two for East Asian wide characters and emoji, none for combining marks. */
export const textWidth = (text: string): number => {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

/** `text` in at most `columns`, shortened in the middle: both ends of a key tell more than its inside. */
export const shorten = (text: string, columns: number): string => {
  if (textWidth(text) <= columns) return text
  if (columns < 1) return ''
  const characters = [...text]
  const room = columns - 1
  let head = ''
  let headWidth = 0
  for (const character of characters) {
    const width = characterWidth(character)
    if (headWidth + width > Math.floor(room / 2)) break
    head += character
    headWidth += width
  }
  let tail = ''
  let tailWidth = 0
  for (const character of characters.reverse()) {
    const width = characterWidth(character)
    if (headWidth + tailWidth + width > room) break
    tail = character + tail
    tailWidth += width
  }
  return `${head}…${tail}`
}

/** `text` filled with spaces up to `columns`. */
export const pad = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - textWidth(text)))

// Ranges of Unicode's East Asian Width W and F, joined (UAX #11), plus what terminals draw as emoji.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u
const NONE = /\p{Mark}/u

const characterWidth = (character: string): number => {
  if (character.charCodeAt(0) < 0x300) return 1
  return NONE.test(character) ? 0 : WIDE.test(character) ? 2 : 1
}
