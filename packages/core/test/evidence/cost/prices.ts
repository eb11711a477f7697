import type { PlacePrices } from '@backproof/core/source'

/** Prices that cannot be taken for anybody's. */
export const PRICES: PlacePrices = {
  currency: 'EUR',
  asOf: '2026-11',
  source: 'https://prices.example.org',
  list: 1,
  pageSize: 100,
  stat: 2,
  read: 3,
  egressByte: 5e-4,
  classes: {
    COLD: { stat: 20, read: 30, retrievalByte: 2e-4 },
    COOL: { retrievalByte: 1e-4 },
    GIFT: { stat: 0, read: 0 },
  },
}
