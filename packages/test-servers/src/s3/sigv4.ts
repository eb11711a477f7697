import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { failure } from './failure.js'
import type { S3Request } from './request.js'
import type { Credentials, User } from './users.js'

/** What a verified signature told, and what the chunk signatures of its body continue. */
export interface Signature {
  readonly user: User
  /** Region of the credential scope. */
  readonly region: string
  readonly scope: string
  readonly date: string
  readonly value: string
  readonly key: Buffer
  /** The value of x-amz-content-sha256, or UNSIGNED-PAYLOAD for presigned URLs without one. */
  readonly payload: string
}

export interface Verifier {
  /** Milliseconds since 1970. */
  readonly now: number
  findUser(accessKeyId: string): User | undefined
}

const ALGORITHM = 'AWS4-HMAC-SHA256'
const MAX_SKEW = 15 * 60_000
const MAX_EXPIRES = 604_800

/**
 * Verifies the signature of a request, in its header or in its query (presigned). Source: "Authenticating Requests (AWS
 * Signature Version 4)" in the Amazon S3 API Reference.
 *
 * @throws AccessDenied for anonymous and expired presigned requests; InvalidAccessKeyId, SignatureDoesNotMatch,
 * RequestTimeTooSkewed, ExpiredToken, InvalidToken, AuthorizationHeaderMalformed, AuthorizationQueryParametersError.
 */
export const verifySignature = (request: S3Request, verifier: Verifier): Signature => {
  const header = request.headers.get('authorization')
  if (header !== undefined) return verifyHeader(request, header, verifier)
  if (request.query.has('X-Amz-Signature')) return verifyPresigned(request, verifier)
  throw failure('AccessDenied')
}

const verifyHeader = (request: S3Request, header: string, verifier: Verifier): Signature => {
  const fields = /^AWS4-HMAC-SHA256\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]+)$/.exec(
    header.trim(),
  )
  if (fields === null) {
    if (!header.startsWith(ALGORITHM)) throw failure('InvalidRequest', `Please use ${ALGORITHM}.`)
    throw failure('AuthorizationHeaderMalformed')
  }
  const payload = request.headers.get('x-amz-content-sha256')
  if (payload === undefined)
    throw failure('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256')
  const date = signingDate(request)
  const time = parseDate(date)
  if (time === undefined) throw failure('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header')
  const given = { request, credential: fields[1]!, signed: fields[2]!, signature: fields[3]!, date, payload }
  const token = request.headers.get('x-amz-security-token') ?? request.headers.get('x-amz-s3session-token')
  const verified = verify(given, token, verifier, 'AuthorizationHeaderMalformed')
  if (Math.abs(verifier.now - time) > MAX_SKEW) {
    throw failure('RequestTimeTooSkewed', undefined, {
      fields: {
        RequestTime: date,
        ServerTime: iso(verifier.now),
        MaxAllowedSkewMilliseconds: String(MAX_SKEW),
      },
    })
  }
  return verified
}

