/** A sentence of ours in parts: those with an odd index stood between backticks and are code. Other backticks stay where they are. */
export const codeParts = (sentence: string): readonly string[] => sentence.split(CODE)

const CODE = /(?<![^\s(])`([A-Za-z0-9 :'_.()>-]+)`(?=[,.;:)]*(?:\s|$))/
