import { createHmac, timingSafeEqual } from 'node:crypto'
import { failure } from '../failure.js'
import type { AzureRequest } from '../request.js'
import type { AccountState } from '../store.js'

const SKEW_MS = 15 * 60_000

/**
 * Checks the signature of a Shared Key request ("Authorize with Shared Key" in the REST reference).
 *
 * @throws AuthenticationFailed, InvalidAuthenticationInfo, KeyBasedAuthenticationNotPermitted
 */
export const verifySharedKey = (request: AzureRequest, state: AccountState): void => {
  const match = /^SharedKey ([^:]+):(.+)$/.exec(request.headers.get('authorization') ?? '')
  if (match === null) throw failure('InvalidAuthenticationInfo')
  const [, account, signature] = match
  const date = Date.parse(request.headers.get('x-ms-date') ?? request.headers.get('date') ?? '')
  if (!(Math.abs(date - state.now()) <= SKEW_MS))
    throw unauthenticated(`Request date header too old: '${new Date(date || 0).toUTCString()}'`)
  const text = stringToSign(request, state.account)
  if (account !== state.account || !sameText(signature!, hmacBase64(state.key, text)))
    throw unauthenticated(
      `The MAC signature found in the HTTP request '${signature}' is not the same as any computed signature. Server used following string to sign: '${text}'.`,
    )
  if (!state.sharedKey) throw failure('KeyBasedAuthenticationNotPermitted')
}

export const unauthenticated = (detail: string): Error =>
  failure('AuthenticationFailed', { fields: { AuthenticationErrorDetail: detail } })

/** HMAC-SHA256 under a key in base64, in base64. */
export const hmacBase64 = (key: string, text: string): string =>
  createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64')

export const sameText = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

const SIGNED = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-md5',
  'content-type',
  'date',
  'if-modified-since',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'range',
]

const stringToSign = ({ method, headers, rawPath, parameters }: AzureRequest, account: string): string => {
  const standard = SIGNED.map((name) => {
    const value = headers.get(name) ?? ''
    // Where x-ms-date is there, it counts, and Date stays empty.
    if (name === 'date' && headers.has('x-ms-date')) return ''
    return name === 'content-length' && value === '0' ? '' : value
  })
  const own = [...headers]
    .filter(([name]) => name.startsWith('x-ms-'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value.trim()}`)
  const values = new Map<string, string[]>()
  for (const [name, value] of parameters) {
    const key = name.toLowerCase()
    values.set(key, [...(values.get(key) ?? []), value])
  }
  const query = [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, all]) => `${name}:${all.sort().join(',')}`)
  return [method, ...standard, ...own, [`/${account}${rawPath}`, ...query].join('\n')].join('\n')
}
