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
import { meaningOfReason, meaningOfStatus, NO_BUCKET, reasonOfText } from './error-table.js'

/** The provider's name in errors. */
export const PROVIDER = 'gcp'

/** What the caller gave cannot work. `message` says what was wrong and what to change. */
export const invalidConfig: InvalidConfig = invalidConfigErrors(PROVIDER)

/** An error of this provider that no failed request stands behind. */
export const gcsError: ProviderError = providerErrors(PROVIDER)

/** What a request was about, for its errors. */
export interface RequestContext {
  /** As the JSON API names its methods: `objects.list`; `objects.getMedia` for the bytes. */
  readonly operation: string
  /** What errors name: the key relative to the source, or its URI. */
  readonly subject: string
  readonly bucket: string
  /** Name in the bucket; absent for requests about the bucket. */
  readonly key?: string | undefined
  readonly generation?: string | undefined
  readonly userProject?: string | undefined
  /** Whether credentials were to be sent. */
  readonly authenticated: boolean
  /** Whether the caller has a key of its own, and whether it was sent. */
  readonly customerKey: 'none' | 'kept' | 'sent'
}

/** What came back, as far as it did. */
export interface RawAnswer {
  readonly status?: number | undefined
  /** By lowercase name. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Of an error, at most its first 64 KiB. */
  readonly body?: string | undefined
}

/** Where the request went, and what must not be shown of it. */
export interface RequestPlace {
  readonly host?: string | undefined
  /** Tokens and keys that were sent: services may repeat them. */
  readonly secrets?: readonly string[] | undefined
}

/** The {@link BackupError} of a request that failed: by the service's reason, by HTTP status, or by what broke the connection. */
export const requestError = (
  error: unknown,
  context: RequestContext,
  answer: RawAnswer,
  { host, secrets = [] }: RequestPlace = {},
): BackupError => {
  if (isBackupError(error)) return error
  const told = toldOf(answer)
  const vague = answer.status === 400 && (told.reason === '' || told.reason === 'invalid')
  const reason = (vague ? reasonOfText(told.message) : '') || told.reason
  const failure: Failure = { context, answer, reason, text: scrubbed(told.message, secrets), host }
  const meaning = meaningOf(failure, error)
  return failedRequest({
    provider: PROVIDER,
    operation: context.operation,
    subject: context.subject,
    attempted: attemptOf(context),
    meaning,
    trace: traceOf(reason === '' ? codeOf(error) : reason, answer),
    retryAfter: answer.headers['retry-after'],
    cause: causeOf(failure, error, secrets),
  })
}

/** What was tried, in words that follow "Cannot". */
export const attemptOf = ({ operation, bucket, key, generation }: RequestContext): string => {
  const where = `${bucket}${key === undefined ? '' : `/${escapeKey(key)}`}`
  return `${VERBS[operation] ?? operation} gs://${where}${generation === undefined ? '' : ` (generation ${generation})`}`
}

/** A failed request as the table of meanings looks at it. */
export interface Failure {
  readonly context: RequestContext
  readonly answer: RawAnswer
  /** The service's word; empty where it has none. */
  readonly reason: string
  /** What it says, free of what was sent to it. */
  readonly text: string
  readonly host: string | undefined
}

const VERBS: Readonly<Record<string, string>> = {
  'buckets.get': 'look at the settings of',
  'buckets.getStorageLayout': 'ask for the storage layout of',
  'objects.list': 'list',
  'objects.get': 'look at',
  'objects.getMedia': 'read',
}

const meaningOf = (failure: Failure, error: unknown): ErrorMeaning => {
  const { answer, host } = failure
  if (answer.status === undefined) {
    const code = codeOf(error)
    const known =
      code === undefined
        ? undefined
        : meaningOfNetworkCode(code, host === undefined ? 'the service' : escapeKey(host), 'endpoint and network')
    return known ?? { code: 'internal', message: `an error that is not known (${nameOf(error)}).` }
  }
  if (answer.status < 300) return codeMeaning(failure, error) ?? notGcs(answer)
  return meaningOfReason(failure) ?? meaningOfStatus(answer.status, failure)
}

