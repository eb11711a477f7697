import type { FrameworkDemands } from './demands.js'

export const gdprDemands: FrameworkDemands = {
  framework: 'gdpr',
  numbers: [
    {
      clause: '5(1)(e)',
      quantity: 'maxRetention',
      dataClasses: ['personal'],
      source: 'personal data is kept no longer than its purposes need, so somebody has to say how long',
    },
  ],
  leaves:
    'How long that is, and what “in time” and “regularly” mean for restores and tests, follow from purposes and risks.',
}
