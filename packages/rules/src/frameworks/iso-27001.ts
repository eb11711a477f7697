import type { FrameworkDemands } from './demands.js'

export const iso27001Demands: FrameworkDemands = {
  framework: 'iso-27001',
  numbers: [],
  leaves:
    'It gives no number: frequencies, retention and reviews follow from the organisation’s own policies and risks.',
}
