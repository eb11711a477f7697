import { type FrameworkDemands, HALF_YEAR, YEAR } from './demands.js'

export const pciDssDemands: FrameworkDemands = {
  framework: 'pci-dss',
  numbers: [
    {
      clause: '10.4.1',
      quantity: 'accessLogReview',
      days: 1,
      source: 'audit logs of systems with card data, and of critical ones, are reviewed daily',
    },
    {
      clause: '7.2.4',
      quantity: 'accessReview',
      days: HALF_YEAR,
      source: 'user accounts are reviewed every six months',
    },
    {
      clause: '12.10.2',
      quantity: 'restoreEvery',
      days: YEAR,
      source: 'the incident response plan, backups and recovery included, is tested every twelve months',
    },
    {
      clause: '10.5.1',
      quantity: 'minRetention',
      days: 365,
      dataClasses: ['audit-log'],
      source: 'audit logs are kept for twelve months; it says nothing of other data',
    },
    {
      clause: '3.2.1',
      quantity: 'maxRetention',
      dataClasses: ['card'],
      source: 'card data is kept no longer than the organisation says it has to be',
    },
  ],
  leaves: 'How often backups run, how fast they have to be restored, and how long card data is kept.',
}
