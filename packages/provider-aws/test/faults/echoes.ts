import type { IncomingHttpHeaders } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Front, startFront } from './support/front.js'
import { KEYS, type Vault } from './support/vault.js'

const allMatch = Object.fromEntries(Object.values(KEYS).map((key) => [key, 'match']))

/** How a service or proxy may give back what it was sent. */
const WRITINGS: readonly (readonly [string, (headers: IncomingHttpHeaders, url: URL) => string])[] = [
  [
    'lines',
    (headers) =>
      Object.entries(headers)
        .map(([name, value]) => `${name}: ${String(value)}`)
        .join('\n'),
  ],
  ['JSON', (headers) => JSON.stringify(headers)],
  ['a signed URL', (headers, url) => `https://vault.example${url.pathname}?${signedQuery(headers)}`],
  ['a query alone', (headers) => signedQuery(headers)],
]

const signedQuery = (headers: IncomingHttpHeaders): string => {
  const [, credential = '', signature = ''] =
    /Credential=([^,]+),.*Signature=(\w+)/.exec(headers.authorization ?? '') ?? []
  const token = String(headers['x-amz-security-token'])
  return new URLSearchParams({
    'X-Amz-Credential': credential,
    'X-Amz-Security-Token': token,
    'X-Amz-Signature': signature,
  }).toString()
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** Services that tell what they were sent: their words are quoted, the secrets in them are not. */
export const echoedSecrets = (vault: () => Vault): void => {
  const customerKey = Buffer.alloc(32, 'sealed with this')
  let front: Front | undefined
  beforeAll(async () => {
    front = await startFront(vault().server.url)
    vault().keepSecret('the customer key that is echoed', customerKey)
    vault().fault()
  })
  afterAll(() => front?.[Symbol.asyncDispose]())

  for (const [name, write] of WRITINGS) {
    for (const status of [400, 403, 418]) {
      test(`${status} with all that was sent as ${name}: quoted without the secrets`, async () => {
        const code = status === 403 ? 'AccessDenied' : status === 400 ? 'InvalidRequest' : 'Teapot'
        let sent = ''
        front!.answer(({ method, url, headers }) => {
          if (method !== 'GET' || url.pathname !== `/vault/${KEYS.plain}`) return undefined
          sent = write(headers, url)
          const message = `No encryption for ${escaped(sent)}`
          const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`
          return { status, headers: { 'content-type': 'application/xml' }, body }
        })
        const told = await vault().compare(`echo of ${name}`, { require: 'read', s3: { endpoint: front!.url } })
        expect(told.keys[KEYS.plain]).toMatch(/^error: /)
        expect({ ...told.keys, [KEYS.plain]: 'match' }).toEqual(allMatch)
        // The words of the service are told, else nothing would be proven here.
        expect(told.message).toContain('No encryption for ')
        expect(sent).toContain(new URLSearchParams({ t: vault().credentials.sessionToken ?? '' }).toString().slice(2))
        expect(vault().leaks()).toEqual([])
      })
    }

    test(`403 with a customer key as ${name}: quoted without it`, async () => {
      front!.answer(({ method, url, headers }) => {
        if (method !== 'GET' || url.pathname !== `/vault/${KEYS.plain}`) return undefined
        const body = `<Error><Code>AccessDenied</Code><Message>For ${escaped(write(headers, url))}</Message></Error>`
        return { status: 403, headers: { 'content-type': 'application/xml' }, body }
      })
      await using source = vault().open({ endpoint: front!.url, customerKey })
      const error: unknown = await source.read({ key: KEYS.plain }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      vault().outputs.add('echo of a customer key', error)
      expect(error).toMatchObject({ code: 'access-denied' })
      expect((error as Error).message).toContain('For ')
      expect(vault().leaks()).toEqual([])
    })
  }
}
