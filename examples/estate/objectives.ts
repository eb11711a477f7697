import type { Asset } from './company.js'

/** How much work may be lost, hours. */
export const RPO_HOURS = 24

/** How long a restore may take, hours. */
export const rtoHours = ({ criticality }: Pick<Asset, 'criticality'>): number =>
  ({ critical: 4, high: 12, medium: 48 })[criticality]

/** How often a restore is tested, days. */
export const restoreDays = ({ criticality }: Pick<Asset, 'criticality'>): number =>
  criticality === 'critical' ? 31 : 92
