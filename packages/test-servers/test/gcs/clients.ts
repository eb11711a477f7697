import { type GcsServer, type GcsUser, startGcsServer } from '@backproof/test-servers'
import { Storage, type StorageOptions } from '@google-cloud/storage'
import { onTestFinished } from 'vitest'

/** A server with an empty bucket `bucket`, which closes when the test ends. */
export const startServer = async (): Promise<GcsServer> => {
  const server = await startGcsServer()
  onTestFinished(() => server.close())
  server.admin.createBucket({ name: 'bucket' })
  return server
}

/** The official SDK without retries, as `user`, by default the owner. */
export const storageOf = (server: GcsServer, options: StorageOptions = {}, user: GcsUser = server.owner): Storage =>
  new Storage({
    apiEndpoint: server.url,
    projectId: server.projectId,
    useAuthWithCustomEndpoint: true,
    credentials: user.credentials as NonNullable<StorageOptions['credentials']>,
    retryOptions: { autoRetry: false },
    ...options,
  })

/** A request as the owner, or as `user`; `undefined`: as nobody. */
export const send = (
  server: GcsServer,
  path: string,
  init: RequestInit & { readonly user?: GcsUser | undefined } = {},
): Promise<Response> => {
  const { user, ...rest } = { user: server.owner, ...init }
  const headers = new Headers(rest.headers)
  if (user !== undefined) headers.set('authorization', `Bearer ${user.token}`)
  return fetch(server.url + path, { redirect: 'manual', ...rest, headers })
}

export interface ErrorDocument {
  readonly error: {
    readonly code: number
    readonly message: string
    readonly errors: readonly Record<string, string>[]
  }
}

export const O = '/storage/v1/b/bucket/o'

/** The status and the JSON of an answer. */
export const json = async <T = Record<string, unknown>>(
  answer: Promise<Response>,
): Promise<{ status: number; body: T }> => {
  const response = await answer
  const text = await response.text()
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as T }
}

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
