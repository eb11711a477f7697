import type { ObjectFinding } from '../report/finding.js'
import type { Plan } from '../report/plan.js'
import type { Report } from '../report/report.js'
import type { PlannedRun } from '../run/run.js'
import { joinRun } from './join-run.js'
import type { CompareOptions } from './options.js'
import { planJoin, refuseSameUri } from './plan-join.js'
import { invalid, knownOptions, oneOf, RUN_OPTIONS, validateShared, validateSide } from './validate.js'

const METADATA_FIELDS = ['mode', 'owner', 'mtime', 'xattrs'] as const

/**
 * Compares replicas with a source: every key of every side gets an outcome, and every match says how it was proven.
 *
 * Sides are joined in one ordered pass with bounded memory. What is read is the least that `require` and `strength`
 * permit; two local sides compare bytes. See {@link PlannedRun} for how findings, the report and a plan are had.
 *
 * Throws `invalid-config` at once when options are wrong. The run rejects with `invalid-config` when two sides turn out
 * to be the same place, and with what `describe` says when a side cannot be reached.
 */
export const compare = (options: CompareOptions): PlannedRun<ObjectFinding, Report, Plan> => {
  knownOptions('compare()', options, ['source', 'replicas', 'metadata', ...RUN_OPTIONS])
  validateShared(options)
  for (const field of options.metadata ?? []) oneOf('metadata', field, METADATA_FIELDS)
  if (!Array.isArray(options.replicas) || options.replicas.length === 0) {
    throw invalid('`replicas` is empty: there is nothing to compare the source with. Give at least one source.')
  }
  const source = validateSide('source', options.source)
  const replicas = options.replicas.map((side, i) => validateSide(`replicas[${i}]`, side))
  refuseSameUri([source, ...replicas])
  const metadata = options.metadata ?? []
  const join = planJoin(
    'compare',
    [
      { side: options.source, name: 'source' },
      ...options.replicas.map((side, replica) => ({ side, name: 'replica', replica }) as const),
    ],
    options,
  )
  return joinRun({ ...join, metadata, resultOptions: { ...join.resultOptions, metadata } })
}
