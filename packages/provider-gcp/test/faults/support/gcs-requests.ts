import type { Fault } from '@backproof/test-servers'
import { KEYS, type Refusal, type Target } from '@backproof/test-servers/suites'

// The requests that Cloud Storage is asked, and how it refuses them.

/** Under a key of its owner: the listing tells no digest of it. */
export const CSEK = 'b/csek'
/** Composed of others: it has no MD5. */
export const COMPOSITE = 'c/composite'

export const ASKED = { operation: 'objects.get', key: CSEK, answer: 'document' } as const

const ofRun = { key: '', engine: 'compare', read: false, answer: 'document' } as const
const ofObject = { engine: 'compare', read: false, ends: 'object' } as const

export const TARGETS: readonly Target[] = [
  { name: 'buckets.get', operation: 'buckets.get', ...ofRun, ends: 'run' },
  { name: 'objects.list', operation: 'objects.list', ...ofRun, ends: 'listing' },
  { name: 'objects.get under a customer key', ...ofObject, ...ASKED },
  {
    name: 'objects.getMedia',
    operation: 'objects.getMedia',
    ...ofObject,
    key: KEYS.plain,
    read: true,
    answer: 'body',
  },
  {
    name: 'objects.getMedia of a fixity check',
    operation: 'objects.getMedia',
    ...ofObject,
    engine: 'verify',
    key: KEYS.plain,
    answer: 'body',
  },
]

const answer = (status: number, code: string, message?: string): Fault => ({ status, code, message })

const ofBucket = { operation: 'buckets.get', key: '' } as const
const ofCsek = { operation: 'objects.get', key: CSEK } as const
const ofPlain = { operation: 'objects.getMedia', key: KEYS.plain } as const
const proven = { outcome: 'match', exit: 0 } as const

/** Refusals that stay: told once, with another way where there is one. */
export const REFUSALS: readonly Refusal[] = [
  {
    ...ofBucket,
    name: 'settings of the bucket denied, which its layout makes up for',
    fault: answer(403, 'forbidden', 'x does not have storage.buckets.get access to the Google Cloud Storage bucket.'),
    ...proven,
  },
  ...[answer(501, 'notImplemented'), answer(405, 'methodNotAllowed'), answer(404, 'notFound')].map((fault) => ({
    ...ofBucket,
    name: `settings of the bucket not known to the service (${JSON.stringify(fault)})`,
    fault,
    ...proven,
  })),
  {
    ...ofCsek,
    name: 'objects.get denied',
    fault: answer(403, 'forbidden'),
    outcome: 'error: access-denied',
    exit: 3,
    words:
      /look at gs:\/\/vault\/b\/csek.*storage\.objects\.get is missing.*readOnlyPolicy\(\).*forbidden, HTTP 403, request/,
  },
  {
    ...ofCsek,
    name: 'objects.get of what is gone',
    fault: answer(404, 'notFound'),
    outcome: 'unreadable: not-found',
    exit: 1,
    words: /no such object \(any more\)/,
  },
  {
    ...ofCsek,
    name: 'objects.get that the service does not know',
    fault: answer(501, 'notImplemented'),
    outcome: 'unverifiable: unsupported',
    exit: 3,
    words: /cannot do this.*notImplemented, HTTP 501, request/,
  },
  {
    ...ofPlain,
    name: 'objects.getMedia denied by name',
    fault: answer(
      403,
      'forbidden',
      'x does not have storage.managedFolders.get access to the Google Cloud Storage object.',
    ),
    outcome: 'error: access-denied',
    exit: 3,
    words: /storage\.managedFolders\.get is missing \("x does not have/,
  },
  {
    ...ofPlain,
    name: 'objects.getMedia under a Cloud KMS key that is disabled',
    fault: answer(403, 'forbidden', 'Cloud KMS key projects/p/locations/l/keyRings/r/cryptoKeys/k is disabled.'),
    outcome: 'error: access-denied',
    exit: 3,
    words:
      /the Cloud KMS key that encrypts the object cannot be used \("Cloud KMS key .* is disabled\."\)\. Enable the key/,
  },
  {
    ...ofPlain,
    name: 'objects.getMedia outside of a service perimeter',
    fault: answer(403, 'vpcServiceControls', 'Request is prohibited by organization policy.'),
    outcome: 'error: access-denied',
    exit: 3,
    words: /a policy of the organisation forbids it.*perimeter.*vpcServiceControls, HTTP 403/,
  },
  {
    ...ofPlain,
    name: 'objects.getMedia of an account that is disabled',
    fault: answer(403, 'accountDisabled', 'The account for the project has been disabled.'),
    outcome: 'error: access-denied',
    exit: 3,
    words: /its billing account is disabled/,
  },
  {
    ...ofPlain,
    name: 'objects.getMedia of another object than was listed, again and again',
    fault: answer(412, 'conditionNotMet'),
    outcome: 'changed: changed',
    exit: 3,
    words: /another one than was listed/,
    requests: 2,
  },
  {
    ...ofPlain,
    name: 'objects.getMedia of what objects.get still shows: lost bytes',
    fault: answer(404, 'notFound'),
    outcome: 'unreadable: corrupt',
    exit: 1,
    words: /The service shows d\/plain, but says that there is no such object when its bytes are asked for/,
    requests: 3,
  },
  {
    ...ofPlain,
    name: 'objects.getMedia outside of the object',
    fault: answer(416, 'requestedRangeNotSatisfiable'),
    outcome: 'error: invalid-config',
    exit: 3,
    words: /range does not lie within the object.*HTTP 416/,
  },
  {
    ...ofPlain,
    name: 'objects.getMedia redirected',
    fault: { status: 307, code: 'temporaryRedirect', headers: { location: 'http://login.invalid/?ticket=secret' } },
    outcome: 'error: invalid-config',
    exit: 3,
    words: /sends elsewhere, which is not followed with credentials/,
  },
  {
    ...ofPlain,
    name: 'objects.getMedia with a reason and a status that nobody knows',
    fault: answer(418, 'teapot', 'short and stout'),
    outcome: 'error: internal',
    exit: 3,
    words: /"short and stout".*teapot, HTTP 418, request/,
  },
]
