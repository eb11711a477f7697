import { errorReply, expiredReply } from '../azure/failure.js'
import { azureOperation } from '../azure/operation.js'
import type { FrontPlatform } from './platform.js'

/** Azure Blob Storage; `accountInPath` as emulators have it, which is the default. */
export const azurePlatform = (accountInPath = true): FrontPlatform => ({
  classify: (request) => {
    const { operation, container, blob } = azureOperation(request, accountInPath)
    return { operation, bucket: container, key: blob, listing: operation === 'ListBlobs' }
  },
  injected: ({ status, code, message = 'Injected by the test.', headers }) =>
    errorReply({ status, code, message, headers }, Date.now()),
  expired: ({ query }) => expiredReply(query.has('sig'), Date.now()),
})
