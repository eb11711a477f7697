import type { Asset, Policy, Store } from '@backproof/core/audit'
import type { RecoveryPoint } from '@backproof/core/history'
import { policyOf } from './job-run.js'
import { NOW } from './restore-test.js'

const HOUR = 3_600_000

/** A recovery point of `shop` in a store, of so many hours ago. */
export const pointIn = (store: string, hours: number, more: Partial<RecoveryPoint> = {}): RecoveryPoint => ({
  id: `${store}-${hours}h`,
  asset: 'shop',
  created: NOW - hours * HOUR,
  store,
  complete: true,
  ...more,
})

/** Where `shop` runs. */
export const PRODUCTION: NonNullable<Asset['production']> = {
  device: 'esx-1',
  account: 'corp',
  region: 'berlin',
  provider: 'own',
  administrators: ['ops'],
  key: 'disk-key',
  media: 'disk',
}

/** Stores that share nothing with production, nor with each other. */
export const S3: Store = {
  id: 's3',
  account: '1111',
  region: 'eu-central-1',
  provider: 'aws',
  administrators: ['aws-backup'],
  key: 'kms-1',
  media: 'object',
}
export const AZURE: Store = {
  id: 'azure',
  account: 'sub-1',
  region: 'westeurope',
  provider: 'azure',
  administrators: ['azure-backup'],
  key: 'vault-1',
  media: 'object',
}

/** A vault in a bank: out of reach. */
export const TAPE: Store = {
  id: 'tape',
  device: 'lto-9',
  account: 'bank',
  region: 'hamburg',
  provider: 'bank',
  administrators: ['keeper'],
  key: 'tape-key',
  media: 'tape',
  airGapped: true,
}

export const shopAt = (more: Partial<Asset> = {}): Asset => ({
  id: 'shop',
  plans: [],
  copies: [],
  production: PRODUCTION,
  ...more,
})

/** What a rule about copies is asked. */
export const askCopies = (
  stores: readonly Store[],
  points: readonly RecoveryPoint[],
  asset: Partial<Asset> = {},
  policy: Partial<Policy> = {},
) => ({
  facts: { asset: shopAt(asset), policy: policyOf({ stores, ...policy }) },
  histories: { points },
})
