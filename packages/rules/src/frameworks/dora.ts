import { type FrameworkDemands, YEAR } from './demands.js'

export const doraDemands: FrameworkDemands = {
  framework: 'dora',
  numbers: [
    {
      clause: '11(6)',
      quantity: 'restoreEvery',
      days: YEAR,
      source: 'continuity and recovery plans are tested at least yearly, switches to backups included',
    },
    { clause: '12(6)', quantity: 'rpo', source: 'a recovery point objective is set for each function' },
    { clause: '12(6)', quantity: 'rto', source: 'a recovery time objective is set for each function' },
  ],
  leaves:
    'The objectives themselves, how often backups run and how long they are kept, by criticality and confidentiality.',
}
