import { type BackupError, isBackupError } from '@backproof/core/errors'
import {
  type ErrorMeaning,
  failedRequest,
  type InvalidConfig,
  invalidConfigErrors,
  meaningOfNetworkCode,
  type ProviderError,
  providerErrors,
} from '@backproof/core/object-store'
import { escapeKey } from '@backproof/core/source'
import { meaningOfCode, meaningOfStatus } from './error-table.js'

/** The provider's name in errors. */
export const PROVIDER = 'azure'

/** What the caller gave cannot work. `message` says what was wrong and what to change. */
export const invalidConfig: InvalidConfig = invalidConfigErrors(PROVIDER)

/** An error of this provider that no failed request stands behind. */
export const azureError: ProviderError = providerErrors(PROVIDER)

/** What a request was about, for its errors. */
export interface RequestContext {
  /** As Microsoft's SDK names it: `GetBlobProperties`. */
  readonly operation: string
  /** What errors name: the key relative to the source, or its URI. */
  readonly subject: string
  readonly account: string
  /** Name of the host that requests go to. */
  readonly host: string
  readonly container: string
  /** Of the container; absent for requests about the container. */
  readonly name?: string | undefined
  /** Version or snapshot. */
  readonly version?: string | undefined
  /** How the request was authorised. */
  readonly access: 'key' | 'sas' | 'token' | 'anonymous' | 'client'
  readonly hasCustomerKey: boolean
}

/** What came back, as far as it did. */
export interface RawAnswer {
  readonly status?: number | undefined
  /** By lowercase name. */
  readonly headers: Readonly<Record<string, string>>
}

/** The {@link BackupError} of a request that failed: by the service's error code, by HTTP status, or by what broke the connection. */
export const requestError = (error: unknown, context: RequestContext, seen: Partial<RawAnswer> = {}): BackupError => {
  if (isBackupError(error)) return error
  const given = (typeof error === 'object' && error !== null ? error : {}) as GivenError
  const failure = failureOf(error, given, context, seen)
  const where = `${context.account}/${context.container}${context.name === undefined ? '' : `/${escapeKey(context.name)}`}`
  const version = context.version === undefined ? '' : ` (version ${escapeKey(context.version)})`
  const { status, headers } = failure.answer
  const request = headers['x-ms-request-id']
  return failedRequest({
    provider: PROVIDER,
    operation: context.operation,
    subject: context.subject,
    attempted: `${VERBS[context.operation] ?? context.operation} azblob://${where}${version}`,
    meaning: meaningOf(failure),
    trace: [
      failure.code,
      status === undefined ? undefined : `HTTP ${status}`,
      request === undefined ? undefined : `request ${request}`,
    ],
    retryAfter: headers['retry-after'],
    cause: error,
  })
}

/** A failed request as the table of meanings looks at it. */
export interface Failure {
  readonly context: RequestContext
  readonly answer: RawAnswer
  /** The service's code, or the name of the error. */
  readonly code: string
  /** First line of what the service says. */
  readonly text: string
  /** What it says about a failed authentication. It may quote what was signed: not for messages. */
  readonly detail: string
}

/** An error of the SDK's (`RestError`), of its credentials, or of Node's. */
interface GivenError {
  readonly name?: unknown
  readonly message?: unknown
  readonly code?: unknown
  readonly statusCode?: unknown
  readonly details?: { readonly authenticationErrorDetail?: unknown } | undefined
  readonly response?:
    | { readonly status?: unknown; readonly headers?: { toJSON?(): Record<string, string> } | undefined }
    | undefined
}

const VERBS: Readonly<Record<string, string>> = {
  ListBlobs: 'list',
  GetAccountInfo: 'read the kind of the account of',
  GetBlobProperties: 'look at',
  GetBlob: 'read',
}

const failureOf = (error: unknown, given: GivenError, context: RequestContext, seen: Partial<RawAnswer>): Failure => {
  const { response } = given
  const headers = response?.headers?.toJSON?.() ?? seen.headers ?? {}
  const status = typeof given.statusCode === 'number' ? given.statusCode : seen.status
  const text = typeof given.message === 'string' ? given.message : String(error)
  const { authenticationErrorDetail: detail } = given.details ?? {}
  return {
    context,
    answer: { status, headers },
    code: headers['x-ms-error-code'] ?? wordOf(given, text),
    text: text.split(/\r?\n/, 1)[0]!.slice(0, 500),
    detail: typeof detail === 'string' ? detail : '',
  }
}

/** The SDK's `code` is the service's or Node's; where there is none, the error's class may tell. */
const wordOf = ({ code, name }: GivenError, text: string): string => {
  // A body that breaks off while the SDK reads it has lost its own code.
  if (code === 'PARSE_ERROR' && /reading response as text/.test(text)) return 'ECONNRESET'
  if (typeof code === 'string' && code !== '') return code
  return typeof name === 'string' && !/^(?:Error|RestError)$/.test(name) ? name : ''
}

const meaningOf = (failure: Failure): ErrorMeaning => {
  const { answer, code, text } = failure
  const network = meaningOfNetworkCode(code, failure.context.host, 'account and url')
  const known = network ?? meaningOfCode(code, failure)
  if (known !== undefined) return known
  if (code === 'URIError' && failure.context.operation === 'ListBlobs') {
    return {
      code: 'contract',
      message: 'it holds a name that cannot be decoded, so that the listing cannot be trusted.',
    }
  }
  // What the SDK cannot make anything of ends as an error of JavaScript's.
  const isFoolish = code === 'PARSE_ERROR' || /^(?:Type|Range|URI|Syntax)Error$/.test(code)
  if (isFoolish || (answer.status !== undefined && answer.status < 300)) return notAzure(answer)
  if (answer.status === undefined) {
    return { code: 'internal', message: `an error that is not known: ${escapeKey(text)}` }
  }
  const meaning = meaningOfStatus(answer.status, failure)
  const told = answer.headers['x-ms-error-code'] === undefined ? '' : ` The service says "${escapeKey(text)}".`
  return { ...meaning, message: `${meaning.message}${told}` }
}

/** A good status with what is no answer of Blob Storage: a login page, a proxy's error, XML that was cut. */
export const notAzure = ({ headers }: RawAnswer): ErrorMeaning => ({
  code: 'unavailable',
  message: `the answer (${headers['content-type'] ?? 'of no type'}) is no answer of Blob Storage, or was damaged on its way.`,
  fix: 'A proxy or a login page may be in the way; check the endpoint: account and url.',
})

/** The same instead of a blob: without the ETag that every blob has, it must not be taken for another one. */
export const noBlob = (operation: string, key: string, uri: string, answer: RawAnswer): BackupError => {
  const { code, message, fix } = notAzure(answer)
  return azureError(
    code,
    operation,
    key,
    `Cannot ${VERBS[operation] ?? operation} ${escapeKey(key)} of ${uri}: ${message} ${fix}`,
  )
}
