/** From more different bytes on, a position is taken for one of random text, whose alphabet its neighbour has as well. */
const RICH = 10

/**
 * The bytes `seen` at a position of keys, and those that are to be expected there as well, as few as there is reason for:
 * too many cost requests that bring nothing. `next`: seen one position on.
 */
export const widened = (seen: ReadonlySet<number>, next: ReadonlySet<number> | undefined): ReadonlySet<number> => {
  const random = [...(next ?? [])].filter(isAlphanumeric)
  if (random.length > RICH && [...seen].every((byte) => next?.has(byte))) return new Set([...seen, ...random])
  const all = [...seen]
  if (all.length === 0 || !all.some((byte) => DIGITS.has(byte))) return seen
  return CLASSES.find((letters) => all.every((byte) => letters.has(byte))) ?? seen
}

const DIGITS: ReadonlySet<number> = new Set(Buffer.from('0123456789'))
const CLASSES = [DIGITS, new Set(Buffer.from('0123456789abcdef')), new Set(Buffer.from('0123456789ABCDEF'))]
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39
const isAlphanumeric = (byte: number): boolean =>
  isDigit(byte) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)
