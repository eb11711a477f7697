import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import { isAbsent, type PlatformSecrets } from './platform.js'

/** What was written for people and programs, in every form that it can take, and which secrets are in it. */
export interface Outputs {
  /** Takes down a report, finding, error, check, source or text. `where` names the case. */
  add(where: string, value: unknown): void
  readonly count: number
  /** `<case>: <what leaked>`, never the secret itself. */
  leaks(secrets: ReadonlyMap<string, string>, signatures: ReadonlySet<string>): readonly string[]
}

/** Forms of every platform, beside its own. What redaction leaves of them is none. */
const HEADER = /\bauthorization\b["']?\s*[:=]\s*["']?(?!["']?\[redacted\])[A-Za-z0-9]/i

export const createOutputs = ({ forms, signatures: signed }: PlatformSecrets): Outputs => {
  const texts: { readonly where: string; readonly text: string }[] = []
  return {
    add: (where, value) => {
      for (const text of formsOf(value)) texts.push({ where, text })
    },
    get count() {
      return texts.length
    },
    leaks: (secrets, signatures) => {
      const found = new Set<string>()
      for (const { where, text } of texts) {
        if (HEADER.test(text)) found.add(`${where}: a header with credentials`)
        for (const { name, form } of forms) if (form.test(text)) found.add(`${where}: ${name}`)
        for (const [one] of isAbsent(signed) ? [] : text.matchAll(signed.form)) {
          if (signatures.has(one)) found.add(`${where}: a signature that was sent`)
        }
        for (const [what, secret] of secrets) if (text.includes(secret)) found.add(`${where}: ${what}`)
      }
      return [...found]
    },
  }
}

const formsOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value]
  const texts = [inspect(value, { depth: 10, showHidden: true, maxArrayLength: null, maxStringLength: null })]
  const json = JSON.stringify(value)
  // Typed arrays become objects with an index before each byte.
  if (json !== undefined) texts.push(json, json.replaceAll(/"\d+":/g, ''))
  if (value instanceof Error) {
    texts.push(String(value), value.stack ?? '')
    if (value.cause !== undefined) texts.push(...formsOf(value.cause))
  }
  return texts
}

/** A secret and how else it may be written. */
export const writings = (name: string, secret: string | Uint8Array): readonly (readonly [string, string])[] => {
  if (typeof secret === 'string') {
    return [
      [name, secret],
      [`${name}, encoded`, encodeURIComponent(secret)],
      [`${name}, in base64`, Buffer.from(secret).toString('base64')],
    ]
  }
  const bytes = Buffer.from(secret)
  return [
    [`${name}, in base64`, bytes.toString('base64')],
    [`${name}, in hex`, bytes.toString('hex')],
    [`${name}, as bytes`, [...bytes].join(',')],
    [`${name}, as an inspected buffer`, bytes.toString('hex').replaceAll(/../g, '$& ').trim()],
    [`the MD5 of ${name}`, createHash('md5').update(bytes).digest('base64')],
  ]
}
