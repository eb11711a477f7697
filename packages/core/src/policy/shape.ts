import { nearest } from '../source/nearest.js'
import { type Located, shown } from './located.js'
import { escapePointer, type Reading, report } from './problem.js'

export type JsonSchema = Readonly<Record<string, unknown>>

/**
 * What a part of a manifest looks like: one description gives the reading, with messages that know the line, and the JSON Schema.
 * (A library that checks plain values knows neither lines, nor time spans, nor what else a name could have been.)
 */
export interface Shape<T> {
  /** Ends the sentence "expected ...". */
  readonly expected: string
  readonly schema: JsonSchema
  /** `undefined` where it is wrong; what is wrong stands in `reading`. */
  readonly read: (node: Located, pointer: string, reading: Reading) => T | undefined
}

interface Member<T> {
  readonly shape: Shape<T>
  /** For editors and docs. */
  readonly description: string
  readonly presence: 'required' | 'optional'
  /** What is there where it is left out. */
  readonly otherwise?: T | undefined
}
interface Sure<T> extends Member<T> {
  readonly sure: true
}

export const required = <T>(shape: Shape<T>, description: string): Sure<T> => ({
  shape,
  description,
  presence: 'required',
  sure: true,
})
export const optional = <T>(shape: Shape<T>, description: string): Member<T> => ({
  shape,
  description,
  presence: 'optional',
})
/** One that may be left out, and is a list without elements then. */
export const listed = <T>(shape: Shape<readonly T[]>, description: string): Sure<readonly T[]> => ({
  shape,
  description,
  presence: 'optional',
  otherwise: [],
  sure: true,
})

/** A member for each of the type: optional ones may be missing. */
export type Members<T> = {
  readonly [K in keyof T]-?: Partial<Pick<T, K>> extends Pick<T, K> ? Member<NonNullable<T[K]>> : Sure<T[K]>
}

/** A map of members that are known. `what` begins with an article: `an asset`. `free`: names that anybody may add, unread. */
export const object = <T extends object>(
  what: string,
  members: Members<T>,
  { free }: { readonly free?: RegExp } = {},
): Shape<T> => {
  const all = Object.entries(members) as [string, Member<unknown>][]
  const names = all.map(([name]) => name)
  const needed = all.filter(([, { presence }]) => presence === 'required').map(([name]) => name)
  return {
    expected: `${what}: a map of ${needed.length === 0 ? names.join(', ') : `${needed.join(', ')} and more`}`,
    schema: {
      type: 'object',
      additionalProperties: false,
      ...(needed.length > 0 && { required: needed }),
      properties: Object.fromEntries(
        all.map(([name, { shape, description }]) => [name, { description, ...shape.schema }]),
      ),
      ...(free !== undefined && { patternProperties: { [free.source]: true } }),
    },
    read: (node, pointer, reading) => {
      if (node.kind !== 'map') return wrong(node, pointer, reading, `${what}, a map`)
      count(reading)
      for (const [name, { key }] of node.entries) {
        if (names.includes(name) || free?.test(name) === true) continue
        const near = nearest(name, names)
        const hint =
          near === undefined ? `expected one of ${names.join(', ')}` : `did you mean ${JSON.stringify(near)}?`
        report(
          reading,
          key,
          `${pointer}/${escapePointer(name)}`,
          `${what} has no member ${JSON.stringify(name)}; ${hint}`,
        )
      }
      const out: Record<string, unknown> = {}
      for (const [name, { shape, presence, otherwise }] of all) {
        const entry = node.entries.get(name)
        if (entry === undefined || isBlank(entry.value, shape)) {
          if (presence === 'required')
            report(
              reading,
              entry?.key ?? node.place,
              pointer,
              `${what} needs ${JSON.stringify(name)}: ${shape.expected}; add it`,
            )
          if (otherwise !== undefined) out[name] = otherwise
          continue
        }
        const value = shape.read(entry.value, `${pointer}/${escapePointer(name)}`, reading) ?? otherwise
        if (value !== undefined) out[name] = value
      }
      reading.origins.set(out, { node, pointer })
      return out as T
    },
  }
}

