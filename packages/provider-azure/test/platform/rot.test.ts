import { type RotKind, rotSuite } from '@backproof/test-servers/suites'
import { describe } from 'vitest'
import { azuriteStore, serverStore } from './azure-store.js'
import { type Kind, ON_AZURITE, ON_SERVER } from './kinds.js'
import { openAzurite, openServer, type Place } from './place.js'

const azurite = await openAzurite()
const server = await openServer()

const kindsOf = <PutOptions>(
  place: Place<PutOptions>,
  kinds: readonly Kind<PutOptions>[],
  rot: (container: string, key: string, offset: number) => void | Promise<void>,
): readonly RotKind[] =>
  kinds
    // What cannot be read is never proven, rotten or not; a claim that is wrong differs without rot.
    .filter(
      ({ bytes, source, verify, name }) => bytes.length > 0 && source === undefined && isRead(verify.claimed, name),
    )
    .map(({ name, bytes, put, verify }) => ({
      name,
      bytes,
      rotten: async () => {
        const container = await place.container({ k: [bytes, put] })
        await rot(container, 'k', bytes.length - 1)
        return place.source(container)
      },
      verified: verify.claimed.startsWith('match') ? 'mismatch' : 'unverifiable',
    }))

const isRead = (verified: string, name: string): boolean =>
  / GetBlob \d/.test(verified) && !/wrong|without the key/.test(name)

const unseen = 'match claimed one-sided-read md5'

describe('on azurite, in the files of its folder', () => {
  const store = azuriteStore(azurite)
  rotSuite({ ...store, unseen, kinds: kindsOf(azurite, ON_AZURITE, store.rot) })
})

describe('on the test server', () => {
  const store = serverStore(server)
  rotSuite({ ...store, unseen, kinds: kindsOf(server, ON_SERVER, store.rot) })
})
