import { requestOf } from '../gcs/request.js'
import { aboutRequest, errorReply, expiredReply } from '../gcs/serve.js'
import type { FrontPlatform } from './platform.js'

/** Google Cloud Storage, its JSON API. */
export const gcsPlatform = (): FrontPlatform => ({
  classify: (parts) => aboutRequest(requestOf(parts)),
  injected: ({ status, code, message = 'Injected by the test.', headers }) =>
    errorReply({ status, reason: code, message, headers }),
  expired: expiredReply,
})
