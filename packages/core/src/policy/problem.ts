import { BackupError } from '../errors.js'
import { redact } from '../redact.js'
import type { Located, Place } from './located.js'

/** One thing that is wrong with a policy manifest. Plain JSON. */
export interface PolicyProblem extends Place {
  /** JSON pointer into that file, for example `/assets/0/rpo`. */
  readonly pointer: string
  /** What was found, what was expected, what to do. Secret-free. */
  readonly message: string
}

/** What was read of all files, with what is wrong with it. */
export interface Reading {
  readonly problems: PolicyProblem[]
  /** Where the maps and lists stand that values were made of. */
  readonly origins: WeakMap<object, Origin>
  /** Values that were read, aliases as often as they are used. */
  values: number
}

interface Origin {
  readonly node: Located
  readonly pointer: string
}

export const newReading = (): Reading => ({ problems: [], origins: new WeakMap(), values: 0 })

export const report = (reading: Reading, place: Place, pointer: string, message: string): void => {
  const { file, line, column } = place
  reading.problems.push({ file, line, column, pointer: redactPointer(pointer), message: redact(message) })
}

/** Reports something about a member of a map that was read, or an element of a list; without `key`, about the whole. */
export const reportAt = (reading: Reading, value: object, key: string | number | undefined, message: string): void => {
  const { place, pointer } = originOf(reading, value, key)
  report(reading, place, pointer, message)
}

/** Where a value that was read stands. */
export const originOf = (
  reading: Reading,
  value: object,
  key?: string | number,
): { readonly place: Place; readonly pointer: string } => {
  const origin = reading.origins.get(value)
  if (origin === undefined)
    throw new BackupError({ code: 'internal', message: 'A part of a policy has lost its line.' })
  const { node, pointer } = origin
  if (key === undefined) return { place: node.place, pointer }
  const child =
    node.kind === 'map'
      ? node.entries.get(String(key))?.value
      : node.kind === 'list'
        ? node.items[Number(key)]
        : undefined
  return { place: child?.place ?? node.place, pointer: `${pointer}/${escapePointer(String(key))}` }
}

/** Where the name of a member of a map that was read stands. */
export const keyOf = (reading: Reading, value: object, key: string): Place => {
  const node = reading.origins.get(value)?.node
  return (node?.kind === 'map' ? node.entries.get(key)?.key : undefined) ?? originOf(reading, value).place
}

/** Reports something about the name of a member. */
export const reportKey = (reading: Reading, value: object, key: string, message: string): void =>
  report(reading, keyOf(reading, value, key), originOf(reading, value, key).pointer, message)

/** RFC 6901. */
export const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')

/** Names may be URIs, which are not known for what they are while they are escaped. */
const redactPointer = (pointer: string): string =>
  pointer
    .split('/')
    .map((name) => escapePointer(redact(name.replaceAll('~1', '/').replaceAll('~0', '~'))))
    .join('/')

const SHOWN = 50

/** The error that tells of all problems, in the order of files and lines. */
export const policyError = (problems: readonly PolicyProblem[]): BackupError => {
  const lines = problems
    .slice(0, SHOWN)
    .map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`)
  const more = problems.length - lines.length
  const head = problems.length === 1 ? 'The policy has a problem.' : `The policy has ${problems.length} problems.`
  const message = [head, ...lines, ...(more > 0 ? [`... and ${more} more`] : [])].join('\n')
  return new BackupError({ code: 'invalid-config', message })
}

/** File by file, in the order of lines. Each once: aliases repeat them. */
export const sortedProblems = (problems: readonly PolicyProblem[]): readonly PolicyProblem[] => {
  const files = [...new Set(problems.map(({ file }) => file))]
  const seen = new Set<string>()
  return [...problems]
    .sort((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column)
    .filter(({ file, line, column, message }) => {
      const key = JSON.stringify([file, line, column, message])
      return !seen.has(key) && seen.add(key)
    })
}
