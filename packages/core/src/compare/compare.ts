import type { ObjectFinding } from '../report/finding.js'
import type { Report } from '../report/report.js'
import type { Run } from '../run/run.js'
import { joinRun } from './join-run.js'
import { createKeyMapper, mappingOf, mappingToJson, sourceOf } from './mapping.js'
import type { CompareOptions } from './options.js'
import { invalid, knownOptions, oneOf, RUN_OPTIONS, samePlace, validateShared, validateSide } from './validate.js'

const METADATA_FIELDS = ['mode', 'owner', 'mtime', 'xattrs'] as const

/**
 * Compares replicas with a source: every key of every side gets an outcome, and every match says how it was proven.
 *
 * Sides are joined in one ordered pass with bounded memory. What is read is the least that `require` and `strength`
 * permit; two local sides compare bytes. See {@link Run} for how findings and the report are had.
 *
 * Throws `invalid-config` at once when options are wrong. The run rejects with `invalid-config` when two sides turn out
 * to be the same place, and with what `describe` says when a side cannot be reached.
 */
export const compare = (options: CompareOptions): Run<ObjectFinding, Report> => {
  knownOptions('compare()', options, ['source', 'replicas', 'metadata', ...RUN_OPTIONS])
  validateShared(options)
  for (const field of options.metadata ?? []) oneOf('metadata', field, METADATA_FIELDS)
  if (!Array.isArray(options.replicas) || options.replicas.length === 0) {
    throw invalid('`replicas` is empty: there is nothing to compare the source with. Give at least one source.')
  }
  const source = validateSide('source', options.source)
  const replicas = options.replicas.map((side, i) => validateSide(`replicas[${i}]`, side))
  const all = [source, ...replicas]
  all.forEach((a, i) => {
    for (const b of all.slice(i + 1)) if (a === b || a.uri === b.uri) throw samePlace(a.uri, b.uri, 'the same URI')
  })
  const normalisation = options.normalise ?? 'exact'
  const sides = [options.source, ...options.replicas]
  const policy = { require: options.require ?? 'stored', strength: options.strength ?? 'error-detecting' } as const
  return joinRun({
    kind: 'compare',
    sides: sides.map((side, i) => ({
      source: sourceOf(side),
      mapper: createKeyMapper(mappingOf(side), normalisation),
      name: i === 0 ? 'source' : 'replica',
      ...(i > 0 && { replica: i - 1 }),
    })),
    filter: options,
    policy,
    extras: options.extras ?? 'fail',
    record: options.record ?? [],
    metadata: options.metadata ?? [],
    options,
    resultOptions: {
      ...policy,
      extras: options.extras ?? 'fail',
      normalise: normalisation,
      include: options.include ?? [],
      exclude: options.exclude ?? [],
      metadata: options.metadata ?? [],
      record: options.record ?? [],
      keys: sides.map((side) => mappingToJson(mappingOf(side))),
    },
  })
}
