import type { BackupError } from '@backproof/core/errors'
import { type ErrorMeaning, failedRequest, meaningOfNetworkCode } from '@backproof/core/object-store'
import { escapeKey } from '@backproof/core/source'
import { attemptOf, codeOf, PROVIDER, type RequestContext } from '../errors.js'
import type { GcsSettings } from '../options.js'

/** What an authorisation server and google-auth-library's errors have of use. */
interface CredentialsFailure {
  readonly name?: unknown
  readonly message?: unknown
  readonly status?: unknown
  readonly response?: { readonly status?: unknown; readonly data?: unknown } | undefined
  readonly config?: { readonly url?: unknown } | undefined
}

/**
 * The error of a request that was never sent, because credentials were not found, not understood or not renewed. Of what the
 * library says nothing but known words is kept: its texts hold pieces of key files.
 */
export const credentialsError = (error: unknown, context: RequestContext, settings: GcsSettings): BackupError => {
  const given = (typeof error === 'object' && error !== null ? error : {}) as CredentialsFailure
  const status = statusOf(given)
  const word = wordOf(given)
  const code = codeOf(error)
  return failedRequest({
    provider: PROVIDER,
    operation: context.operation,
    subject: context.subject,
    attempted: attemptOf(context),
    meaning: meaningOf(
      { text: typeof given.message === 'string' ? given.message : '', status, word, code, host: hostOf(given) },
      settings,
    ),
    trace: [word ?? code, status === undefined ? undefined : `HTTP ${status}`],
    retryAfter: undefined,
    cause: { name: CREDENTIALS, message: word ?? code ?? '', code, status },
  })
}

/** Name of the cause of errors about credentials. */
export const CREDENTIALS = 'CredentialsError'

interface Told {
  readonly text: string
  readonly status: number | undefined
  readonly word: string | undefined
  readonly code: string | undefined
  readonly host: string
}

const LOGIN = 'Log in (gcloud auth application-default login), or set GOOGLE_APPLICATION_CREDENTIALS'

const meaningOf = ({ text, status, word, code, host }: Told, settings: GcsSettings): ErrorMeaning => {
  const file = settings.keyFile === undefined ? 'the key file' : 'the file of keyFile'
  if (code === 'ENOENT' || /does not exist|no such file|is not a file/i.test(text)) {
    return {
      code: 'invalid-config',
      message: `${file} does not exist.`,
      fix: 'Check its path, and GOOGLE_APPLICATION_CREDENTIALS.',
    }
  }
  if (code === 'EACCES') return { code: 'invalid-config', message: `${file} may not be read.`, fix: 'Check its mode.' }
  if (/could not load the default credentials/i.test(text)) {
    const fix = `${LOGIN}, or give keyFile, credentials or authClient; for a public bucket give anonymous: true.`
    return { code: 'access-denied', message: 'no credentials were found.', fix }
  }
  if (word === 'invalid_grant') {
    const fix = `${LOGIN} to a new key; check the clock of this machine too.`
    return { code: 'access-denied', message: 'the credentials have expired, or were revoked.', fix }
  }
  const network = code === undefined ? undefined : meaningOfNetworkCode(code, host, 'the network')
  if (network !== undefined) return network
  if (status === 429 || status === 503)
    return { code: 'throttled', message: 'the server that gives tokens asks to slow down.' }
  if (status !== undefined && status >= 500) {
    return { code: 'unavailable', message: 'the server that gives tokens failed.' }
  }
  if (status !== undefined) {
    return { code: 'access-denied', message: 'the credentials were refused.', fix: `${LOGIN} to a key that is valid.` }
  }
  return {
    code: 'invalid-config',
    message: 'the credentials cannot be used: they are malformed, or of a kind that is not known.',
    fix: 'Give a key file as Google made it.',
  }
}

const statusOf = ({ status, response }: CredentialsFailure): number | undefined => {
  const found = response?.status ?? status
  return typeof found === 'number' ? found : undefined
}

/** Who was asked for a token; nothing else of its URL may be shown. */
const hostOf = ({ config }: CredentialsFailure): string => {
  const url = String(config?.url ?? '')
  const host = URL.canParse(url) ? new URL(url).hostname : ''
  return host === '' ? 'the server that gives tokens' : escapeKey(host)
}

/** `{ error: 'invalid_grant' }` (RFC 6749, 5.2). */
const wordOf = ({ response, message }: CredentialsFailure): string | undefined => {
  const { data } = response ?? {}
  const error = typeof data === 'object' && data !== null ? (data as { readonly error?: unknown }).error : undefined
  if (typeof error === 'string' && /^[a-z_]{3,40}$/.test(error)) return error
  return typeof message === 'string'
    ? /\b(invalid_[a-z]+|unauthorized_client|access_denied)\b/.exec(message)?.[1]
    : undefined
}
