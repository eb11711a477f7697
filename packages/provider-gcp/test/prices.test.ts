import { GCS_LIST_PRICES, type GcsSourceOptions, gcsSource, provider } from '@backproof/provider-gcp'
import { type GcsServer, startGcsServer } from '@backproof/test-servers'
import { ownPrices, pricesSuite } from '@backproof/test-servers/suites'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect } from '../src/client/connection.js'
import { gcsSettings } from '../src/options.js'
import { pricesOf } from '../src/prices.js'
import { freshName, withBucket } from './support/bucket.js'

let server: GcsServer
beforeAll(async () => {
  server = await startGcsServer()
})
afterAll(() => server.close())

const OWN = ownPrices(GCS_LIST_PRICES)

pricesSuite<Partial<GcsSourceOptions>>({
  name: 'Google Cloud Storage',
  prices: GCS_LIST_PRICES,
  classes: { word: 'class', first: 'STANDARD' },
  costs: [
    [undefined, 0.4, 120.000_4],
    ['STANDARD', 0.4, 120.000_4],
    ['MULTI_REGIONAL', 0.4, 120.000_4],
    ['NEARLINE', 1, 130.001],
    ['COLDLINE', 10, 140.01],
    ['ARCHIVE', 50, 170.05],
  ],
  addresses: [
    ['https://storage.googleapis.com', true],
    ['https://storage.us-central1.rep.googleapis.com/storage/v1/', true],
    ['https://storage-mine.p.googleapis.com', true],
    ['https://googleapis.com.example.org', false],
    ['https://gcs.example.org', false],
    ['http://127.0.0.1:4443', false],
  ],
  pricesAt: (endpoint) => {
    const connection = connect(gcsSettings({ bucket: 'backups', endpoint, anonymous: true }))
    try {
      return pricesOf(connection)
    } finally {
      connection.close()
    }
  },
  traits: [
    ['of an emulator', {}, undefined],
    ['of an emulator with prices of the host', { prices: OWN }, OWN],
    ['without prices', { prices: 'none' }, undefined],
  ],
  traitsOf: async (options) => {
    const bucket = freshName()
    server.admin.createBucket({ name: bucket })
    return withBucket(server, bucket, options, (source) => source.describe())
  },
  options: {
    provider: 'gcp',
    factory: 'gcsSource',
    open: (prices) => gcsSource({ bucket: 'backups', prices: prices as never }),
    uri: 'gs://backups',
    fromUri: (uri) => provider.fromUri(uri, { options: { prices: 'none', anonymous: true } }),
  },
  guide: {
    page: new URL('../../../docs/guides/what-a-run-costs.md', import.meta.url),
    section: 'Google Cloud',
    requests: 1_000,
  },
})

it('has no prices of Google, where somebody asked for none', () => {
  const connection = connect(gcsSettings({ bucket: 'backups', anonymous: true, prices: 'none' }))
  expect(pricesOf(connection)).toBeUndefined()
  connection.close()
})
