import { rotSuite } from '@backproof/test-servers/suites'
import { gcsStore } from './gcs-store.js'
import { KINDS } from './kinds.js'
import { openPlace } from './place.js'

const place = await openPlace()

rotSuite({
  ...gcsStore(place),
  unseen: 'match stored one-sided-read md5',
  kinds: KINDS.filter(({ bytes, verify }) => bytes.length > 0 && !/^(?:error|mismatch)/.test(verify)).map(
    ({ name, bytes, put, bucket, source, verify }) => ({
      name,
      bytes,
      rotten: async () => {
        const made = await place.bucket({ k: [bytes, put] }, bucket)
        place.server.admin.corrupt(made, 'k', bytes.length - 1)
        return place.source(made, source)
      },
      verified: verify.startsWith('match') ? 'mismatch' : 'unverifiable',
    }),
  ),
})
