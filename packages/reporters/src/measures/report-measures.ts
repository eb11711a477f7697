import type { AuditMeasure } from '@backproof/core/audit'
import { capacityDays } from './capacity-days.js'
import { jobDays } from './job-days.js'
import { proofGrades } from './proof-grades.js'

/** Everything that charts of reports show: for `measures` of `audit`. */
export const reportMeasures = (): readonly AuditMeasure[] => [jobDays(), capacityDays(), proofGrades()]