/** A connection that broke while an answer came. */
const codeMeaning = ({ host }: Failure, error: unknown): ErrorMeaning | undefined => {
  const code = codeOf(error)
  if (code === undefined) return undefined
  return meaningOfNetworkCode(code, host === undefined ? 'the service' : escapeKey(host), 'endpoint and network')
}

/** A good status with what is no answer of Cloud Storage: a login page, a proxy's error, JSON that was cut. */
export const notGcs = ({ headers }: RawAnswer): ErrorMeaning => ({
  code: 'unavailable',
  message: `the answer (${headers['content-type'] ?? 'of no type'}) is no answer of Cloud Storage, or was damaged on its way.`,
  fix: 'A proxy or a login page may be in the way; check the endpoint.',
})

/** The error for {@link notGcs}. */
export const noAnswer = (context: RequestContext, answer: RawAnswer): BackupError =>
  failedRequest({
    provider: PROVIDER,
    operation: context.operation,
    subject: context.subject,
    attempted: attemptOf(context),
    meaning: notGcs(answer),
    trace: traceOf('', answer),
    retryAfter: undefined,
    cause: undefined,
  })

/** What an error answer says: `{ error: { code, message, errors: [{ reason }] } }`, `{ error: 'word' }`, or text. */
const toldOf = ({ body = '' }: RawAnswer): { readonly reason: string; readonly message: string } => {
  const json = jsonOf(body)
  const error = json?.['error']
  if (typeof error === 'string') return { reason: error, message: textOf(json?.['error_description']) }
  if (typeof error === 'object' && error !== null) {
    const { errors, message, status } = error as Readonly<Record<string, unknown>>
    const first = (Array.isArray(errors) ? errors[0] : undefined) as Readonly<Record<string, unknown>> | undefined
    const reason = textOf(first?.['reason']) || textOf(status)
    return { reason, message: textOf(message) || textOf(first?.['message']) }
  }
  // Downloads are refused with plain text; pages of HTML are not worth showing.
  return { reason: '', message: /<[a-z!]/i.test(body) ? '' : body.trim() }
}

const jsonOf = (body: string): Readonly<Record<string, unknown>> | undefined => {
  if (!body.trimStart().startsWith('{')) return undefined
  try {
    return JSON.parse(body) as Readonly<Record<string, unknown>>
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Whether what was not found is the bucket, and not the object that was asked for. */
export const isAboutBucket = ({ cause }: BackupError): boolean => {
  const { message } = (cause ?? {}) as { readonly message?: unknown }
  return typeof message === 'string' && NO_BUCKET.test(message)
}

/** Without what was sent, wherever it is repeated. */
export const scrubbed = (text: string, secrets: readonly string[]): string => {
  let out = text
  for (const secret of secrets) {
    if (secret !== '') out = out.replaceAll(secret, '[redacted]')
  }
  return out
}

/** The word that Node gives, however the SDK wrapped it. */
export const codeOf = (error: unknown): string | undefined => {
  for (let one = error, depth = 0; typeof one === 'object' && one !== null && depth < 4; depth++) {
    const { code, cause, error: inner } = one as { code?: unknown; cause?: unknown; error?: unknown }
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code
    one = cause ?? inner
  }
  return undefined
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)

/** The reason as name, so that callers of this package find it; nothing of what the SDK keeps, which holds the request. */
const causeOf = ({ answer, reason, text }: Failure, error: unknown, secrets: readonly string[]): object => ({
  name: reason === '' ? nameOf(error) : reason,
  message: text === '' && error instanceof Error ? scrubbed(error.message, secrets).slice(0, 500) : text.slice(0, 500),
  code: codeOf(error),
  status: answer.status,
})

/** @param word The reason of the service, or Node's code. */
const traceOf = (word: string | undefined, answer: RawAnswer): readonly (string | undefined)[] => {
  const id = answer.headers['x-guploader-uploadid']
  return [
    word === undefined ? undefined : escapeKey(word.slice(0, 100)),
    answer.status === undefined ? undefined : `HTTP ${answer.status}`,
    id === undefined ? undefined : `request ${escapeKey(id.slice(0, 200))}`,
  ]
}
