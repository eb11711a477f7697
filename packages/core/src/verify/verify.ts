import { joinRun } from '../compare/join-run.js'
import { createKeyMapper, mappingOf, mappingToJson, sourceOf } from '../compare/mapping.js'
import { invalid, knownOptions, RUN_OPTIONS, samePlace, validateShared, validateSide } from '../compare/validate.js'
import { MASS_CHANGE, type MassChangeThresholds } from '../report/drift.js'
import type { ObjectFinding } from '../report/finding.js'
import type { Report } from '../report/report.js'
import type { Run } from '../run/run.js'
import type { VerifyOptions } from './options.js'

/**
 * Reads every object of a source again and checks it: against a recorded baseline (`against`), or against the digests
 * that the source itself stores. An object without either is `unverifiable`, never a match.
 *
 * Throws `invalid-config` at once when options are wrong; otherwise as `compare`.
 */
export const verify = (options: VerifyOptions): Run<ObjectFinding, Report> => {
  knownOptions('verify()', options, ['source', 'against', 'massChange', 'entropy', ...RUN_OPTIONS])
  validateShared(options)
  const massChange = thresholdsOf(options)
  const source = validateSide('source', options.source)
  if (options.against !== undefined) {
    const against = validateSide('against', options.against)
    if (against === source || against.uri === source.uri) throw samePlace(source.uri, against.uri, 'the same URI')
  }
  const normalisation = options.normalise ?? 'exact'
  const sides = options.against === undefined ? [options.source] : [options.against, options.source]
  const policy = { require: options.require ?? 'stored', strength: options.strength ?? 'error-detecting' } as const
  return joinRun({
    kind: 'verify',
    sides: sides.map((side, i) => ({
      source: sourceOf(side),
      mapper: createKeyMapper(mappingOf(side), normalisation),
      name: i === sides.length - 1 ? 'source' : 'expected',
    })),
    filter: options,
    policy: { ...policy, ownDigests: options.against === undefined },
    extras: options.extras ?? 'fail',
    record: options.record ?? [],
    metadata: [],
    entropy: options.entropy,
    ...(options.against !== undefined && { drift: massChange }),
    options,
    resultOptions: {
      ...policy,
      extras: options.extras ?? 'fail',
      normalise: normalisation,
      include: options.include ?? [],
      exclude: options.exclude ?? [],
      record: options.record ?? [],
      ...(options.against !== undefined && { massChange: { ...massChange } }),
      keys: sides.map((side) => mappingToJson(mappingOf(side))),
    },
  })
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
