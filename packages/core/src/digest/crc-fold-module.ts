import type { CrcParameters } from './crc-parameters.js'
import { type Code, I32, I64, i32, i64, local, loopWhile, memory, v128, wasmModule, when } from './wasm-emitter.js'

/** Where things lie in the memory of a folding module; addresses and lengths in bytes. */
export interface FoldLayout {
  /** The CRC register, not inverted, little-endian: read at the start of `run`, written at its end. */
  readonly state: number
  /** 16 tables of 256 registers, little-endian: table k holds what each byte followed by k zero bytes leaves in the register. */
  readonly tables: number
  /** `run` reads its input here. The `window` bytes before it must be zero; it does not write them. */
  readonly input: number
  /** Longest input of one `run`. */
  readonly capacity: number
  /** The largest tap, rounded up to whole vectors. */
  readonly window: number
  /** Inputs from here on are folded, shorter ones go through the tables only. */
  readonly foldFrom: number
}

export const SLICES = 16
const VECTOR = 16
const UNROLLED = 4
const PAGE = 65_536

export const foldLayout = ({ taps, bits }: CrcParameters, capacity: number): FoldLayout => {
  const window = roundUp(Math.max(...taps), VECTOR)
  const tables = 64
  const input = tables + (SLICES * 256 * bits) / 8 + window
  return { state: 0, tables, input, capacity, window, foldFrom: 2 * window + VECTOR * UNROLLED }
}

/**
 * The bytes of a WebAssembly module whose `run(length: i32)` takes the CRC register in its memory over `length` bytes of
 * input, and destroys the input.
 *
 * **Folding.** As a polynomial over GF(2), first bit highest, a message of any length leaves in the register the message
 * times x^bits modulo the generator; what the register held before is the same as XORing it into the first bytes. The taps
 * name a sparse multiple of the generator, so modulo the generator a byte equals copies of itself, one standing d bytes later
 * for each tap d, added (XOR) to what stands there. From front to back the message is so pushed into its own end, without tables,
 * shifts or carries: each vector of 16 bytes becomes itself XOR the already folded vectors d bytes before it. What is left,
 * at least the last `window` bytes, goes through tables.
 *
 * Folding by sparse multiples: S. Russell, "Chorba: A novel CRC32 implementation", 2024 (arXiv 2412.16398). Tables:
 * M. Kounavis and F. Berry, "A Systematic Approach to Building High Performance Software-Based CRC Generators", 2005.
 */
export const foldModule = (parameters: CrcParameters, layout: FoldLayout): Uint8Array<ArrayBuffer> => {
  const { taps, bits } = parameters
  const { state, tables, input, window, capacity, foldFrom } = layout
  const step = VECTOR * UNROLLED
  const rest = roundUp(input + capacity, VECTOR)
  const register = bits === 64 ? { load: i64.load, store: i64.store } : { load: i64.load32Unsigned, store: i64.store32 }
  const entryBytes = bits / 8

  const length = local(0)
  const at = local(1)
  const end = local(2)
  const folded = local(3)
  const restAt = local(4)
  const crc = local(5)
  const low = local(6)
  const high = local(7)

  const advance = (by: number): Code => [at.get, i32.const(by), i32.add, at.set]

  /** XORs the vector on the stack with those that the taps name. `at` trails a window behind, for offsets from zero up. */
  const withTaps = (skip: number): Code => taps.map((tap): Code => [at.get, v128.load(skip + window - tap), v128.xor])

  const foldVector = (skip: number): Code => [
    [at.get, at.get, v128.load(skip + window)],
    withTaps(skip),
    v128.store(skip + window),
  ]

  const fold: Code = [
    // The register joins the first bytes.
    [i32.const(input), i32.const(input), register.load(), i32.const(state), register.load(), i64.xor, register.store()],
    // Everything is folded in whole steps but the last window.
    [length.get, i32.const(window), i32.sub, i32.const(-step), i32.and, i32.const(input), i32.add, folded.set],
    [i32.const(input - window), at.set],
    loopWhile(
      [at.get, folded.get, i32.const(window), i32.sub, i32.lessUnsigned],
      [Array.from({ length: UNROLLED }, (_, k) => foldVector(k * VECTOR)), advance(step)],
    ),
    // The rest moves away and leaves zeros, so that its taps bring only what was folded.
    [i32.const(rest), folded.get, end.get, folded.get, i32.sub, memory.copy],
    [folded.get, i32.const(0), i32.const(window), memory.fill],
    [end.get, folded.get, i32.sub, i32.const(rest), i32.add, end.set],
    [folded.get, i32.const(window), i32.sub, at.set],
    [i32.const(rest), restAt.set],
    loopWhile(
      [at.get, folded.get, i32.lessUnsigned],
      [
        [restAt.get, restAt.get, v128.load(), withTaps(0), v128.store()],
        [restAt.get, i32.const(VECTOR), i32.add, restAt.set],
        advance(VECTOR),
      ],
    ),
    [i32.const(rest), at.set, i64.const(0), crc.set],
  ]

  /** The entry of table `slice` for byte `index` (lowest first) of `word`. */
  const lookup = (word: Code, index: number, slice: number): Code => {
    const shift = index * 8 - Math.log2(entryBytes)
    const scaled: Code =
      shift < 0 ? [word, i64.const(-shift), i64.shiftLeft] : [word, i64.const(shift), i64.shiftRightUnsigned]
    return [scaled, i64.const(0xff * entryBytes), i64.and, i64.toI32, register.load(tables + slice * 256 * entryBytes)]
  }

  const sixteenBytes: Code = [
    [at.get, i64.load(), crc.get, i64.xor, low.set],
    [at.get, i64.load(8), high.set],
    Array.from({ length: SLICES }, (_, k): Code => {
      const entry = lookup(k < 8 ? low.get : high.get, k % 8, SLICES - 1 - k)
      return k === 0 ? entry : [entry, i64.xor]
    }),
    [crc.set, advance(SLICES)],
  ]

  const oneByte: Code = [
    lookup([crc.get, at.get, i64.load8Unsigned(), i64.xor], 0, 0),
    [crc.get, i64.const(8), i64.shiftRightUnsigned, i64.xor, crc.set],
    advance(1),
  ]

  return wasmModule({
    // Loads of the last vector of the rest may end behind it.
    pages: Math.ceil((rest + window + 2 * step) / PAGE),
    parameters: [I32],
    variables: [I32, I32, I32, I32, I64, I64, I64],
    body: [
      [length.get, i32.const(input), i32.add, end.set],
      when([length.get, i32.const(foldFrom), i32.atLeastUnsigned], fold, [
        i32.const(input),
        at.set,
        i32.const(state),
        register.load(),
        crc.set,
      ]),
      loopWhile([end.get, at.get, i32.sub, i32.const(SLICES), i32.atLeastUnsigned], sixteenBytes),
      loopWhile([at.get, end.get, i32.lessUnsigned], oneByte),
      [i32.const(state), crc.get, register.store()],
    ],
  })
}

const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit
