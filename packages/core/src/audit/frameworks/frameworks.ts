import { cisV81 } from './cis-v8-1.js'
import { dora } from './dora.js'
import type { Framework } from './framework.js'
import { gdpr } from './gdpr.js'
import { hipaa } from './hipaa.js'
import { iso27001 } from './iso-27001.js'
import { nis2 } from './nis2.js'
import { nist80053 } from './nist-800-53.js'
import { pciDss } from './pci-dss.js'
import { soc2 } from './soc2.js'

/** The frameworks that are known here. Only what imports this carries it. */
export const FRAMEWORKS: readonly Framework[] = [nist80053, cisV81, iso27001, soc2, hipaa, pciDss, gdpr, dora, nis2]
