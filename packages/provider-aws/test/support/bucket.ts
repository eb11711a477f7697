import type { BackupSource, ListOptions, ObjectEntry } from '@backproof/core/source'
import { type S3SourceOptions, s3Source } from '@backproof/provider-aws'
import type { S3Server } from '@backproof/test-servers'

let count = 0

/** A name that no other bucket of this process has. */
export const freshName = (): string => {
  count += 1
  return `bucket-${count}`
}

/** Opens a bucket of a server as Amazon's. */
export const openBucket = (server: S3Server, bucket: string, options: Partial<S3SourceOptions> = {}): BackupSource => {
  const { url: endpoint, region, credentials } = server
  return s3Source({ bucket, endpoint, region, credentials, profile: 'aws', ...options })
}

/** Opens one, does something with it, and closes it. */
export const withBucket = async <T>(
  server: S3Server,
  bucket: string,
  options: Partial<S3SourceOptions>,
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
