import type { FrameworkDemands } from './demands.js'

export const nis2Demands: FrameworkDemands = {
  framework: 'nis2',
  numbers: [
    { clause: '4.2.2(a)', quantity: 'rto', source: 'backup plans give recovery times' },
    { clause: '4.2.2(f)', quantity: 'minRetention', source: 'backup plans give retention periods' },
  ],
  leaves: 'The times themselves; tests and checks of integrity are “regular”, without a number.',
}
