import { localDirectory } from '@backproof/provider-local'
import type { StoreHarness } from '@backproof/test-servers/suites'
import { OF_CONTAINER, READ_ONLY } from './outcome.js'
import type { AzuritePlace, ServerPlace } from './place.js'

type Parts = Pick<StoreHarness, 'name' | 'rot'>

/** A server as the suites about contents drive it; the place closes it. */
const storeOf = (place: AzuritePlace | ServerPlace, parts: Parts): StoreHarness => ({
  ...parts,
  requests: place.requests,
  readOnly: READ_ONLY,
  bySdk: [],
  ofBucket: OF_CONTAINER,
  operations: { list: 'ListBlobs', read: 'GetBlob' },
  proves: 'claimed',
  bucket: (objects, kind) => {
    // Without a Content-MD5 nothing tells of the bytes.
    const put = kind === 'opaque' ? ({ contentMd5: 'absent' } as const) : {}
    return place.container(Object.fromEntries([...objects].map(([key, bytes]) => [key, [bytes, put]])))
  },
  source: (container, { prefix }) => place.source(container, { prefix }),
  directory: (path) => localDirectory({ path }),
  close: () => Promise.resolve(),
})

export const serverStore = (place: ServerPlace): StoreHarness =>
  storeOf(place, { name: 'Azure', rot: (container, key, offset) => place.server.admin.corrupt(container, key, offset) })

export const azuriteStore = (place: AzuritePlace): StoreHarness =>
  storeOf(place, { name: 'azurite', rot: (container, key, offset) => place.azurite.rot(container, key, offset) })
