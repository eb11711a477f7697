import type { BackupSource } from '@backproof/core/source'
import { type S3SourceOptions, s3Source } from '@backproof/provider-aws'
import type { S3Server } from '@backproof/test-servers'

export { entryOf, failureOf, listAll, readAll } from '@backproof/test-servers/suites'

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
