import type { DigestEngine } from './digest-engine.js'

/** Bytes that are looked at, at the beginning of every block. */
const SAMPLE = 4 * 1024
const BLOCK = 256 * 1024

/**
 * The Shannon entropy (1948) of the byte values in sampled blocks: the first 4 KiB of every 256 KiB of a stream, by
 * position, so that chunking does not matter. Text has 4 to 5 bits a byte; what is encrypted or compressed, nearly 8 (and
 * at most log2 of the bytes looked at).
 *
 * `digest()` gives bits per byte with four decimals: `7.9812`. It is no digest: it says nothing about equality.
 */
export const entropyEngine = (): DigestEngine => {
  const counts = new Uint32Array(256)
  let position = 0
  let sampled = 0
  return {
    update: (chunk) => {
      let at = 0
      while (at < chunk.byteLength) {
        const within = (position + at) % BLOCK
        if (within >= SAMPLE) {
          at += BLOCK - within
          continue
        }
        const end = Math.min(chunk.byteLength, at + SAMPLE - within)
        sampled += end - at
        for (; at < end; at++) counts[chunk[at]!]! += 1
      }
      position += chunk.byteLength
    },
    digest: () => {
      let bits = 0
      for (const count of counts) if (count > 0) bits -= (count / sampled) * Math.log2(count / sampled)
      // Not "-0.0000" for a single byte value.
      return Math.max(0, bits).toFixed(4)
    },
    reset: () => {
      counts.fill(0)
      position = 0
      sampled = 0
    },
  }
}
