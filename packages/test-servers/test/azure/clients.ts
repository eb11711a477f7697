import {
  AnonymousCredential,
  BlobServiceClient,
  type StoragePipelineOptions,
  StorageSharedKeyCredential,
} from '@azure/storage-blob'
import { type AzureServer, type AzureServerOptions, startAzureServer } from '@backproof/test-servers'
import { onTestFinished } from 'vitest'

const ONCE: StoragePipelineOptions = { retryOptions: { maxTries: 1 } }

/** A server that closes when the test ends. */
export const startServer = async (options?: AzureServerOptions): Promise<AzureServer> => {
  const server = await startAzureServer(options)
  onTestFinished(() => server.close())
  return server
}

/** A client with the account's key, without retries. */
export const keyClient = ({ url, account, key }: { url: string; account: string; key: string }): BlobServiceClient =>
  new BlobServiceClient(url, new StorageSharedKeyCredential(account, key), ONCE)

/** A client with what stands in the query, which may be nothing. */
export const sasClient = (url: string, sas: string): BlobServiceClient =>
  new BlobServiceClient(sas === '' ? url : `${url}?${sas}`, new AnonymousCredential(), ONCE)

/** Status and code of the error that `promise` rejects with. */
export const failureOf = async (
  promise: Promise<unknown>,
): Promise<readonly [number | undefined, string | undefined]> => {
  try {
    await promise
  } catch (error) {
    const { statusCode, code, details } = error as {
      statusCode?: number
      code?: string
      details?: { errorCode?: string }
    }
    return [statusCode, code ?? details?.errorCode]
  }
  throw new Error('It did not fail.')
}
