import type { HistoryToken } from '../audit/history.js'
import type { BackupError } from '../errors.js'
import { redact } from '../redact.js'
import { showValue } from '../source/option-check.js'
import type { AnyMember, AnyMembers, Members } from './member.js'
import { expectedValue, readValue, writeValue } from './member-values.js'

/** How the items of a history stand in a file: one JSON object a line. */
export interface HistoryRow<T> {
  readonly history: HistoryToken<T>
  /** For people: `job run`. */
  readonly title: string
  readonly members: Members<T>
}

/** The error for a row that cannot be used; `what` goes on after the place of the row. */
export type Refuse = (what: string) => BackupError

/** Members of other programs: read over. */
const FOREIGN = /^x-/

/** Gives the item of a parsed row. What is left out stays out, and `null` stays `null`: a model may tell the two apart. */
export const rowReader = <T>(members: Members<T>, refuse: Refuse, title = 'row'): ((value: unknown) => T) => {
  const read = objectReader(members as unknown as AnyMembers, refuse, '')
  return (value) => {
    if (!isObject(value)) throw refuse(`is ${showKind(value)}; it must be an object, one ${title} a line`)
    return read(value) as T
  }
}

type Plain = Readonly<Record<string, unknown>>

const objectReader = (members: AnyMembers, refuse: Refuse, inside: string): ((object: Plain) => unknown) => {
  const known = new Map(
    Object.entries(members).map(([name, member]) => [
      name,
      { member, read: memberReader(member, refuse, `${inside}${name}`) },
    ]),
  )
  const needed = Object.keys(members).filter((name) => members[name]!.required)
  const open = Object.entries(members).flatMap(([name, member]) =>
    member.kind === 'choice' && member.keptIn !== undefined
      ? [{ name, words: member.words, keptIn: member.keptIn }]
      : [],
  )
  return (object) => {
    const out: Record<string, unknown> = {}
    for (const name of Object.keys(object)) {
      const found = known.get(name)
      if (found === undefined) {
        if (FOREIGN.test(name)) continue
        throw refuse(unknownMember(`${inside}${name}`, Object.keys(members)))
      }
      const value = object[name]
      out[name] = value === null && !found.member.required ? null : found.read(value)
    }
    for (const name of needed)
      if (!(name in out)) throw refuse(`has no member "${inside}${name}"; it must be ${expectedValue(members[name]!)}`)
    for (const { name, words, keptIn } of open) {
      // A word that was read as another stays, where the row says nothing else there.
      if (!words.includes(object[name] as string)) out[keptIn] ??= object[name]
    }
    return out
  }
}

const memberReader = (member: AnyMember, refuse: Refuse, name: string): ((value: unknown) => unknown) => {
  const wrong = (value: unknown): BackupError => refuse(wrongMember(name, value, member))
  if (member.kind === 'record') {
    const read = objectReader(member.members, refuse, `${name}.`)
    return (value) => {
      if (!isObject(value)) throw wrong(value)
      return read(value)
    }
  }
  return (value) => {
    const read = readValue(member, value)
    if (read === undefined) throw wrong(value)
    return read
  }
}

/** Gives the row of an item, ready for JSON, members in the order of the description. */
export const rowWriter = <T>(members: Members<T>, refuse: Refuse): ((item: T) => Plain) => {
  const write = objectWriter(members as unknown as AnyMembers, refuse, '')
  return (item) => {
    if (!isObject(item)) throw refuse(`is ${showKind(item)}; it must be an object`)
    return write(item)
  }
}

const objectWriter = (members: AnyMembers, refuse: Refuse, inside: string): ((item: Plain) => Plain) => {
  const writers = Object.entries(members).map(([name, member]) => {
    const record = member.kind === 'record' ? objectWriter(member.members, refuse, `${inside}${name}.`) : undefined
    return { name, member, record }
  })
  return (item) => {
    for (const name of Object.keys(item))
      if (!Object.hasOwn(members, name)) throw refuse(unknownMember(`${inside}${name}`, Object.keys(members)))
    const out: Record<string, unknown> = {}
    for (const { name, member, record } of writers) {
      const value = item[name]
      if (member.required ? false : value === undefined) continue
      if (value === null && !member.required) {
        out[name] = null
        continue
      }
      const written = record !== undefined && isObject(value) ? record(value) : writeValue(member, value)
      if (written === undefined) throw refuse(wrongMember(`${inside}${name}`, value, member))
      out[name] = written
    }
    return out
  }
}

const unknownMember = (name: string, known: readonly string[]): string =>
  `has a member ${short(name)} that is not known; known are ${known.join(', ')}, and any that begin with "x-"`

const wrongMember = (name: string, value: unknown, member: AnyMember): string =>
  `has "${name}": ${typeof value === 'string' ? short(value) : showKind(value)}; it must be ${expectedValue(member)}`

const SHOWN = 80

/** The start of a text. Without its secrets before it is cut: half of one is not known for what it is. */
export const short = (text: string, shown: number = SHOWN): string => {
  const clean = redact(text)
  return showValue(clean.length > shown ? `${clean.slice(0, shown)}…` : clean)
}

const showKind = (value: unknown): string => (Array.isArray(value) ? 'a list' : showValue(value))

const isObject = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
