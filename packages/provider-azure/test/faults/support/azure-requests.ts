import type { Fault, FrontPlatform } from '@backproof/test-servers'
import { azurePlatform } from '@backproof/test-servers'
import { KEYS, type Refusal, type Target } from '@backproof/test-servers/suites'

// The requests that Blob Storage is asked, and how it refuses them.

export const ASKED_KEY = 'b/asked'
export const APPENDED = 'c/append'

/** Listings keep quiet about the digest of this one (see `openAzurePlatform`), so that it is asked about by itself. */
export const ASKED = { operation: 'GetBlobProperties', key: ASKED_KEY, answer: 'head' } as const

/** The listing of some blobs with which every run begins: it tells whether the container is there, and what it is like. */
export const FIRST = 'FirstBlobs'

const azure = azurePlatform()

/** Azure, where listings of some blobs have a name of their own: what fails there ends a run before its listing. */
export const FRONT: FrontPlatform = {
  ...azure,
  classify: (request) => {
    const about = azure.classify(request)
    const isFirst = about.operation === 'ListBlobs' && request.query.has('maxresults')
    return isFirst ? { ...about, operation: FIRST } : about
  },
}

const ofRun = { key: '', engine: 'compare', read: false, ends: 'run' } as const
const ofObject = { engine: 'compare', read: false, ends: 'object' } as const

export const TARGETS: readonly Target[] = [
  { name: 'ListBlobs of some', operation: FIRST, ...ofRun, answer: 'document' },
  { name: 'GetAccountInfo', operation: 'GetAccountInfo', ...ofRun, answer: 'head', unsized: true },
  { name: 'ListBlobs', operation: 'ListBlobs', ...ofRun, ends: 'listing', answer: 'document' },
  { name: 'GetBlobProperties', ...ofObject, ...ASKED },
  { name: 'GetBlob', operation: 'GetBlob', ...ofObject, key: KEYS.plain, read: true, answer: 'body' },
  {
    name: 'GetBlob of a fixity check',
    operation: 'GetBlob',
    ...ofObject,
    engine: 'verify',
    key: KEYS.plain,
    answer: 'body',
  },
]

const answer = (status: number, code: string, message?: string): Fault => ({ status, code, message })

const proven = { outcome: 'match', exit: 0 } as const
const denied = { outcome: 'error: access-denied', exit: 3 } as const
const ofAsked = { operation: 'GetBlobProperties', key: ASKED_KEY } as const
const ofPlain = { operation: 'GetBlob', key: KEYS.plain } as const

/** Refusals that stay: told once, with another way where there is one. */
export const REFUSALS: readonly Refusal[] = [
  ...[
    answer(403, 'AuthorizationPermissionMismatch'),
    answer(403, 'AuthorizationFailure'),
    answer(400, 'InvalidQueryParameterValue'),
    answer(404, 'ResourceNotFound'),
    answer(405, 'UnsupportedHttpVerb'),
    answer(501, 'NotImplemented'),
  ].map((fault) => ({
    name: `kind of the account refused (${JSON.stringify(fault)}), which the order of listings does not need`,
    operation: 'GetAccountInfo',
    key: '',
    fault,
    ...proven,
  })),
  {
    ...ofAsked,
    name: 'GetBlobProperties denied, which only a header tells',
    fault: answer(403, 'AuthorizationPermissionMismatch'),
    ...denied,
    words:
      /look at azblob:\/\/backproof\/vault\/b\/asked: access was denied; .*blobs\/read is missing.*Storage Blob Data Reader.*\(AuthorizationPermissionMismatch, HTTP 403, request/,
  },
  {
    ...ofAsked,
    name: 'GetBlobProperties of what is gone',
    fault: answer(404, 'BlobNotFound'),
    outcome: 'unreadable: not-found',
    exit: 1,
    words: /no such blob \(any more\)\. \(BlobNotFound, HTTP 404/,
  },
  {
    ...ofAsked,
    name: 'GetBlobProperties without the key of the owner, which only a header tells',
    fault: answer(409, 'BlobUsesCustomerSpecifiedEncryption'),
    ...denied,
    words: /encrypted with a key of its owner\. Give that key as customerKey.*BlobUsesCustomerSpecifiedEncryption/,
  },
  {
    ...ofPlain,
    name: 'GetBlob denied by name',
    fault: answer(403, 'AuthorizationPermissionMismatch'),
    ...denied,
    words: /blobs\/read is missing.*Assign the role "Storage Blob Data Reader"/,
  },
  {
    ...ofPlain,
    name: 'GetBlob refused by the firewall',
    fault: answer(403, 'AuthorizationFailure'),
    ...denied,
    words: /the firewall of the account does not let this machine in.*Check the networking/,
  },
  {
    ...ofPlain,
    name: 'GetBlob where keys are not taken',
    fault: answer(403, 'KeyBasedAuthenticationNotPermitted'),
    ...denied,
    words: /the account does not take its keys.*TokenCredential/,
  },
  {
    ...ofPlain,
    name: 'GetBlob of an archived blob, which the listing did not tell',
    fault: answer(409, 'BlobArchived'),
    outcome: 'unverifiable: archived',
    exit: 3,
    words: /in the archive tier and cannot be read\. Rehydrate it first/,
  },
  {
    ...ofPlain,
    name: 'GetBlob of a blob on its way out of the archive',
    fault: answer(409, 'BlobBeingRehydrated'),
    outcome: 'unverifiable: archived',
    exit: 3,
    words: /on its way out of the archive tier.*Wait until it has arrived/,
  },
  {
    ...ofPlain,
    name: 'GetBlob of a container that is being deleted',
    fault: answer(409, 'ContainerBeingDeleted'),
    outcome: 'unreadable: not-found',
    exit: 1,
    words: /the container is being deleted\. \(ContainerBeingDeleted, HTTP 409/,
  },
  {
    ...ofPlain,
    name: 'GetBlob of an account that is disabled',
    fault: answer(403, 'AccountIsDisabled'),
    outcome: 'error: unavailable',
    exit: 3,
    words: /the account is disabled\. See the state of the account/,
  },
  {
    ...ofPlain,
    name: 'GetBlob of another blob than was listed, again and again',
    fault: answer(412, 'ConditionNotMet'),
    outcome: 'changed: changed',
    exit: 3,
    words: /another one than was listed/,
    requests: 2,
  },
  {
    ...ofPlain,
    name: 'GetBlob that the service gives up, again and again',
    fault: answer(500, 'OperationTimedOut'),
    outcome: 'error: timeout',
    exit: 3,
    words: /the service did not answer in time\. \(OperationTimedOut, HTTP 500/,
    requests: 3,
  },
  {
    ...ofPlain,
    name: 'GetBlob with a code and a status that nobody knows',
    fault: answer(418, 'Teapot', 'short and stout'),
    outcome: 'error: internal',
    exit: 3,
    words: /The service says "short and stout".*Teapot, HTTP 418, request/,
  },
]