const verifyPresigned = (request: S3Request, verifier: Verifier): Signature => {
  const code = 'AuthorizationQueryParametersError'
  const parameter = (name: string): string => {
    const value = request.query.get(`X-Amz-${name}`)
    if (value === undefined) throw failure(code, `Query-string authentication requires the parameter X-Amz-${name}.`)
    return value
  }
  if (parameter('Algorithm') !== ALGORITHM) throw failure(code, `X-Amz-Algorithm only supports "${ALGORITHM}"`)
  const date = parameter('Date')
  const time = parseDate(date)
  if (time === undefined) throw failure(code, "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
  const seconds = Number(parameter('Expires'))
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > MAX_EXPIRES)
    throw failure(code, `X-Amz-Expires must be between 0 and ${MAX_EXPIRES} seconds`)
  const given = {
    request,
    credential: parameter('Credential'),
    signed: parameter('SignedHeaders'),
    signature: parameter('Signature'),
    date,
    payload:
      request.query.get('X-Amz-Content-Sha256') ?? request.headers.get('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD',
  }
  const verified = verify(given, request.query.get('X-Amz-Security-Token'), verifier, code)
  const expires = time + seconds * 1000
  if (verifier.now > expires) {
    const fields = { 'X-Amz-Expires': String(seconds), Expires: iso(expires), ServerTime: iso(verifier.now) }
    throw failure('AccessDenied', 'Request has expired', { fields })
  }
  if (time - verifier.now > MAX_SKEW) throw failure('AccessDenied', 'Request is not yet valid')
  return verified
}

interface Given {
  readonly request: S3Request
  readonly credential: string
  readonly signed: string
  readonly signature: string
  readonly date: string
  readonly payload: string
}

const verify = (
  given: Given,
  token: string | undefined,
  verifier: Verifier,
  malformed: 'AuthorizationHeaderMalformed' | 'AuthorizationQueryParametersError',
): Signature => {
  const [accessKeyId, day, region, service, terminator] = given.credential.split('/')
  if (
    terminator !== 'aws4_request' ||
    (service !== 's3' && service !== 's3express') ||
    !given.date.startsWith(day ?? '-')
  )
    throw failure(malformed, 'The Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/s3/aws4_request".')
  const user = verifier.findUser(accessKeyId ?? '')
  if (user === undefined)
    throw failure('InvalidAccessKeyId', undefined, { fields: { AWSAccessKeyId: accessKeyId ?? '' } })
  const scope = `${day}/${region}/${service}/aws4_request`
  const key = signingKey(user.credentials, day!, region!, service)
  const canonical = canonicalRequest(given)
  const toSign = [ALGORITHM, given.date, scope, createHash('sha256').update(canonical, 'latin1').digest('hex')].join(
    '\n',
  )
  if (!sameText(hmac(key, toSign).toString('hex'), given.signature)) {
    throw failure('SignatureDoesNotMatch', undefined, {
      fields: {
        AWSAccessKeyId: accessKeyId!,
        StringToSign: toSign,
        SignatureProvided: given.signature,
        CanonicalRequest: canonical,
      },
    })
  }
  checkToken(user, token, verifier.now)
  return { user, region: region!, scope, date: given.date, value: given.signature, key, payload: given.payload }
}

const checkToken = (user: User, token: string | undefined, now: number): void => {
  if (token !== user.credentials.sessionToken) throw failure('InvalidToken')
  if (user.expiresAt !== undefined && now >= user.expiresAt) throw failure('ExpiredToken')
}

const canonicalRequest = ({ request, signed, payload }: Given): string => {
  const names = signed.split(';')
  if (!names.includes('host'))
    throw failure('AccessDenied', 'There were headers present in the request which were not signed')
  const unsigned = [...request.headers.keys()].find((name) => name.startsWith('x-amz-') && !names.includes(name))
  if (unsigned !== undefined) {
    const options = { fields: { HeadersNotSigned: unsigned } }
    throw failure('AccessDenied', 'There were headers present in the request which were not signed', options)
  }
  const query = request.parameters
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]): [string, string] => [uriEncode(name), uriEncode(value)])
    .sort(([a, x], [b, y]) => (a === b ? order(x, y) : order(a, b)))
    .map((pair) => pair.join('='))
    .join('&')
  const headers = names.map((name) => `${name}:${(request.headers.get(name) ?? '').trim().replace(/ +/g, ' ')}\n`)
  const path = request.path.split('/').map(uriEncode).join('/')
  return [request.method, path, query, headers.join(''), signed, payload].join('\n')
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** What S3 calls UriEncode: everything but unreserved characters, in upper case hexadecimal. */
export const uriEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)

const signingKey = (credentials: Credentials, day: string, region: string, service: string): Buffer =>
  [day, region, service, 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${credentials.secretAccessKey}`))

export const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

export const sameText = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

const signingDate = (request: S3Request): string => {
  const amz = request.headers.get('x-amz-date')
  if (amz !== undefined) return amz
  const time = Date.parse(request.headers.get('date') ?? '')
  return Number.isNaN(time) ? '' : iso(time).replaceAll(/[-:]/g, '')
}

const parseDate = (text: string): number | undefined => {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second] = match.map(Number)
  return Date.UTC(year!, month! - 1, day, hour, minute, second)
}

const iso = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')
