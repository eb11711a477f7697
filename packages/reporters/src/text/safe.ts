/**
 * Text for a terminal: control characters other than newline are written as `\x1b`, so that a message which quotes a
 * name (a provider's, the operating system's) cannot drive the terminal. Keys go through `escapeKey` instead.
 */
export const safeText = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const unit = character.charCodeAt(0)
    return unit < 0x100 ? `\\x${unit.toString(16).padStart(2, '0')}` : `\\u${unit.toString(16)}`
  })
