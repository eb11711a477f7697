import type { FrameworkDemands } from './demands.js'

export const nist80053Demands: FrameworkDemands = {
  framework: 'nist-800-53',
  numbers: [
    { clause: 'CP-2', quantity: 'rpo', source: 'the contingency plan gives recovery objectives' },
    { clause: 'CP-2', quantity: 'rto', source: 'the contingency plan gives recovery objectives' },
  ],
  leaves:
    'How often backups, tests, reviews and trainings take place, and how long anything is kept, are parameters that the organisation defines.',
}
