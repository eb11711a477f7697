/**
 * Just enough of an assembler for WebAssembly to write one function readably. Opcodes and layout:
 * WebAssembly Core Specification 2.0, section 5 (binary format), with the fixed-width SIMD instructions.
 */
export type Code = readonly (number | Code)[]

/** Value types. */
export const I32 = 0x7f
export const I64 = 0x7e

/** One local (parameter or variable) of the function. */
export interface Local {
  readonly get: Code
  readonly set: Code
}

export const local = (index: number): Local => ({
  get: [0x20, unsigned(index)],
  set: [0x21, unsigned(index)],
})

/** Memory access at the address on the stack plus `offset`. Alignment hints stay at 1 byte: chunks start anywhere. */
const access = (opcode: readonly number[], offset: number): Code => [opcode, 0, unsigned(offset)]

export const i32 = {
  const: (value: number): Code => [0x41, signed(value)],
  add: [0x6a],
  sub: [0x6b],
  and: [0x71],
  lessUnsigned: [0x49],
  atLeastUnsigned: [0x4f],
} as const

export const i64 = {
  const: (value: number): Code => [0x42, signed(value)],
  and: [0x83],
  xor: [0x85],
  shiftLeft: [0x86],
  shiftRightUnsigned: [0x88],
  toI32: [0xa7],
  load: (offset = 0): Code => access([0x29], offset),
  load8Unsigned: (offset = 0): Code => access([0x31], offset),
  load32Unsigned: (offset = 0): Code => access([0x35], offset),
  store: (offset = 0): Code => access([0x37], offset),
  store32: (offset = 0): Code => access([0x3e], offset),
} as const

export const v128 = {
  load: (offset = 0): Code => access([0xfd, 0x00], offset),
  store: (offset = 0): Code => access([0xfd, 0x0b], offset),
  xor: [0xfd, 0x51],
} as const

export const memory = {
  /** Stack: target, source, length. */
  copy: [0xfc, 0x0a, 0x00, 0x00],
  /** Stack: target, value, length. */
  fill: [0xfc, 0x0b, 0x00],
} as const

const EMPTY_BLOCK = 0x40

export const when = (condition: Code, yes: Code, no: Code): Code => [condition, 0x04, EMPTY_BLOCK, yes, 0x05, no, 0x0b]

export const loopWhile = (condition: Code, body: Code): Code => [
  [0x02, EMPTY_BLOCK],
  [0x03, EMPTY_BLOCK],
  [condition, 0x45, 0x0d, 1], // i32.eqz, br_if out
  [body, 0x0c, 0, 0x0b, 0x0b],
]

export interface OneFunctionModule {
  /** Pages of 64 KiB of the exported memory `memory`. */
  readonly pages: number
  /** Types of the parameters of the exported function `run`. */
  readonly parameters: readonly number[]
  /** Types of its variables. */
  readonly variables: readonly number[]
  readonly body: Code
}

/** The bytes of a module that exports `memory` and `run`, a function without result. */
export const wasmModule = (module: OneFunctionModule): Uint8Array<ArrayBuffer> => {
  const variables = module.variables.map((type): Code => [1, type])
  const code = flatten([vector(variables), module.body, 0x0b])
  return Uint8Array.from(
    flatten([
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      section(1, vector([[0x60, vector(module.parameters.map((type) => [type])), 0]])),
      section(3, vector([[0]])),
      section(5, vector([[0x01, unsigned(module.pages), unsigned(module.pages)]])),
      section(
        7,
        vector([
          [name('memory'), 0x02, 0],
          [name('run'), 0x00, 0],
        ]),
      ),
      section(10, vector([[unsigned(code.length), code]])),
    ]),
  )
}

const section = (id: number, content: Code): Code => {
  const bytes = flatten(content)
  return [id, unsigned(bytes.length), bytes]
}

const vector = (items: readonly Code[]): Code => [unsigned(items.length), items]

const name = (text: string): Code => vector([...text].map((character) => [character.charCodeAt(0)]))

const flatten = (code: Code): readonly number[] => {
  const bytes: number[] = []
  const append = (part: Code): void => {
    for (const item of part) {
      if (typeof item === 'number') bytes.push(item)
      else append(item)
    }
  }
  append(code)
  return bytes
}

/** LEB128, unsigned. */
const unsigned = (value: number): Code => {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  bytes.push(rest)
  return bytes
}

/** LEB128, signed; values of 32 bits. */
const signed = (value: number): Code => {
  const bytes: number[] = []
  let rest = value
  while (rest < -0x40 || rest >= 0x40) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>= 7
  }
  bytes.push(rest & 0x7f)
  return bytes
}
