import { readIsoTime, writeIsoTime } from './iso-time.js'
import type { AnyMember } from './member.js'

/** What a member of a row has to be, in words that end a sentence. */
export const expectedValue = (member: AnyMember): string => {
  switch (member.kind) {
    case 'name':
      return 'a text that is not empty'
    case 'text':
      return 'a text'
    case 'texts':
      return 'a list of texts'
    case 'flag':
      return 'true or false'
    case 'time':
      return `a time with an offset, such as ${EXAMPLE}`
    case 'time-or-never':
      return `a time with an offset, such as ${EXAMPLE}, or "never"`
    case 'count':
      return 'a whole number from 0 to 9007199254740991'
    case 'number':
      return member.max === undefined ? 'a number from 0' : `a number from 0 to ${member.max}`
    case 'choice':
      return member.otherwise === undefined ? `one of ${member.words.join(', ')}` : 'a text'
    case 'record':
      return `an object with ${Object.keys(member.members).join(', ')}`
  }
}

const EXAMPLE = '2026-11-01T03:00:00Z'

/** A value of a row as it is in memory; `undefined` where the member cannot be that. For all but records. */
export const readValue = (member: AnyMember, value: unknown): unknown => {
  switch (member.kind) {
    case 'time':
      return typeof value === 'string' ? readIsoTime(value) : undefined
    case 'time-or-never':
      return value === 'never' ? value : typeof value === 'string' ? readIsoTime(value) : undefined
    case 'choice':
      if (typeof value !== 'string') return undefined
      return member.words.includes(value) ? value : member.otherwise
    default:
      return isPlain(member, value) ? value : undefined
  }
}

/** A value in memory as a row has it; `undefined` where the member cannot be that. For all but records. */
export const writeValue = (member: AnyMember, value: unknown): unknown => {
  switch (member.kind) {
    case 'time':
      return typeof value === 'number' ? writeIsoTime(value) : undefined
    case 'time-or-never':
      return value === 'never' ? value : typeof value === 'number' ? writeIsoTime(value) : undefined
    case 'choice':
      return member.words.includes(value as string) ? value : undefined
    default:
      return isPlain(member, value) ? value : undefined
  }
}

/** What is the same in memory and in a row. */
const isPlain = (member: AnyMember, value: unknown): boolean => {
  switch (member.kind) {
    case 'name':
      return typeof value === 'string' && value !== ''
    case 'text':
      return typeof value === 'string'
    case 'texts':
      return Array.isArray(value) && value.every((one) => typeof one === 'string')
    case 'flag':
      return typeof value === 'boolean'
    case 'count':
      return Number.isSafeInteger(value) && (value as number) >= 0
    case 'number':
      return Number.isFinite(value) && (value as number) >= 0 && (value as number) <= (member.max ?? Infinity)
    default:
      return false
  }
}
