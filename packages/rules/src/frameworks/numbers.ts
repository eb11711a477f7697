import { cisV81Demands } from './cis-v8-1.js'
import type { FrameworkDemands, FrameworkNumber } from './demands.js'
import { doraDemands } from './dora.js'
import { gdprDemands } from './gdpr.js'
import { hipaaDemands } from './hipaa.js'
import { iso27001Demands } from './iso-27001.js'
import { nis2Demands } from './nis2.js'
import { nist80053Demands } from './nist-800-53.js'
import { pciDssDemands } from './pci-dss.js'
import { soc2Demands } from './soc2.js'

/** What frameworks say in numbers, and what they leave open; in the order of `FRAMEWORKS` of `@backproof/core/audit`. */
export const FRAMEWORK_DEMANDS: readonly FrameworkDemands[] = [
  nist80053Demands,
  cisV81Demands,
  iso27001Demands,
  soc2Demands,
  hipaaDemands,
  pciDssDemands,
  gdprDemands,
  doraDemands,
  nis2Demands,
]

/** A number of a framework, with the framework's id. */
export type FrameworkNumberOf = FrameworkNumber & { readonly framework: string }

/** Every number that a framework gives, or wants a policy to give. A working proposal, which an auditor has to review. */
export const frameworkNumbers: readonly FrameworkNumberOf[] = FRAMEWORK_DEMANDS.flatMap(({ framework, numbers }) =>
  numbers.map((one) => ({ framework, ...one })),
)
