import { redact } from '../../redact.js'
import { escapeKey } from '../../source/key.js'
import { counted, figure } from '../phrases.js'

/** A key between quotes, escaped. */
export const quotedKey = (key: string): string => `"${escapeKey(key)}"`

/**
 * Text of others (a URI, a message, the name of an algorithm): on one line, without secrets, and without characters that could
 * drive a terminal. Backslashes stay: what was escaped before is not escaped again.
 */
export const shown = (text: string): string =>
  redact(text).replaceAll(/\s+/g, ' ').trim().split('\\').map(escapeKey).join('\\')

/** The beginning of a digest, enough to find it again. */
export const briefValue = (value: string): string => shown(value.length > 16 ? `${value.slice(0, 16)}…` : value)

/** Exact, with commas, as sizes are compared exactly: `20,480 bytes`. */
export const bytesOf = (count: number): string => counted(count, 'byte')

/** `byte 12,345`: counted from 1, as `cmp` does. */
export const byteNumber = (offset: number): string => `byte ${figure(offset + 1)}`

/** A moment as ISO 8601, UTC. */
export const moment = (ms: number): string =>
  Number.isFinite(ms) && Math.abs(ms) <= LATEST ? new Date(ms).toISOString() : 'an unknown time'

/** Milliseconds that a `Date` can hold (ECMAScript, 21.4.1.1). */
const LATEST = 8.64e15

/** The text as a sentence: a capital in front, one full stop behind. */
export const sentence = (text: string): string =>
  `${(text[0] ?? '').toUpperCase()}${text.slice(1).replace(/\.+$/, '')}.`
