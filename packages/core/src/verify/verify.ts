import { joinRun } from '../compare/join-run.js'
import { planJoin, refuseSameUri } from '../compare/plan-join.js'
import { invalid, knownOptions, RUN_OPTIONS, validateShared, validateSide } from '../compare/validate.js'
import { MASS_CHANGE, type MassChangeThresholds } from '../report/drift.js'
import type { ObjectFinding } from '../report/finding.js'
import type { Plan } from '../report/plan.js'
import type { Report } from '../report/report.js'
import type { PlannedRun } from '../run/run.js'
import type { VerifyOptions } from './options.js'

/**
 * Reads every object of a source again and checks it: against a recorded baseline (`against`), or against the digests
 * that the source itself stores. An object without either is `unverifiable`, never a match.
 *
 * Throws `invalid-config` at once when options are wrong; otherwise as `compare`.
 */
export const verify = (options: VerifyOptions): PlannedRun<ObjectFinding, Report, Plan> => {
  knownOptions('verify()', options, ['source', 'against', 'massChange', 'entropy', ...RUN_OPTIONS])
  validateShared(options)
  const massChange = thresholdsOf(options)
  const source = validateSide('source', options.source)
  const subject = { side: options.source, name: 'source' } as const
  const { entropy, against } = options
  if (against === undefined) {
    const join = planJoin('verify', [subject], options)
    return joinRun({ ...join, entropy, policy: { ...join.policy, ownDigests: true } })
  }
  refuseSameUri([source, validateSide('against', against)])
  const join = planJoin('verify', [{ side: against, name: 'expected' }, subject], options)
  const resultOptions = { ...join.resultOptions, massChange: { ...massChange } }
  return joinRun({ ...join, entropy, drift: massChange, resultOptions })
}

const thresholdsOf = ({ against, massChange = {} }: VerifyOptions): MassChangeThresholds => {
  const thresholds = { ...MASS_CHANGE, ...massChange }
  knownOptions('massChange', massChange, Object.keys(MASS_CHANGE))
  if (against === undefined && Object.keys(massChange).length > 0) {
    throw invalid('`massChange` needs a baseline: give `against`, for example a manifest of an earlier day.')
  }
  for (const name of ['objects', 'bytes'] as const) {
    if (!(thresholds[name] > 0 && thresholds[name] <= 1)) {
      throw invalid(`\`massChange.${name}\` is ${String(thresholds[name])}; it must be a share above 0 and up to 1.`)
    }
  }
  if (!(thresholds.entropy > 0 && thresholds.entropy <= 8)) {
    throw invalid(
      `\`massChange.entropy\` is ${String(thresholds.entropy)}; it must be bits per byte above 0 and up to 8.`,
    )
  }
  if (!(Number.isSafeInteger(thresholds.least) && thresholds.least >= 1)) {
    throw invalid(`\`massChange.least\` is ${String(thresholds.least)}; it must be a whole number of at least 1.`)
  }
  return thresholds
}
