import type { CheckDefinition } from './bench.js'
import { absentChecks } from './checks/absent.js'
import { boundaryChecks } from './checks/boundaries.js'
import { caseChecks } from './checks/cases.js'
import { determinismChecks } from './checks/determinism.js'
import { messageChecks } from './checks/messages.js'
import { metaChecks } from './checks/meta.js'
import { optionChecks } from './checks/options.js'
import { partialChecks } from './checks/partial.js'
import { secretChecks } from './checks/secrets.js'
import { unknownChecks } from './checks/unknown.js'
import { verdictChecks } from './checks/verdicts.js'

/** Every check, in the order in which they run: what others rest on comes first. */
export const allChecks: readonly CheckDefinition[] = [
  ...metaChecks,
  ...optionChecks,
  ...caseChecks,
  ...verdictChecks,
  ...messageChecks,
  ...unknownChecks,
  ...partialChecks,
  ...absentChecks,
  ...boundaryChecks,
  ...determinismChecks,
  ...secretChecks,
]
