/**
 * `value` (plain data) as one JSON document. Characters that JSON leaves alone but that could drive or mislead a terminal (C1
 * controls, zero-width and bidirectional ones) are written as `\u` escapes, which parse to the same.
 */
export const jsonDocument = (value: object): string =>
  `${JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}\n`
