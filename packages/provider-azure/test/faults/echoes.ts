import { type Front, type FrontRequest, startFront } from '@backproof/test-servers'
import { BUCKET, KEYS, type Vault } from '@backproof/test-servers/suites'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withPlainTls } from '../support/plain-tls.js'
import type { AzureOptions, AzurePlatform } from './support/azure-platform.js'

/** How a service or proxy may give back what it was sent. */
const WRITINGS: readonly (readonly [string, (request: FrontRequest) => string])[] = [
  ['lines', ({ headers }) => [...headers].map(([name, value]) => `${name}: ${value}`).join(' ')],
  ['JSON', ({ headers }) => JSON.stringify(Object.fromEntries(headers))],
  ['a URL', ({ query }) => `https://backproof.blob.core.windows.net/vault/k?${new URLSearchParams([...query])}`],
  ['a query alone', ({ query }) => new URLSearchParams([...query]).toString()],
]

/** Services that tell what they were sent beyond the signatures in headers. */
export const echoedSecrets = (vault: () => Vault<AzureOptions>, azure: AzurePlatform): void => {
  withPlainTls()
  const customerKey = Buffer.alloc(32, 'sealed with this')
  let front: Front | undefined
  beforeAll(async () => {
    front = await startFront({ target: azure.serverUrl, platform: azure.front })
    vault().keepSecret('the customer key that is echoed', customerKey)
    vault().fault()
  })
  afterAll(() => front?.close())

  const credentials: readonly (readonly [string, () => { own: AzureOptions; secret: string }])[] = [
    [
      'a signature',
      () => {
        const sas = azure.azurite.sas({ container: BUCKET })
        return { own: { credential: { sas } }, secret: new URLSearchParams(sas).get('sig')! }
      },
    ],
    [
      'a token',
      () => {
        const { token } = azure.server.addUser({ roles: ['Storage Blob Data Reader'] })
        const getToken = async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 })
        return { own: { credential: { getToken } }, secret: token }
      },
    ],
    ['a customer key', () => ({ own: { customerKey }, secret: customerKey.toString('base64') })],
  ]
  for (const [name, make] of credentials) {
    for (const [form, write] of WRITINGS) {
      test(`403 with ${name} as ${form}: quoted without it`, async () => {
        const { own, secret } = make()
        vault().keepSecret(`${name} that is echoed`, secret)
        let echoed = false
        front!.setIntercept((request) => {
          const text = write(request)
          echoed ||= text.includes(secret) || text.includes(encodeURIComponent(secret))
          return azure.errorReply(403, 'AuthorizationPermissionMismatch', `For ${text}`)
        })
        const url = front!.url.replace('http:', 'https:')
        await using source = vault().open({ url, own })
        const error: unknown = await source.read({ key: KEYS.plain, sealed: 'yes' }).then(
          () => undefined,
          (thrown: unknown) => thrown,
        )
        vault().outputs.add(`echo of ${name}`, error)
        expect(error).toMatchObject({ code: 'access-denied' })
        expect((error as Error).message).toContain('For ')
        // Signatures are in the query, tokens and keys in headers.
        expect(echoed).toBe((name === 'a signature') === /URL|query/.test(form))
        expect(vault().leaks()).toEqual([])
      })
    }
  }
}
