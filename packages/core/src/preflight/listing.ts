import { abortable } from '../run/abort.js'
import type { BackupSource } from '../source/backup-source.js'
import type { ObjectEntry } from '../source/entry.js'
import { compareKeys, escapeKey } from '../source/key.js'
import type { PreflightCheck } from '../source/preflight.js'
import { leave } from './attempt.js'
import { BROKEN_CONTRACT, LIST, ORDER } from './subjects.js'

export const EMPTY = 'it is empty: there is nothing to prove.'

/** What the beginning of a listing holds. */
export interface FirstPages {
  readonly entries: readonly ObjectEntry[]
  /** Whether that was all. */
  readonly complete: boolean
}

const PAGES = 2

export const readFirstPages = async (source: BackupSource, signal: AbortSignal): Promise<FirstPages> => {
  const iterator = source.list({ signal })[Symbol.asyncIterator]()
  const pages: (readonly ObjectEntry[])[] = []
  try {
    while (pages.length < PAGES) {
      const { done, value } = await abortable(iterator.next(), signal)
      if (done) return { entries: pages.flat(), complete: true }
      if (value.length > 0) pages.push(value)
    }
    return { entries: pages.flat(), complete: false }
  } finally {
    await leave(iterator, signal)
  }
}

/** `3 entries`, or `the first 2,000 entries` of more. */
export const amount = ({ entries, complete }: FirstPages): string =>
  `${complete ? '' : 'the first '}${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}`

export const listCheck = (first: FirstPages): PreflightCheck => {
  const hidden = first.entries.filter(({ problem }) => problem !== undefined)
  const [one] = hidden
  if (one !== undefined)
    return {
      ...LIST,
      status: 'problem',
      detail: `Of ${amount(first)}, ${hidden.length} cannot be shown in full. The first is ${escapeKey(one.key)}: ${one.problem!.message}`,
      fix: 'Give whoever runs this the permission to see it, or leave it out of the run (`exclude`).',
    }
  if (first.entries.length === 0) return { ...LIST, status: 'notice', detail: capital(EMPTY) }
  const objects = first.entries.filter(isObject).length
  const detail = `It shows ${amount(first)}`
  return objects === 0
    ? {
        ...LIST,
        status: 'notice',
        detail: `${detail}, none of them an object${first.complete ? ': there is nothing to prove' : ''}.`,
      }
    : { ...LIST, status: 'ok', detail: `${detail}.` }
}

/** An object whose bytes a run would look at. */
export const isObject = ({ kind, problem, excluded }: ObjectEntry): boolean =>
  kind === 'object' && problem === undefined && excluded === undefined

export const orderCheck = (keyOrder: string, first: FirstPages): PreflightCheck => {
  const fault = orderFault(keyOrder, first.entries)
  if (fault !== undefined)
    return {
      ...ORDER,
      status: 'problem',
      detail: `${fault} A run ends there, because no report can be trusted.`,
      fix: BROKEN_CONTRACT,
    }
  if (keyOrder === 'utf8' && first.entries.length < 2)
    return { ...ORDER, status: 'ok', detail: 'In the order of their bytes, as its traits say.' }
  if (keyOrder === 'utf8')
    return { ...ORDER, status: 'ok', detail: `${capital(amount(first))} in the order of their bytes, each key once.` }
  const order = keyOrder === 'none' ? 'no order' : `another order (${keyOrder})`
  return {
    ...ORDER,
    status: 'notice',
    detail: `Listed in ${order}: will be sorted on disk first, in the directory for temporary files.`,
  }
}

const orderFault = (keyOrder: string, entries: readonly ObjectEntry[]): string | undefined => {
  let last: string | undefined
  for (const { key } of entries) {
    if (key === '') return 'It lists an empty key.'
    if (keyOrder === 'utf8' && last !== undefined && compareKeys(last, key) >= 0)
      return last === key
        ? `It lists ${escapeKey(key)} twice, but its traits promise each key once.`
        : `${escapeKey(key)} comes after ${escapeKey(last)}, but its traits promise the order of bytes.`
    last = key
  }
  return undefined
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
