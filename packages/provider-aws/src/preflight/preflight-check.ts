import { type BackupError, isBackupError } from '@backproof/core/errors'
import type { CallOptions, PreflightCheck } from '@backproof/core/source'
import type { Connection } from '../client/connection.js'
import { readOnlyPolicy, type S3Feature } from '../policy.js'

/** What a try gave. */
export type Tried<T> = { readonly value: T } | { readonly error: BackupError }

export const tryTo = async <T>({ signal }: CallOptions, attempt: () => Promise<T>): Promise<Tried<T>> => {
  try {
    return { value: await attempt() }
  } catch (error) {
    signal?.throwIfAborted()
    if (!isBackupError(error)) throw error
    return { error }
  }
}

/** A check without its finding. */
export interface Subject {
  readonly id: string
  readonly title: string
  readonly permission?: string | undefined
}

/** The check of something that failed. A passing fault says nothing about the next try. */
export const failed = (
  subject: Subject,
  error: BackupError,
  fix?: string,
  status?: PreflightCheck['status'],
): PreflightCheck => ({
  ...subject,
  status: status ?? (error.retryable ? 'unknown' : 'problem'),
  detail: error.message,
  fix: fix ?? (error.retryable ? 'Try again.' : 'See what the service says, and set it right.'),
})

/** The statement to add, in JSON on one line. */
export const allowing = ({ settings }: Connection, features: readonly S3Feature[], permission: string): string => {
  const { bucket, prefix } = settings
  const { Statement } = readOnlyPolicy({ bucket, prefix, features })
  const statement = Statement.find(({ Action }) => Action.includes(permission)) ?? Statement[0]!
  return `Add to the policy: ${JSON.stringify({ ...statement, Action: [permission] })}`
}
