export { cisV81 } from './cis-v8-1.js'
export {
  CLAUSE_STATUSES,
  type ClauseStanding,
  type ClauseStatus,
  type ClauseView,
  clauseView,
} from './clause-view.js'
export { clausesOf } from './clauses-of.js'
export { dora } from './dora.js'
export type { Framework } from './framework.js'
export { FRAMEWORKS } from './frameworks.js'
export { gdpr } from './gdpr.js'
export { hipaa } from './hipaa.js'
export { iso27001 } from './iso-27001.js'
export { nis2 } from './nis2.js'
export { nist80053 } from './nist-800-53.js'
export { pciDss } from './pci-dss.js'
export { soc2 } from './soc2.js'
