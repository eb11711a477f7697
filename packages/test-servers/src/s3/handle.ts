import type { Reply } from '../http/reply.js'
import type { Call, ServerState } from './call.js'
import { decodeBody } from './chunked.js'
import { failure } from './failure.js'
import { ACCOUNT } from './policy.js'
import { type S3Request, wholeNumber } from './request.js'
import { type Routed, SERVICE_OPERATIONS } from './routes.js'
import { verifySignature } from './sigv4.js'
import type { Bucket } from './store.js'

/** Does what a request asks: signature, body, bucket, region, payer, then the operation with its own permissions. */
export const handle = async (
  state: ServerState,
  request: S3Request,
  { operation, run }: Routed,
  raw: Buffer,
): Promise<Reply> => {
  const signature = verifySignature(request, {
    now: state.now(),
    findUser: (accessKeyId) => state.users.get(accessKeyId),
  })
  const decodedLength = wholeNumber(request.headers.get('x-amz-decoded-content-length'), 'x-amz-decoded-content-length')
  const body = decodeBody(raw, signature, decodedLength)
  const call: Call = { state, request, user: signature.user, region: signature.region, body }
  const serviceOperation = SERVICE_OPERATIONS.get(operation)
  if (serviceOperation !== undefined) return serviceOperation(call)
  if (run === undefined) throw failure('NotImplemented')
  const bucket = state.buckets.get(request.bucket)
  if (bucket === undefined) throw failure('NoSuchBucket', undefined, { fields: { BucketName: request.bucket } })
  if (operation !== 'GetBucketLocation') checkRegion(call, bucket)
  const owner = request.headers.get('x-amz-expected-bucket-owner')
  if (owner !== undefined && owner !== ACCOUNT) throw failure('AccessDenied')
  const paid = request.headers.get('x-amz-request-payer') ?? request.query.get('x-amz-request-payer')
  if (bucket.requesterPays && paid !== 'requester') throw failure('AccessDenied')
  const reply = await run({ ...call, bucket })
  if (!bucket.requesterPays) return reply
  return { ...reply, headers: { ...reply.headers, 'x-amz-request-charged': 'requester' } }
}

/** One server stands for the endpoints of all regions: the one that a request is signed for is the one it came to. */
const checkRegion = (call: Call, bucket: Bucket): void => {
  if (call.region === bucket.region) return
  throw failure('PermanentRedirect', undefined, {
    fields: { Endpoint: `${bucket.name}.s3.${bucket.region}.amazonaws.com`, Bucket: bucket.name },
    headers: { 'x-amz-bucket-region': bucket.region },
  })
}
