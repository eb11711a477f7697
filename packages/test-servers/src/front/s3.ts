import { withHeaders } from '../http/reply.js'
import type { FailureDetails } from '../s3/failure.js'
import { requestOf } from '../s3/request.js'
import { route } from '../s3/routes.js'
import { EXPIRED, errorReply, isListing, makeIds } from '../s3/serve.js'
import type { FrontPlatform } from './platform.js'

/** Amazon S3, path-style. */
export const s3Platform = (): FrontPlatform => ({
  classify: (parts) => {
    const request = requestOf(parts)
    const { operation } = route(request)
    return { operation, bucket: request.bucket, key: request.key, listing: isListing(operation) }
  },
  injected: ({ status, code, message = 'Injected by the test.', headers }, { rawPath }) =>
    document({ status, code, message, headers }, rawPath),
  expired: ({ rawPath }) => document(EXPIRED, rawPath),
})

const document = (details: FailureDetails, resource: string): ReturnType<typeof errorReply> => {
  const ids = makeIds()
  const headers = { 'x-amz-request-id': ids.RequestId, 'content-type': 'application/xml' }
  return withHeaders(errorReply(details, resource, ids), headers)
}
