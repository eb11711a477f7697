import type { FrameworkDemands } from './demands.js'

export const soc2Demands: FrameworkDemands = {
  framework: 'soc2',
  numbers: [],
  leaves: 'It gives no number: what counts are the commitments that the organisation has made to its customers.',
}
