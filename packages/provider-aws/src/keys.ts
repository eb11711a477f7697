import { sendableKey } from '@backproof/core/object-store'
import { compareKeys, keyFromBytes } from '@backproof/core/source'
import { MAX_KEY_BYTES } from './options.js'

/**
 * A key as `encoding-type=url` writes it: bytes of UTF-8 as `%XX`, a blank as `+`. Amazon writes `a b+c` as `a+b%2Bc`
 * (measured; "Encoding type" in the API reference shows the escapes only), RADOS Gateway as `a%20b%2Bc`. Bytes that are no
 * UTF-8 become lone surrogates.
 *
 * @returns `undefined` when a `%` begins no escape.
 */
export const decodeListedKey = (encoded: string): string | undefined => {
  const text = encoded.includes('+') ? encoded.replaceAll('+', ' ') : encoded
  if (!text.includes('%')) return text
  if (/%(?![0-9a-f]{2})/i.test(text)) return undefined
  try {
    return decodeURIComponent(text)
  } catch {
    return keyFromBytes(bytesOf(text))
  }
}

const bytesOf = (text: string): Uint8Array => {
  const pieces = text.split(/((?:%[0-9a-f]{2})+)/i)
  return Buffer.concat(
    pieces.map((piece, i) =>
      Buffer.from(i % 2 === 1 ? piece.replaceAll('%', '') : piece, i % 2 === 1 ? 'hex' : 'utf8'),
    ),
  )
}

/**
 * A text for `start-after` (which is exclusive) that no wanted key lies before or at: the greatest that is short, so that
 * few keys come that are not wanted. `undefined` when the listing has to begin at its start.
 *
 * @param after Keys after this one are wanted. @param from Keys from this one on are wanted.
 */
export const startAfterOf = (
  prefix: string,
  after: string | undefined,
  from: string | undefined,
): string | undefined => {
  const exclusive = after === undefined ? undefined : sendable(prefix + after)
  const inclusive = from === undefined || from === '' ? undefined : before(prefix + from)
  if (exclusive === undefined) return inclusive
  return inclusive === undefined || compareKeys(exclusive, inclusive) > 0 ? exclusive : inclusive
}

/** Something less than `key`, and close to it: its last character made one less, and the greatest character behind. */
const before = (key: string): string => {
  const start = sendable(key)
  if (start !== key) return start
  const last = [...key].at(-1)!
  const rest = key.slice(0, -last.length)
  const point = last.codePointAt(0)!
  // Control characters and what follows the surrogates have no neighbour that every service takes.
  if (point <= 0x20 || point === 0xe000) return rest
  return sendable(`${rest}${String.fromCodePoint(point - 1)}\u{10ffff}`)
}

const sendable = (key: string): string => sendableKey(key, MAX_KEY_BYTES)
