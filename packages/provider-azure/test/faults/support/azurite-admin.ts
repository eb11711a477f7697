import { Agent } from 'node:http'
import { BlobServiceClient, newPipeline, StorageSharedKeyCredential } from '@azure/storage-blob'
import type { Azurite } from '@backproof/test-servers'

/**
 * A client that writes to azurite and keeps no connection: the matrix counts those of this process, and none may stay.
 */
export const azuriteAdmin = ({ url, account, key }: Azurite): BlobServiceClient => {
  const pipeline = newPipeline(new StorageSharedKeyCredential(account, key), { retryOptions: { maxTries: 1 } })
  const agent = new Agent({ keepAlive: false })
  pipeline.factories.push({
    create: (next) => ({
      sendRequest: (request) => {
        request.agent = agent
        return next.sendRequest(request)
      },
    }),
  })
  return new BlobServiceClient(url, pipeline)
}
