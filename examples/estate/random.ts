/** Numbers from 0 up to 1 that look random and are the same for the same seed: mulberry32, seeded by an FNV-1a hash of the text. */
export const randomFrom = (seed: string): (() => number) => {
  let state = 0x811c9dc5
  for (const character of seed) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A number that differs from `value` by no more than `share` of it. */
export const about = (value: number, share: number, random: () => number): number =>
  value * (1 + share * (2 * random() - 1))
