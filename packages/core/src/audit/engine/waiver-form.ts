import { showValue } from '../../source/option-check.js'
import type { Waiver, WaiverSelect } from '../waiver.js'

/** A waiver whose form is right, with the last moment that it covers; or what is wrong with it. */
export type ReadWaiver =
  | { readonly id: string; readonly waiver: Waiver; readonly until: number; readonly approved: number | undefined }
  | { readonly id: string | undefined; readonly wrong: string }

const SELECT: readonly (keyof WaiverSelect)[] = ['rule', 'kind', 'target', 'subject', 'message', 'fingerprint']
const KNOWN: readonly string[] = [
  'id',
  'select',
  'reason',
  'approver',
  'ticket',
  'compensatingControl',
  'expires',
  'approved',
]

/** Checks the form of a waiver, which may come from anywhere. */
export const readWaiver = (given: unknown): ReadWaiver => {
  const waiver = (typeof given === 'object' && given !== null ? given : {}) as Readonly<Record<string, unknown>>
  const id = isText(waiver['id']) ? waiver['id'] : undefined
  const wrong = (what: string): ReadWaiver => ({ id, wrong: what })
  for (const name of ['id', 'reason', 'approver'])
    if (!isText(waiver[name])) return wrong(`\`${name}\` is ${showValue(waiver[name])}; it must be a text`)
  for (const name of ['ticket', 'compensatingControl'])
    if (waiver[name] !== undefined && !isText(waiver[name]))
      return wrong(`\`${name}\` is ${showValue(waiver[name])}; it must be a text, or left out`)
  const unknown = Object.keys(waiver).find((name) => !KNOWN.includes(name))
  if (unknown !== undefined) return wrong(`it has no member ${showValue(unknown)}; it knows ${KNOWN.join(', ')}`)
  const select = wrongSelect(waiver['select'])
  if (select !== undefined) return wrong(select)
  const until = lastMoment(waiver['expires'])
  if (until === undefined)
    return wrong(`\`expires\` is ${showValue(waiver['expires'])}; it must be a date such as 2027-01-31, or an instant`)
  const approved = waiver['approved'] === undefined ? undefined : firstMoment(waiver['approved'])
  if (waiver['approved'] !== undefined && approved === undefined)
    return wrong(
      `\`approved\` is ${showValue(waiver['approved'])}; it must be a date such as 2026-11-01, or an instant`,
    )
  return { id: id!, waiver: given as Waiver, until, approved }
}

const wrongSelect = (select: unknown): string | undefined => {
  if (typeof select !== 'object' || select === null || Object.keys(select).length === 0)
    return '`select` names nothing; a waiver of everything is none. Name a rule, a target or a fingerprint'
  for (const [name, value] of Object.entries(select)) {
    if (!(SELECT as readonly string[]).includes(name))
      return `\`select\` has no member ${showValue(name)}; it knows ${SELECT.join(', ')}`
    if (!isText(value)) return `\`select.${name}\` is ${showValue(value)}; it must be a text`
  }
  return undefined
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

const DATE = /^\d{4}-\d{2}-\d{2}$/
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/
const DAY = 86_400_000

/** The first moment of a date in UTC, or an instant with its offset; `undefined` for what is neither, and days that do not exist. */
export const firstMoment = (text: unknown): number | undefined => {
  if (typeof text !== 'string' || !(DATE.test(text) || INSTANT.test(text))) return undefined
  const day = Date.parse(`${text.slice(0, 10)}T00:00:00Z`)
  // 2026-02-30 would be taken for 2026-03-02 by some engines.
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== text.slice(0, 10)) return undefined
  const time = DATE.test(text) ? day : Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

/** The last moment of a date in UTC; of an instant itself. */
export const lastMoment = (text: unknown): number | undefined => {
  const first = firstMoment(text)
  return first !== undefined && DATE.test(text as string) ? first + DAY - 1 : first
}
