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
  const prefix = keyToBytes(`${purpose}\0${seed}\0`)
  return (key) => {
    const digest = hash('sha256', Buffer.concat([prefix, keyToBytes(key)]), 'buffer')
    return (digest.readUInt32BE(0) * 2 ** 21 + (digest.readUInt32BE(4) >>> 11)) / 2 ** 53
  }
}
