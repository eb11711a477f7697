import { type FrameworkDemands, QUARTER, YEAR } from './demands.js'

export const cisV81Demands: FrameworkDemands = {
  framework: 'cis-v8.1',
  numbers: [
    { clause: '11.2', quantity: 'rpo', days: 7, source: 'backups run weekly, or more often where data is sensitive' },
    {
      clause: '11.5',
      quantity: 'restoreEvery',
      days: QUARTER,
      source: 'recovery of a sample of the assets is tested quarterly, or more often; here each asset is asked',
    },
    {
      clause: '11.1',
      quantity: 'policyReview',
      days: YEAR,
      source: 'the documents of the process are reviewed yearly',
    },
    { clause: '6.8', quantity: 'accessReview', days: YEAR, source: 'access is reviewed yearly, or more often' },
    { clause: '8.11', quantity: 'accessLogReview', days: 7, source: 'audit logs are reviewed weekly, or more often' },
    {
      clause: '8.10',
      quantity: 'minRetention',
      days: 90,
      dataClasses: ['audit-log'],
      source: 'audit logs are kept for 90 days',
    },
  ],
  leaves: 'Recovery times, and how long backups of other data are kept, follow from the enterprise’s own process.',
}
