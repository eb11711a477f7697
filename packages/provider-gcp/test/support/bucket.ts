import type { BackupSource } from '@backproof/core/source'
import { type GcsSourceOptions, gcsSource } from '@backproof/provider-gcp'
import type { GcsServer, GcsUser } from '@backproof/test-servers'

export { entryOf, failureOf, listAll, readAll } from '@backproof/test-servers/suites'

let count = 0

/** A name that no other bucket of this process has. */
export const freshName = (): string => {
  count += 1
  return `bucket-${count}`
}

/** The credentials of a user, as the options take them. */
export const credentialsOf = ({ credentials }: GcsUser): { readonly credentials: GcsSourceOptions['credentials'] } => ({
  credentials: credentials as GcsSourceOptions['credentials'],
})

/** Opens a bucket of a server, as its owner where nobody else is named. */
export const openBucket = (
  server: GcsServer,
  bucket: string,
  options: Partial<GcsSourceOptions> = {},
): BackupSource => {
  const someone =
    options.anonymous === true || (options.authClient ?? options.credentials ?? options.client) !== undefined
  return gcsSource({
    bucket,
    ...(options.client === undefined && { endpoint: server.url }),
    ...(!someone && credentialsOf(server.owner)),
    ...options,
  })
}

/** Opens one, does something with it, and closes it. */
export const withBucket = async <T>(
  server: GcsServer,
  bucket: string,
  options: Partial<GcsSourceOptions>,
  use: (source: BackupSource) => Promise<T>,
): Promise<T> => {
  const source = openBucket(server, bucket, options)
  try {
    return await use(source)
  } finally {
    await source[Symbol.asyncDispose]?.()
  }
}
