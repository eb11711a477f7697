import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { type S3Server, type S3ServerOptions, startS3Server } from '@backproof/test-servers'
import { onTestFinished } from 'vitest'

/** A server that closes when the test ends. */
export const startServer = async (options?: S3ServerOptions): Promise<S3Server> => {
  const server = await startS3Server(options)
  onTestFinished(() => server.close())
  return server
}

/** An SDK client of `server` without retries, which is destroyed when the test ends. */
export const clientOf = (server: S3Server, options: Partial<S3ClientConfig> = {}): S3Client => {
  const client = new S3Client({
    endpoint: server.url,
    region: server.region,
    credentials: server.credentials,
    forcePathStyle: true,
    maxAttempts: 1,
    ...options,
  })
  onTestFinished(() => client.destroy())
  return client
}

/** The name, status and message of the error that `promise` rejects with. */
export const failureOf = async (
  promise: Promise<unknown>,
): Promise<{ name: string; status: number | undefined; message: string; headers?: Record<string, string> }> => {
  try {
    await promise
  } catch (error) {
    const given = error as Error & {
      $metadata?: { httpStatusCode?: number }
      $response?: { headers?: Record<string, string> }
    }
    return {
      name: given.name,
      status: given.$metadata?.httpStatusCode,
      message: given.message,
      headers: given.$response?.headers ?? {},
    }
  }
  throw new Error('It did not fail.')
}

/** All bytes of a body. */
export const bytesOf = async (body: { transformToByteArray(): Promise<Uint8Array> } | undefined): Promise<Buffer> =>
  Buffer.from(await body!.transformToByteArray())

/** Bytes that do not repeat, the same in every run. */
export const pattern = (length: number, seed = 1): Buffer => {
  const bytes = Buffer.alloc(length)
  let value = seed
  for (let i = 0; i < length; i++) {
    value = (Math.imul(value, 1664525) + 1013904223) >>> 0
    bytes[i] = value >>> 24
  }
  return bytes
}
