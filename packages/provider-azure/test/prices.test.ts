import {
  AZURE_BLOB_LIST_PRICES,
  type AzureBlobSourceOptions,
  azureBlobSource,
  provider,
} from '@backproof/provider-azure'
import { type AzureServer, startAzureServer } from '@backproof/test-servers'
import { ownPrices, pricesSuite } from '@backproof/test-servers/suites'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Connection } from '../src/client/connection.js'
import { azureSettings } from '../src/options.js'
import { pricesOf } from '../src/prices.js'
import { containerWith, withContainer } from './support/container.js'

let server: AzureServer
beforeAll(async () => {
  server = await startAzureServer()
})
afterAll(() => server.close())

const OWN = ownPrices(AZURE_BLOB_LIST_PRICES)

const connectionTo = (url: string | undefined): Connection =>
  ({ settings: azureSettings({ url, account: undefined, container: 'backups' }) }) as Partial<Connection> as Connection

pricesSuite<Partial<AzureBlobSourceOptions>>({
  name: 'Azure Blob Storage',
  prices: AZURE_BLOB_LIST_PRICES,
  classes: { word: 'tier', first: 'Hot' },
  costs: [
    [undefined, 0.44, 87.000_44],
    ['Hot', 0.44, 87.000_44],
    ['Cool', 0.44, 97.001],
    ['Cold', 0.52, 117.01],
    ['Premium', 0.18, 87.000_18],
  ],
  addresses: [
    ['https://backups1.blob.core.windows.net', true],
    ['https://backups1-secondary.blob.core.windows.net', true],
    ['https://backups1.z01.blob.storage.azure.net', true],
    ['https://backups1.privatelink.blob.core.windows.net', true],
    ['https://backups1.blob.core.chinacloudapi.cn', false],
    ['https://backups1.blob.core.usgovcloudapi.net', false],
    ['https://backups1.blob.core.windows.net.example.org', false],
    ['https://backups.example.org', false],
    ['http://127.0.0.1:10000/devstoreaccount1', false],
  ],
  pricesAt: (url) => pricesOf(connectionTo(url)),
  traits: [
    ['of an emulator', {}, undefined],
    ['of an emulator with prices of the host', { prices: OWN }, OWN],
    ['without prices', { prices: 'none' }, undefined],
  ],
  traitsOf: async (options) =>
    withContainer(server, await containerWith(server, ['a']), options, (source) => source.describe()),
  options: {
    provider: 'azure',
    factory: 'azureBlobSource',
    open: (prices) => azureBlobSource({ account: 'backups1', container: 'backups', prices: prices as never }),
    uri: 'azblob://backups1/backups',
    fromUri: (uri) => provider.fromUri(uri, { options: { prices: 'none', credential: 'anonymous' } }),
  },
  guide: {
    page: new URL('../../../docs/guides/what-a-run-costs.md', import.meta.url),
    section: 'Azure Blob',
    requests: 10_000,
  },
})

it('has no prices in the public cloud, where somebody asked for none', () => {
  const settings = azureSettings({ account: 'backups1', container: 'backups', prices: 'none' })
  expect(pricesOf({ settings } as Partial<Connection> as Connection)).toBeUndefined()
})