export const list = <T>(element: Shape<T>, { min = 0 }: { readonly min?: number } = {}): Shape<readonly T[]> => ({
  expected: `a list, each ${element.expected}`,
  schema: { type: 'array', items: element.schema, ...(min > 0 && { minItems: min }) },
  read: (node, pointer, reading) => {
    if (node.kind !== 'list') return wrong(node, pointer, reading, `a list, each ${element.expected}`)
    count(reading)
    if (node.items.length < min) wrong(node, pointer, reading, `at least ${min}`, 'has too few elements')
    const out: T[] = []
    const items: Located[] = []
    for (const [i, item] of node.items.entries()) {
      const value = element.read(item, `${pointer}/${i}`, reading)
      if (value === undefined) continue
      out.push(value)
      items.push(item)
    }
    reading.origins.set(out, { node: { ...node, items }, pointer })
    return out
  },
})

/** A map whose names are the caller's. */
export const mapOf = <T>(element: Shape<T>): Shape<Readonly<Record<string, T>>> => ({
  expected: `a map, each ${element.expected}`,
  schema: { type: 'object', additionalProperties: element.schema },
  read: (node, pointer, reading) => {
    if (node.kind !== 'map') return wrong(node, pointer, reading, `a map, each ${element.expected}`)
    count(reading)
    const out = Object.fromEntries(
      [...node.entries].flatMap(([name, { value }]): [string, T][] => {
        const read = element.read(value, `${pointer}/${escapePointer(name)}`, reading)
        return read === undefined ? [] : [[name, read]]
      }),
    )
    reading.origins.set(out, { node, pointer })
    return out
  },
})

/** One of several shapes, by what is found. */
export const either = <T>(
  expected: string,
  shapes: readonly Shape<T>[],
  choose: (node: Located) => Shape<T>,
): Shape<T> => ({
  expected,
  schema: { anyOf: shapes.map(({ schema }) => schema) },
  read: (node, pointer, reading) => choose(node).read(node, pointer, reading),
})

/** A text, number or flag that `read` takes; `undefined`: it does not. */
export const scalar = <T>(
  expected: string,
  schema: JsonSchema,
  read: (value: string | number | boolean) => T | undefined,
): Shape<T> => ({
  expected,
  schema,
  read: (node, pointer, reading) => {
    count(reading)
    const value = node.kind === 'scalar' && node.value !== null ? read(node.value) : undefined
    return value === undefined ? wrong(node, pointer, reading, expected) : value
  },
})

/** Whether a map has a member, for {@link either}. */
export const has = (node: Located, name: string): boolean => node.kind === 'map' && node.entries.has(name)

/** A name with nothing behind it, where a list or map would be: all of it may be commented out. */
const isBlank = (node: Located, { schema }: Shape<unknown>): boolean =>
  node.kind === 'scalar' && node.value === null && (schema['type'] === 'array' || schema['type'] === 'object')

const wrong = (
  node: Located,
  pointer: string,
  reading: Reading,
  expected: string,
  found = `is ${shown(node)}`,
): undefined => {
  const quotes =
    node.kind === 'scalar' && typeof node.value !== 'string' && node.value !== null && /text/.test(expected)
  report(
    reading,
    node.place,
    pointer,
    `${label(pointer)} ${found}; expected ${expected}${quotes ? '; put it in quotes' : ''}`,
  )
  return undefined
}

/** The last part of a pointer as people write it: `rpo`, `plans[1]`. */
const label = (pointer: string): string => {
  const parts = pointer.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  const last = parts.at(-1)!
  if (last === '') return 'the policy'
  return /^\d+$/.test(last) ? `${parts.at(-2) ?? ''}[${last}]` : last
}

/** Aliases of aliases can ask for more than any memory holds. */
const MOST = 10_000_000

/** Thrown where reading has to stop at once; what is wrong stands in the reading. */
export class TooMuch extends Error {}

const count = (reading: Reading): void => {
  reading.values += 1
  if (reading.values > MOST) throw new TooMuch()
}
