import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Front, type FrontRequest, startFront } from '../../front/index.js'
import type { FaultPlatform } from './platform.js'
import { BUCKET, KEYS, type Vault } from './vault.js'

/** How a service or proxy may give back what it was sent. */
export const writingsOf = ({
  secrets,
}: FaultPlatform): readonly (readonly [string, (request: FrontRequest) => string])[] => [
  ['lines', ({ headers }) => [...headers].map(([name, value]) => `${name}: ${value}`).join('\n')],
  ['JSON', ({ headers }) => JSON.stringify(Object.fromEntries(headers))],
  ['a signed URL', (request) => `https://vault.example/${BUCKET}/${request.key}?${secrets.signedQuery(request)}`],
  ['a query alone', (request) => secrets.signedQuery(request)],
]

/** Services that tell what they were sent: their words are quoted, the secrets in them are not. */
export const echoedSecrets = (vault: () => Vault, platform: FaultPlatform): void => {
  let front: Front | undefined
  beforeAll(async () => {
    front = await startFront({ target: platform.url, platform: platform.front })
    vault().fault()
  })
  afterAll(() => front?.close())

  for (const [name, write] of writingsOf(platform)) {
    for (const [status, code] of [
      [400, 'InvalidRequest'],
      [403, platform.failures.denied.code],
      [418, 'Teapot'],
    ] as const) {
      test(`${status} with all that was sent as ${name}: quoted without the secrets`, async () => {
        let sent = ''
        front!.setIntercept((request, handOn) => {
          if (request.operation !== platform.operations.read || request.key !== KEYS.plain) return handOn()
          sent = write(request)
          return platform.errorReply(status, code, `No encryption for ${sent}`)
        })
        const told = await vault().compare(`echo of ${name}`, { require: 'read', at: { url: front!.url } })
        expect(told.keys[KEYS.plain]).toMatch(/^error: /)
        expect({ ...told.keys, [KEYS.plain]: 'match' }).toEqual(vault().allMatch)
        // The words of the service are told, else nothing would be proven here.
        expect(told.message).toContain('No encryption for ')
        expect(sent).toContain(platform.secrets.sent)
        expect(vault().leaks()).toEqual([])
      })
    }
  }
}
