/**
 * `value` as JSON on one line. Characters that could drive or mislead a terminal, or that some readers take for the end of
 * a line (U+2028 and U+2029, for example `node:readline` from Node 24 on), are written as escapes, which parse to the same.
 */
export const jsonLine = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
