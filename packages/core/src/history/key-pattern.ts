import { BackupError } from '../errors.js'
import { showValue } from '../source/option-check.js'
import { daysIn } from './iso-time.js'

/** What a key says of the recovery point that it is part of. */
export interface KeyMatch {
  readonly asset?: string | undefined
  /** Local time in the pattern's zone, milliseconds as if it were UTC. Absent where the pattern has no date. */
  readonly wall?: number | undefined
  /** The pattern with what the key has in place of its fields, up to the wildcard at its end: the same for all keys of one point. */
  readonly point: string
  /** What the wildcard at the end stands for; absent where the pattern does not end in one. */
  readonly rest?: string | undefined
}

export interface KeyPattern {
  readonly hasAsset: boolean
  readonly hasDate: boolean
  /** Whether it ends in `*` or `**`. */
  readonly isOpen: boolean
  /** `undefined` for a key that does not match, also where its date does not exist. */
  match(key: string): KeyMatch | undefined
}

/** Parts of a date, largest first, with their width in digits. */
const DATE_PARTS = { YYYY: 4, MM: 2, DD: 2, HH: 2, mm: 2, ss: 2, SSS: 3 } as const
type DatePart = keyof typeof DATE_PARTS
const ORDER = Object.keys(DATE_PARTS) as DatePart[]

type Token =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'wildcard'; readonly deep: boolean }
  | { readonly kind: 'name'; readonly name: 'asset' | 'id' }
  | { readonly kind: 'part'; readonly part: DatePart }

/**
 * Reads a pattern of keys: `{asset}` and `{id}` stand for text without `/`; `{date:YYYY-MM-DD}` and `{time:HHmmss}` for digits, in
 * any number of fields (YYYY MM DD HH mm ss SSS, other characters as they are); `*` for anything without `/`, `**` for anything.
 *
 * @throws BackupError `invalid-config` for a pattern that is none, with what is wrong.
 */
export const keyPattern = (pattern: string): KeyPattern => {
  const tokens = tokensOf(pattern)
  checkTokens(pattern, tokens)
  const expression = new RegExp(`^${tokens.map(expressionOf).join('')}$`)
  const last = tokens.at(-1)
  const isOpen = last?.kind === 'wildcard'
  return {
    hasAsset: tokens.some((token) => token.kind === 'name' && token.name === 'asset'),
    hasDate: tokens.some(({ kind }) => kind === 'part'),
    isOpen,
    match: (key) => {
      const found = expression.exec(key)
      return found === null ? undefined : readMatch(tokens, found, isOpen)
    },
  }
}

const tokensOf = (pattern: string): readonly Token[] => {
  if (typeof pattern !== 'string' || pattern === '')
    throw refused(pattern, 'it must be a text, such as {asset}/{date:YYYY-MM-DD}/**')
  const tokens: Token[] = []
  for (const [piece] of pattern.matchAll(/\{[^{}]*\}|\*+|[{}]|[^{}*]+/g)) {
    if (piece === '{' || piece === '}') throw refused(pattern, `a "${piece}" stands alone`)
    if (piece.startsWith('*')) {
      if (piece.length > 2) throw refused(pattern, `${showValue(piece)} is no wildcard; there are * and **`)
      tokens.push({ kind: 'wildcard', deep: piece === '**' })
    } else if (piece.startsWith('{')) tokens.push(...fieldTokens(pattern, piece.slice(1, -1)))
    else tokens.push({ kind: 'literal', text: piece })
  }
  return tokens
}

const fieldTokens = (pattern: string, field: string): readonly Token[] => {
  if (field === 'asset' || field === 'id') return [{ kind: 'name', name: field }]
  const [, format] = /^(?:date|time):(.+)$/.exec(field) ?? []
  if (format === undefined) {
    throw refused(
      pattern,
      `{${field}} is no field; there are {asset}, {id}, {date:FORMAT} and {time:FORMAT}, for example {date:YYYY-MM-DD}`,
    )
  }
  return [...format.matchAll(/YYYY|MM|DD|HH|mm|SSS|ss|[TZ]|[A-Za-z]+|[^A-Za-z]+/g)].map(([piece]): Token => {
    if (piece in DATE_PARTS) return { kind: 'part', part: piece as DatePart }
    if (/^[^A-Za-z]/.test(piece) || piece === 'T' || piece === 'Z') return { kind: 'literal', text: piece }
    throw refused(pattern, `${showValue(piece)} of {${field}} is no part of a date; there are ${ORDER.join(', ')}`)
  })
}

const checkTokens = (pattern: string, tokens: readonly Token[]): void => {
  const parts = new Set(tokens.flatMap((token) => (token.kind === 'part' ? [token.part] : [])))
  const gap = ORDER.findIndex((part) => !parts.has(part))
  if (parts.size > 0 && (gap < 2 ? gap !== -1 : ORDER.slice(gap).some((part) => parts.has(part)))) {
    const needed = ORDER[gap]!
    throw refused(
      pattern,
      `its date has ${[...parts].join(', ')}, but no ${needed}; the smallest is a year with its month`,
    )
  }
  const isWide = (token: Token | undefined): boolean => token?.kind === 'name' || token?.kind === 'wildcard'
  if (tokens.some((token, i) => isWide(token) && isWide(tokens[i + 1])))
    throw refused(pattern, 'two fields or wildcards follow each other, and nothing says where the first ends')
}

const expressionOf = (token: Token): string => {
  switch (token.kind) {
    case 'literal':
      return token.text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    case 'wildcard':
      return token.deep ? '([\\s\\S]*)' : '([^/]*)'
    case 'name':
      return '([^/]+)'
    case 'part':
      return `(\\d{${DATE_PARTS[token.part]}})`
  }
}

const readMatch = (tokens: readonly Token[], found: RegExpExecArray, isOpen: boolean): KeyMatch | undefined => {
  const date = new Map<DatePart, number>()
  let asset: string | undefined
  let point = ''
  let group = 0
  for (const [i, token] of tokens.entries()) {
    if (token.kind === 'literal') {
      point += token.text
      continue
    }
    group += 1
    const text = found[group]!
    if (token.kind === 'wildcard') {
      if (i < tokens.length - 1) point += token.deep ? '**' : '*'
      continue
    }
    point += text
    if (token.kind === 'name') {
      if (token.name !== 'asset') continue
      if (asset !== undefined && asset !== text) return undefined
      asset = text
      continue
    }
    const value = Number(text)
    // A date that stands twice in a key has to be one: 2026/2026-11-01.
    if ((date.get(token.part) ?? value) !== value) return undefined
    date.set(token.part, value)
  }
  const wall = date.size === 0 ? undefined : wallOf(date)
  if (wall === null) return undefined
  return {
    ...(asset !== undefined && { asset }),
    ...(wall !== undefined && { wall }),
    point,
    ...(isOpen && { rest: found.at(-1)! }),
  }
}

/** `null` for a date or time that does not exist. */
const wallOf = (date: ReadonlyMap<DatePart, number>): number | null => {
  const of = (part: DatePart, otherwise: number): number => date.get(part) ?? otherwise
  const [year, month, day] = [of('YYYY', 0), of('MM', 1), of('DD', 1)]
  const [hour, minute, second] = [of('HH', 0), of('mm', 0), of('ss', 0)]
  if (year < 1000 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null
  if (hour > 23 || minute > 59 || second > 59) return null
  return Date.UTC(year, month - 1, day, hour, minute, second, of('SSS', 0))
}

const refused = (pattern: unknown, what: string): BackupError =>
  new BackupError({ code: 'invalid-config', message: `The pattern ${showValue(pattern)} cannot be used: ${what}.` })
