import type { JobRun } from '@backproof/core/history'

/** Longest text that is looked at: the cause stands at the beginning, or nowhere. */
const TEXT_LIMIT = 500

/** Longest name of a class. */
const CLASS_LIMIT = 120

/**
 * The class of an error: what is the same each time that it happens. A code is a class of its own; one that is a number only, as
 * exit codes are, says so little that the message counts too. Of messages, what differs from run to run becomes a placeholder:
 * places, names in quotes, ids, numbers and times. `undefined` where the system tells no error.
 */
export const errorClass = (error: JobRun['error']): string | undefined => {
  if (error === undefined || error === null) return undefined
  const code = (error.code ?? '').trim()
  const isName = /^[\w.:-]{1,64}$/.test(code) && !/^-?\d+$/.test(code)
  if (isName) return code
  const text = normalised(error.message)
  const parts = [code === '' ? '' : normalised(code, false), text].filter((part) => part !== '')
  return parts.length === 0 ? undefined : parts.join(': ')
}

const normalised = (text: string, withNumbers = true): string => {
  let out = text.slice(0, TEXT_LIMIT)
  for (const [pattern, replacement] of VARYING) out = out.replace(pattern, replacement)
  if (withNumbers) out = out.replace(NUMBERS, '<n>')
  return out.replace(/\s+/g, ' ').trim().toLowerCase().slice(0, CLASS_LIMIT)
}

const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s"'<>]+/gi, '<url>'],
  [/\b(pass(?:word|wd)?|secret|token|(?:api|access)[-_ ]?key|signature|sig)\s*[:=]\s*[^\s,;]+/gi, '$1=<secret>'],
  [/"[^"]*"|`[^`]*`|(?<![\w'])'[^']*'/g, '<name>'],
  [/[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/g, '<name>'],
  // An absolute path; not the second half of read/write.
  [/(?<![\w.>-])(?:[a-z]:)?(?:[\\/][^\s\\/:;,"'<>|)\]]+)+[\\/]?/gi, '<path>'],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b(?:0x[0-9a-f]+|(?=[a-f]*\d)[0-9a-f]{8,})\b/gi, '<id>'],
  [/(?<![\w+/=-])(?=[\w+/=-]*\d)[\w+/=-]{20,}/g, '<id>'],
]

const NUMBERS = /\d+(?:[.,:tz-]+\d+)*z?/gi
