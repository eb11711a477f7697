import { BackupError } from '../errors.js'
import { CRC_PARAMETERS, type CrcAlgorithm } from './crc-parameters.js'

/** A piece of a stream: its CRC as lowercase hexadecimal (big-endian, padded), and its length in bytes. */
export interface CrcPiece {
  readonly value: string
  readonly size: number
}

/** Whether CRCs of pieces of a stream can be put together to that of the whole. */
export const isCombinable = (algorithm: string): algorithm is CrcAlgorithm => Object.hasOwn(CRC_PARAMETERS, algorithm)

/**
 * The CRC of the concatenation of pieces, in their order, from their CRCs alone. No pieces: the CRC of nothing.
 *
 * These CRCs start with a register of all ones and are inverted at the end; the two cancel, so that
 * crc(A B) = crc(A) x^(8 |B|) + crc(B) modulo the generator over GF(2). Source: M. Adler, `crc32_combine` of zlib. The power for
 * a length is kept from piece to piece: a long object has parts of one size.
 *
 * @throws BackupError `invalid-config` for a value that is no CRC of this algorithm, or a size that is no number of bytes.
 */
export const combineCrcs = (algorithm: CrcAlgorithm, pieces: readonly CrcPiece[]): string => {
  const { bits } = CRC_PARAMETERS[algorithm]
  const multiply = multiplierOf(algorithm)
  let whole: Word = { low: 0, high: 0 }
  let power: { readonly size: number; readonly factor: Word } | undefined
  for (const piece of pieces) {
    const crc = readCrc(piece, algorithm)
    if (power?.size !== piece.size) power = { size: piece.size, factor: powerOf(piece.size, algorithm, multiply) }
    const moved = multiply(power.factor, whole)
    whole = { low: (moved.low ^ crc.low) >>> 0, high: (moved.high ^ crc.high) >>> 0 }
  }
  return (bits === 64 ? hex(whole.high) : '') + hex(whole.low)
}

/** A polynomial with its bits reversed: the highest bit is that of x^0. 32-bit ones have no `high`. */
interface Word {
  readonly low: number
  readonly high: number
}

type Multiply = (a: Word, b: Word) => Word

/** Multiplies two polynomials modulo the generator, bit by bit. */
const multiplierOf = (algorithm: CrcAlgorithm): Multiply => {
  const { bits, reflected } = CRC_PARAMETERS[algorithm]
  const generator = reflected.padStart(16, '0')
  const generatorHigh = Number.parseInt(generator.slice(0, 8), 16)
  const generatorLow = Number.parseInt(generator.slice(8), 16)
  return (a, b) => {
    let { low, high } = b
    let resultLow = 0
    let resultHigh = 0
    for (let bit = 0; bit < bits; bit++) {
      const word = bits === 64 && bit < 32 ? a.high : a.low
      if ((word >>> (31 - (bit & 31))) & 1) {
        resultLow ^= low
        resultHigh ^= high
      }
      const out = -(low & 1)
      low = (bits === 64 ? (low >>> 1) | (high << 31) : low >>> 1) ^ (generatorLow & out)
      high = (high >>> 1) ^ (generatorHigh & out)
    }
    return { low: resultLow >>> 0, high: resultHigh >>> 0 }
  }
}

/** x^(8 size) modulo the generator, by squaring. */
const powerOf = (size: number, algorithm: CrcAlgorithm, multiply: Multiply): Word => {
  const { bits } = CRC_PARAMETERS[algorithm]
  const top = (word: number): Word => (bits === 64 ? { low: 0, high: word } : { low: word, high: 0 })
  let result = top(0x80000000)
  // x^8: the ninth bit from the top.
  let square = top(0x00800000)
  // Sizes have more bits than a shift can take.
  for (let left = size; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(square, result)
    square = multiply(square, square)
  }
  return result
}

const readCrc = ({ value, size }: CrcPiece, algorithm: CrcAlgorithm): Word => {
  const { bits } = CRC_PARAMETERS[algorithm]
  if (value.length === bits / 4 && /^[0-9a-f]+$/.test(value) && Number.isSafeInteger(size) && size >= 0) {
    const high = bits === 64 ? Number.parseInt(value.slice(0, 8), 16) : 0
    return { low: Number.parseInt(value.slice(-8), 16), high }
  }
  throw new BackupError({
    code: 'invalid-config',
    message: `${JSON.stringify(value.slice(0, 64))} over ${size} bytes is no ${algorithm} of a piece: it takes ${bits / 4} lowercase hexadecimal digits and a whole number of bytes.`,
    operation: 'digest',
  })
}

const hex = (word: number): string => word.toString(16).padStart(8, '0')
