import type { BackupSource, ListOptions, ObjectEntry } from '@backproof/core/source'
import { type GcsSourceOptions, gcsSource } from '@backproof/provider-gcp'
import type { GcsServer, GcsUser } from '@backproof/test-servers'

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

/** All entries of a listing. */
export const listAll = async (source: BackupSource, options?: ListOptions): Promise<readonly ObjectEntry[]> => {
  const entries: ObjectEntry[] = []
  for await (const page of source.list(options)) entries.push(...page)
  return entries
}

/** The entry of one key. */
export const entryOf = async (source: BackupSource, key: string): Promise<ObjectEntry> => {
  const entry = (await listAll(source)).find((one) => one.key === key)
  if (entry === undefined) throw new Error(`${key} is not listed.`)
  return entry
}

/** The bytes of one object. */
export const readAll = async (
  source: BackupSource,
  entry: ObjectEntry,
  options?: Parameters<BackupSource['read']>[1],
): Promise<Buffer> => {
  const { body } = await source.read(entry.ref, options)
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk.slice())
  return Buffer.concat(chunks)
}

/** What a promise is rejected with. */
export const failureOf = async (
  promise: Promise<unknown>,
): Promise<{ code: string; message: string; retryable: boolean }> => {
  const error: unknown = await promise.then(
    () => {
      throw new Error('It did not fail.')
    },
    (reason: unknown) => reason,
  )
  return error as { code: string; message: string; retryable: boolean }
}
