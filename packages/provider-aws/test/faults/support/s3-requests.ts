import type { Fault } from '@backproof/test-servers'
import { KEYS, type Refusal, type Target } from '@backproof/test-servers/suites'

// The requests that S3 is asked, and how it refuses them.

export const KMS = 'b/kms'
export const PARTS = 'c/parts'

/** What is encrypted under KMS has an ETag that proves nothing. */
export const ASKED = { operation: 'HeadObject', key: KMS, answer: 'head' } as const

const ofRun = { key: '', engine: 'compare', read: false, ends: 'run' } as const
const ofObject = { engine: 'compare', read: false, ends: 'object' } as const

export const TARGETS: readonly Target[] = [
  { name: 'HeadBucket', operation: 'HeadBucket', ...ofRun, answer: 'head', unsized: true },
  { name: 'GetBucketVersioning', operation: 'GetBucketVersioning', ...ofRun, answer: 'document' },
  { name: 'ListObjectsV2', operation: 'ListObjectsV2', ...ofRun, ends: 'listing', answer: 'document' },
  { name: 'HeadObject under KMS', ...ofObject, ...ASKED },
  { name: 'HeadObject of parts', operation: 'HeadObject', ...ofObject, key: PARTS, answer: 'head' },
  { name: 'GetObjectAttributes', operation: 'GetObjectAttributes', ...ofObject, key: PARTS, answer: 'document' },
  { name: 'GetObject', operation: 'GetObject', ...ofObject, key: KEYS.plain, read: true, answer: 'body' },
  {
    name: 'GetObject of a fixity check',
    operation: 'GetObject',
    ...ofObject,
    engine: 'verify',
    key: KEYS.plain,
    answer: 'body',
  },
]

const answer = (status: number, code: string, message?: string): Fault => ({ status, code, message })

const ofKms = { operation: 'HeadObject', key: KMS } as const
const ofParts = { operation: 'GetObjectAttributes', key: PARTS } as const
const ofPlain = { operation: 'GetObject', key: KEYS.plain } as const
const proven = { outcome: 'match', exit: 0 } as const

/** Refusals that stay: told once, with another way where there is one. */
export const REFUSALS: readonly Refusal[] = [
  {
    name: 'HeadBucket denied, which a listing makes up for',
    operation: 'HeadBucket',
    key: '',
    fault: answer(403, 'AccessDenied'),
    ...proven,
  },
  {
    name: 'HeadBucket refused with 400',
    operation: 'HeadBucket',
    key: '',
    fault: answer(400, 'BadRequest'),
    ...proven,
  },
  ...[answer(403, 'AccessDenied'), answer(501, 'NotImplemented'), answer(404, 'NoSuchBucket')].map((fault) => ({
    name: `versioning state refused (${JSON.stringify(fault)})`,
    operation: 'GetBucketVersioning',
    key: '',
    fault,
    ...proven,
  })),
  {
    ...ofKms,
    name: 'HeadObject denied',
    fault: answer(403, 'AccessDenied'),
    outcome: 'error: access-denied',
    exit: 3,
    words: /look at s3:\/\/vault\/b\/kms: access was denied; s3:GetObject is missing\..*kms:Decrypt may be missing/,
  },
  {
    ...ofKms,
    name: 'HeadObject of what is gone',
    fault: answer(404, 'NoSuchKey'),
    outcome: 'unreadable: not-found',
    exit: 1,
    words: /no such object \(any more\)/,
  },
  {
    ...ofKms,
    name: 'HeadObject refused with 400, which has no reason in it',
    fault: answer(400, 'ExpiredToken'),
    outcome: 'error: invalid-config',
    exit: 3,
    words: /the service refuses the request\..*expired credentials are refused in this way too/,
  },
  {
    ...ofParts,
    name: 'attributes denied, which HeadObject makes up for',
    fault: answer(403, 'AccessDenied'),
    ...proven,
    requests: 2,
  },
  { ...ofParts, name: 'attributes not known to the service', fault: answer(501, 'NotImplemented'), ...proven },
  { ...ofParts, name: 'attributes of what it does not find', fault: answer(404, 'NoSuchKey'), ...proven, requests: 2 },
  {
    ...ofPlain,
    name: 'GetObject denied by name',
    fault: answer(
      403,
      'AccessDenied',
      'User: arn:aws:iam::123456789012:user/u is not authorized to perform: s3:GetObjectVersion on resource: "x" with an explicit deny',
    ),
    outcome: 'error: access-denied',
    exit: 3,
    words: /s3:GetObjectVersion is missing \("User: arn:aws:iam::123456789012:user\/u/,
  },
  {
    ...ofPlain,
    name: 'GetObject of an archived object, which the listing did not tell',
    fault: answer(403, 'InvalidObjectState'),
    outcome: 'unverifiable: archived',
    exit: 3,
    words: /is archived and cannot be read\. Restore it first/,
  },
  {
    ...ofPlain,
    name: 'GetObject under a KMS key that is disabled',
    fault: answer(400, 'KMS.DisabledException', 'The key is disabled.'),
    outcome: 'error: access-denied',
    exit: 3,
    words: /the KMS key .* cannot be used \("The key is disabled\."\)\. Enable the key/,
  },
  {
    ...ofPlain,
    name: 'GetObject of another object than was listed, again and again',
    fault: answer(412, 'PreconditionFailed'),
    outcome: 'changed: changed',
    exit: 3,
    words: /another one than was listed/,
    requests: 2,
  },
  {
    ...ofPlain,
    name: 'GetObject redirected to another region',
    fault: { status: 301, code: 'PermanentRedirect', headers: { 'x-amz-bucket-region': 'eu-west-3' } },
    outcome: 'error: invalid-config',
    exit: 3,
    words: /the bucket is in eu-west-3, the request went to us-east-1\. Set region: 'eu-west-3'/,
  },
  {
    ...ofPlain,
    name: 'GetObject with a code and a status that nobody knows',
    fault: answer(418, 'Teapot', 'short and stout'),
    outcome: 'error: internal',
    exit: 3,
    words: /The service says "short and stout".*Teapot, HTTP 418, request/,
  },
]
