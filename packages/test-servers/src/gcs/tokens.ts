import { createVerify } from 'node:crypto'
import { parseQuery } from '../http/message.js'
import type { Reply } from '../http/reply.js'
import type { ServerState } from './call.js'
import { isJsonObject, type JsonObject } from './json.js'
import type { GcsRequest } from './request.js'
import type { Account } from './users.js'

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

/**
 * The token endpoint: an access token for a JWT that a service account signed (RFC 7523), or in exchange for the token of a
 * workload (RFC 8693).
 */
export const issueToken = (state: ServerState, request: GcsRequest, body: Buffer): Reply => {
  const form = new Map(parseQuery(body.toString()))
  const grant = form.get('grant_type')
  if (grant !== JWT_BEARER && grant !== TOKEN_EXCHANGE)
    return refusal('unsupported_grant_type', `Invalid grant_type: ${grant}`)
  const account = grant === JWT_BEARER ? ofAssertion(state, request, form) : ofSubject(state, form)
  if (typeof account === 'string') return refusal('invalid_grant', account)
  const left =
    account.expiresAt === undefined ? 3599 : Math.max(0, Math.floor((account.expiresAt - state.now()) / 1000))
  return json(200, {
    access_token: account.token,
    expires_in: left,
    token_type: 'Bearer',
    ...(grant === TOKEN_EXCHANGE && { issued_token_type: 'urn:ietf:params:oauth:token-type:access_token' }),
  })
}

const ofAssertion = (state: ServerState, request: GcsRequest, form: ReadonlyMap<string, string>): Account | string => {
  const claims = verifyJwt(state, form.get('assertion') ?? '')
  if (typeof claims === 'string') return claims
  if (claims['aud'] !== `${request.origin}/token`) return `Invalid JWT: the audience is ${String(claims['aud'])}.`
  if (typeof claims['scope'] !== 'string') return 'Invalid JWT: no scope.'
  return accountOf(state, claims)
}

const ofSubject = (state: ServerState, form: ReadonlyMap<string, string>): Account | string =>
  state.accounts.find(({ subjectToken }) => subjectToken === form.get('subject_token')) ??
  'The subject token is not known.'

/** Who a bearer token stands for; `undefined` for one that is unknown, forged or expired. */
export const accountOfToken = (state: ServerState, token: string): Account | undefined => {
  const account = token.split('.').length === 3 && token.startsWith('ey') ? ofJwt(state, token) : ofOpaque(state, token)
  return account?.expiresAt !== undefined && account.expiresAt <= state.now() ? undefined : account
}

const ofOpaque = (state: ServerState, token: string): Account | undefined =>
  state.accounts.find((account) => account.token === token)

/** Google takes JWTs that service accounts signed themselves as access tokens, for an audience or with scopes. */
const ofJwt = (state: ServerState, token: string): Account | undefined => {
  const claims = verifyJwt(state, token)
  if (typeof claims === 'string') return undefined
  if (claims['aud'] !== 'https://storage.googleapis.com/' && typeof claims['scope'] !== 'string') return undefined
  const account = accountOf(state, claims)
  return typeof account === 'string' ? undefined : account
}

const accountOf = (state: ServerState, claims: JsonObject): Account | string =>
  state.accounts.find(({ email }) => email === claims['iss']) ?? 'Invalid grant: account not found'

/** The claims of a JWT that the key of the service accounts signed and that is valid now, or what is wrong with it. */
const verifyJwt = (state: ServerState, token: string): JsonObject | string => {
  const [header, payload, signature] = token.split('.')
  if (header === undefined || payload === undefined || signature === undefined) return 'Bad Request'
  const key = state.signingKey()
  const signed = createVerify('RSA-SHA256').update(`${header}.${payload}`)
  if (!signed.verify(key.publicKey, signature, 'base64url')) return 'Invalid JWT Signature.'
  const head = decode(header)
  const claims = decode(payload)
  if (head?.['alg'] !== 'RS256' || claims === undefined) return 'Invalid JWT.'
  const now = state.now() / 1000
  const { iat, exp } = claims
  const skew = 300
  if (typeof iat !== 'number' || typeof exp !== 'number' || iat > now + skew || exp < now || exp - iat > 3600)
    return 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.'
  return claims
}

const decode = (part: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return isJsonObject(value) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

const refusal = (error: string, description: string): Reply => json(400, { error, error_description: description })

const json = (status: number, body: JsonObject): Reply => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  body: JSON.stringify(body),
})
