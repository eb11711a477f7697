/** Names in one text; the rest is counted. */
const SHOWN = 5

/** `a, b and 3 more`. */
export const listed = (names: readonly string[]): string => {
  const more = names.length - SHOWN
  return more > 0 ? `${names.slice(0, SHOWN).join(', ')} and ${more} more` : names.join(', ')
}

/** `a -> b -> c`, in order; of a long way its beginning and its end. */
export const way = (names: readonly string[]): string => {
  const more = names.length - 2 * SHOWN
  const shown = more > 0 ? [...names.slice(0, SHOWN), `${more} more`, ...names.slice(-SHOWN)] : names
  return shown.join(' -> ')
}

/** Whether anything was written there at all: policies can be made by programs too. */
export const isWritten = (text: string | undefined): text is string => text !== undefined && text.trim() !== ''
