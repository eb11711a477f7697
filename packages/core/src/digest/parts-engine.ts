import type { DigestEngine } from './digest-engine.js'
import { hexToBytes } from './encoding.js'
import type { PartsOf } from './part-layout.js'

/**
 * The digest over the concatenated raw digests of parts, in one pass: S3's multipart ETag (of MD5) and COMPOSITE
 * checksums ("Checking object integrity", Amazon S3 User Guide). Bytes beyond the layout make one more part, so that they
 * cannot be missed. `part` and `whole` are two engines of one algorithm.
 */
export const partsEngine = (part: DigestEngine, whole: DigestEngine, { runs }: PartsOf): DigestEngine => {
  let run = 0
  let done = 0
  let left = 0
  let open = false

  /** Opens the next part; `false` when the layout has no more. */
  const next = (): boolean => {
    while (run < runs.length && done === runs[run]![1]) {
      run += 1
      done = 0
    }
    if (run === runs.length) return false
    done += 1
    left = runs[run]![0]
    open = true
    return true
  }
  const close = (): void => {
    whole.update(hexToBytes(part.digest()))
    part.reset()
    open = false
  }

  return {
    update: (chunk) => {
      let at = 0
      while (at < chunk.byteLength) {
        // A part of no bytes is closed by what comes after it.
        while (!(open && left > 0)) {
          if (open) close()
          if (!next()) {
            open = true
            left = Number.POSITIVE_INFINITY
          }
        }
        const end = Math.min(chunk.byteLength, at + left)
        part.update(at === 0 && end === chunk.byteLength ? chunk : chunk.subarray(at, end))
        left -= end - at
        at = end
      }
    },
    digest: () => {
      const even = runs[0]?.[1] === Number.POSITIVE_INFINITY
      // An empty object of even parts has one part, which is empty.
      if (even && !open && done === 0) open = true
      if (open) close()
      // Parts that were promised but whose bytes never came are empty parts.
      if (!even) while (next()) close()
      return whole.digest()
    },
    reset: () => {
      part.reset()
      whole.reset()
      run = 0
      done = 0
      left = 0
      open = false
    },
  }
}
