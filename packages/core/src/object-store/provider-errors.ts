import { BackupError, type ErrorCode } from '../errors.js'

/** An error that no failed request stands behind. `retryable` is as the code says by default. */
export type ProviderError = (
  code: ErrorCode,
  operation: string,
  subject: string,
  message: string,
  retryable?: boolean,
) => BackupError

/** Makes errors of one provider. @param provider Its short name. */
export const providerErrors =
  (provider: string): ProviderError =>
  (code, operation, subject, message, retryable) =>
    new BackupError({ code, message, provider, operation, subject, retryable })

/** What the caller gave cannot work. `message` says what was wrong and what to change. */
export type InvalidConfig = (message: string, subject?: string) => BackupError

/** Makes `invalid-config` errors of one provider. @param provider Its short name. */
export const invalidConfigErrors =
  (provider: string): InvalidConfig =>
  (message, subject) =>
    new BackupError({ code: 'invalid-config', message, provider, subject })
