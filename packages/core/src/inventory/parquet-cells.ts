import type { ParquetParsers } from 'hyparquet'
import { keyFromBytes } from '../source/key.js'
import type { Cell } from './table.js'

/** How hyparquet makes values: bytes that are no UTF-8 stay told apart, and times are milliseconds. */
export const CELL_PARSERS: Partial<ParquetParsers> = {
  stringFromBytes: (bytes) => bytes && keyFromBytes(bytes),
  jsonFromBytes: (bytes) => bytes && keyFromBytes(bytes),
  timestampFromMilliseconds: (millis) => Number(millis),
  timestampFromMicroseconds: (micros) => Number(micros / 1_000n),
  timestampFromNanoseconds: (nanos) => Number(nanos / 1_000_000n),
  dateFromDays: (days) => days * 86_400_000,
}

/** A value as hyparquet gives it. */
export const cellOf = (value: unknown): Cell => {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
    default:
      // Bytes of a fixed length; nested columns are refused before.
      return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value)
  }
}
