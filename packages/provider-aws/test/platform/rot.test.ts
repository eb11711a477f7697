import { rotSuite } from '@backproof/test-servers/suites'
import { SINGLE_PART } from './kinds.js'
import { IN_PARTS } from './kinds-in-parts.js'
import { openPlace } from './place.js'
import { s3Store } from './s3-store.js'

const place = await openPlace()
const kinds = [...SINGLE_PART, ...IN_PARTS].filter(({ bytes }) => bytes.length > 0)

rotSuite({
  ...s3Store(place),
  unseen: 'match stored one-sided-read md5',
  kinds: kinds.map(({ name, bytes, put, bucketKind, source, verify }) => ({
    name,
    bytes,
    rotten: async () => {
      const bucket = await place.bucket({ k: [bytes, put] }, { kind: bucketKind })
      place.server.admin.corrupt(bucket, 'k', bytes.length - 1)
      return place.source(bucket, source)
    },
    verified: verify.startsWith('match') ? 'mismatch' : 'unverifiable',
  })),
})
