import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { provider } from '../src/index.js'
import { azureUri, placeFromUri } from '../src/uri.js'

const VARIABLES = ['CONNECTION_STRING', 'ACCOUNT', 'KEY', 'SAS_TOKEN'] as const
const env = (values: Partial<Record<(typeof VARIABLES)[number], string>>): void => {
  for (const name of VARIABLES) vi.stubEnv(`AZURE_STORAGE_${name}`, values[name])
}
afterEach(() => vi.unstubAllEnvs())

const KEY = Buffer.alloc(64, 1).toString('base64')
const CONNECTION = `DefaultEndpointsProtocol=https;AccountName=shop1;AccountKey=${KEY};EndpointSuffix=core.windows.net`

const open = async (uri: string, options: Record<string, unknown> = {}): Promise<string> => {
  const source = await provider.fromUri(uri, { options })
  await source[Symbol.asyncDispose]?.()
  return source.uri
}

describe('URIs of containers', () => {
  it.each([
    ['azblob://shop1/backups', 'shop1', 'backups', ''],
    ['azblob://shop1/backups/', 'shop1', 'backups', ''],
    ['azblob://shop1/backups/daily', 'shop1', 'backups', 'daily/'],
    ['AZBLOB://shop1/backups/a%20b%3F+c/', 'shop1', 'backups', 'a b?+c/'],
    ['azblob://shop1/%24root/a', 'shop1', '$root', 'a/'],
  ])('reads %s', (uri, account, container, prefix) => {
    expect(placeFromUri(uri)).toEqual({ account, container, prefix })
  })

  it.each([
    'azblob://',
    'azblob://shop1',
    'azblob://shop1/',
    'azblob:///backups',
    'https://shop1/backups',
    'azblob://shop1/backups?sig=topsecret',
    'azblob://shop1/backups#top',
    'azblob://key:topsecret@shop1/backups',
    'azblob://shop1:10000/backups',
    'azblob://shop1/100%',
  ])('refuses %s without showing what may be a secret', (uri) => {
    expect(() => placeFromUri(uri)).toThrow(expect.objectContaining({ code: 'invalid-config' }) as Error)
    expect(() => placeFromUri(uri)).toThrow(/^(?!.*topsecret)/)
  })

  it('are canonical, and name the same place again', () => {
    const prefix = fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed())
    fc.assert(
      fc.property(prefix, (text) => {
        const place = { account: 'shop1', container: 'backups', prefix: text === '' ? '' : `${text}/` }
        const uri = azureUri(place)
        expect(new URL(uri).href).toBe(uri)
        expect(placeFromUri(uri)).toEqual(place)
      }),
    )
  })
})

describe('a URI is opened with what the environment has', () => {
  it.each<[string, Parameters<typeof env>[0]]>([
    ['a connection string', { CONNECTION_STRING: CONNECTION }],
    ['an account and its key', { ACCOUNT: 'shop1', KEY }],
    ['an account and a signature', { ACCOUNT: 'shop1', SAS_TOKEN: '?sp=rl&sig=x' }],
    ['nothing, for @azure/identity', {}],
  ])('%s', async (_, values) => {
    env(values)
    expect(await open('azblob://shop1/backups/daily')).toBe('azblob://shop1/backups/daily/')
  })

  it.each<[string, Parameters<typeof env>[0], RegExp]>([
    ['the connection string', { CONNECTION_STRING: CONNECTION }, /AZURE_STORAGE_CONNECTION_STRING is that of "shop1"/],
    ['the account', { ACCOUNT: 'shop1', KEY }, /AZURE_STORAGE_ACCOUNT is that of "shop1"/],
    ['no account', { KEY }, /set AZURE_STORAGE_ACCOUNT to other1/],
  ])('unless %s is not that of the URI', async (_, values, message) => {
    env(values)
    await expect(async () => open('azblob://other1/backups')).rejects.toThrow(message)
    await expect(async () => open('azblob://other1/backups')).rejects.not.toThrow(KEY)
  })

  it('unless options say it', async () => {
    env({ CONNECTION_STRING: CONNECTION })
    expect(await open('azblob://other1/backups', { credential: 'anonymous' })).toBe('azblob://other1/backups')
    expect(await open('azblob://shop1/backups', { url: 'https://shop1.blob.core.windows.net?sig=x' })).toBe(
      'azblob://shop1/backups',
    )
    await expect(async () => open('azblob://shop1/backups', { regoin: 'x' })).rejects.toThrow('"regoin"')
  })
})
