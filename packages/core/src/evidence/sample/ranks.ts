import { hash } from 'node:crypto'
import { keyToBytes } from '../../source/key.js'

/** What a number is drawn for: each purpose has numbers of its own. */
export type DrawPurpose = 'rank' | 'part'

/**
 * Numbers drawn by key, uniform in [0, 1), of 53 bits: the first bits of
 * `sha256(purpose, NUL, seed, NUL, bytes of the key)`, the most significant first. They never change within report
 * schema v1: the same seed finds the same sample again.
 */
export const createDraw = (purpose: DrawPurpose, seed: string): ((key: string) => number) => {
  const prefix = `${purpose}\0${seed}\0`
  return (key) => {
    const text = prefix + key
    // Text and hexadecimal: several times as fast as buffers for so few bytes.
    const digest = hash('sha256', text.isWellFormed() ? text : keyToBytes(text), 'hex')
    const [high, low] = [Number.parseInt(digest.slice(0, 8), 16), Number.parseInt(digest.slice(8, 16), 16)]
    return (high * 2 ** 21 + (low >>> 11)) / 2 ** 53
  }
}
