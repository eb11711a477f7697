import { createHash } from 'node:crypto'
import { inspect } from 'node:util'

/** What was written for people and programs, in every form that it can take, and which secrets are in it. */
export interface Outputs {
  /** Takes down a report, finding, error, check, source or text. `where` names the case. */
  add(where: string, value: unknown): void
  readonly count: number
  /** `<case>: <what leaked>`, never the secret itself. */
  leaks(secrets: ReadonlyMap<string, string>, signatures: ReadonlySet<string>): readonly string[]
}

/** Forms in which a secret would be there whatever its value is. What redaction leaves of them is none. */
const FORMS: readonly (readonly [string, RegExp])[] = [
  ['a signature in a query', /X-Amz-(?:Signature|Credential|Security-Token)=(?!\[redacted\])/i],
  ['a signature', /\bSignature=(?!\[redacted\])/],
  ['a header with credentials', /\bauthorization\b["']?\s*[:=]\s*["']?(?!["']?\[redacted\])[A-Za-z0-9]/i],
  ['a header with a token', /x-amz-security-token["']?\s*[:=]\s*["']?(?!["']?\[redacted\])[A-Za-z0-9]/i],
  [
    'a header with a key',
    /x-amz-server-side-encryption-customer-key(?:-md5)?["']?\s*[:=]\s*["']?(?!\[redacted\])[A-Za-z0-9]/i,
  ],
  ['an access key id', /\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/],
]

export const createOutputs = (): Outputs => {
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
        for (const [what, form] of FORMS) if (form.test(text)) found.add(`${where}: ${what}`)
        for (const [hex] of text.matchAll(/[0-9a-f]{64}/g)) {
          if (signatures.has(hex)) found.add(`${where}: a signature that was sent`)
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
