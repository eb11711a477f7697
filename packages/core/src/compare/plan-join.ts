import type { KnownAlgorithm } from '../digest/digest.js'
import { validateSample } from '../evidence/sample/plan.js'
import type { SideName } from '../report/finding.js'
import type { RunOptions } from '../run/options.js'
import type { BackupSource } from '../source/backup-source.js'
import type { JsonValue } from '../source/entry.js'
import type { Join } from './join.js'
import { createKeyMapper, mappingOf, mappingToJson, sourceOf } from './mapping.js'
import type { EvidencePolicy, KeyFilter, KeyPolicy, Normalisation, Side } from './options.js'
import { samePlace } from './validate.js'

/** Options that comparison and verification share. */
export interface SharedOptions extends RunOptions, KeyFilter, EvidencePolicy {
  readonly normalise?: Normalisation | undefined
  readonly extras?: 'fail' | 'allow' | undefined
  readonly record?: readonly KnownAlgorithm[] | undefined
}

export interface NamedSide {
  readonly side: Side
  readonly name: SideName
  readonly replica?: number | undefined
}

/** The join that shared options ask for, with their defaults. The reference is the first side. */
export const planJoin = (kind: Join['kind'], sides: readonly NamedSide[], options: SharedOptions): Join => {
  const normalise = options.normalise ?? 'exact'
  const extras = options.extras ?? 'fail'
  const record = options.record ?? []
  const policy = { require: options.require ?? 'stored', strength: options.strength ?? 'error-detecting' } as const
  const { policies = [], maxAge, budget, readCeiling } = options
  const sample = options.sample === undefined ? undefined : validateSample(options.sample)
  return {
    kind,
    sides: sides.map(({ side, name, replica }) => ({
      source: sourceOf(side),
      mapper: createKeyMapper(mappingOf(side), normalise),
      name,
      ...(replica !== undefined && { replica }),
    })),
    filter: options,
    policy: kind === 'verify' ? { ...policy, fixity: true } : policy,
    extras,
    record,
    metadata: [],
    ...(sample !== undefined && { sample }),
    options,
    resultOptions: {
      ...policy,
      ...(policies.length > 0 && { policies: policies.map(policyToJson) }),
      ...(maxAge !== undefined && { maxAge }),
      ...(sample !== undefined && { sample: { ...sample, limit: { ...sample.limit } } }),
      ...(budget !== undefined && { budget: { ...budget } }),
      ...(readCeiling !== undefined && { readCeiling }),
      extras,
      normalise,
      include: options.include ?? [],
      exclude: options.exclude ?? [],
      record,
      keys: sides.map(({ side }) => mappingToJson(mappingOf(side))),
    },
  }
}

const policyToJson = ({ keys, require, strength }: KeyPolicy): JsonValue => ({
  keys: typeof keys === 'string' ? [keys] : keys,
  ...(require !== undefined && { require }),
  ...(strength !== undefined && { strength }),
})

/** Throws when two sides are one object or say the same URI. */
export const refuseSameUri = (sources: readonly BackupSource[]): void => {
  sources.forEach((a, i) => {
    for (const b of sources.slice(i + 1)) if (a === b || a.uri === b.uri) throw samePlace(a.uri, b.uri, 'the same URI')
  })
}
