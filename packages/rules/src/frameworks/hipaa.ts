import type { FrameworkDemands } from './demands.js'

export const hipaaDemands: FrameworkDemands = {
  framework: 'hipaa',
  numbers: [
    {
      clause: '316(b)(2)(i)',
      quantity: 'minRetention',
      // Six years with two leap days.
      days: 2_192,
      dataClasses: ['documentation'],
      source: 'documentation that the security rule requires is kept for six years; it says nothing of other data',
    },
  ],
  leaves:
    'Backups, tests and reviews are periodic, without a number. The restore within 72 hours of the proposal of January 2025 is no law, and is not in here.',
}
