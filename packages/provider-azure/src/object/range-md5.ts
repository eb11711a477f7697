import { createHash } from 'node:crypto'
import type { BodyStream } from '@backproof/core/object-store'
import { type ByteRange, escapeKey } from '@backproof/core/source'
import { azureError } from '../errors.js'

/** Longest range with which its MD5 can come ("Get Blob", `x-ms-range-get-content-md5`). */
const LONGEST = 4 * 1024 * 1024

/** Whether a range is short enough for its MD5 to be asked for. */
export const isChecked = (range: ByteRange | undefined): boolean =>
  range !== undefined && range.end - range.start <= LONGEST

/**
 * The same bytes, and at their end `corrupt` (may be tried again) where they are not those whose MD5 came with them: the
 * service computed it when it read them, so that they changed on their way.
 *
 * @param md5 Base64, header Content-MD5 of the answer; without one nothing is checked.
 */
export const checkedStream = (stream: BodyStream, md5: string | undefined, key: string): BodyStream => {
  if (md5 === undefined) return stream
  return {
    socket: stream.socket,
    destroy: () => stream.destroy?.(),
    on: (event, listener) => stream.on?.(event, listener),
    [Symbol.asyncIterator]: () => {
      const iterator = stream[Symbol.asyncIterator]()
      const hash = createHash('md5')
      return {
        next: async () => {
          const result = await iterator.next()
          if (result.done !== true) {
            hash.update(result.value)
            return result
          }
          const came = hash.digest('base64')
          if (came === md5) return result
          const what = `The bytes of ${escapeKey(key)} changed on their way: their MD5 is ${came}, the service read ${md5}.`
          throw azureError('corrupt', 'GetBlob', key, what, true)
        },
      }
    },
  }
}
