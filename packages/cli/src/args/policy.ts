import type { CompareOptions, Normalisation } from '@backproof/core/compare'
import { type KnownAlgorithm, parseAlgorithm } from '@backproof/core/digest'
import { GRADES } from '@backproof/core/evidence'
import type { MetadataField } from '@backproof/core/report'
import { DURATIONS, parseDuration } from '@backproof/core/run'
import type { KeyRange } from '@backproof/core/source'
import { keyPolicies } from './key-policies.js'
import type { Values } from './parse.js'
import { readPriceFile } from './price-file.js'
import { sampleOptions } from './sample.js'
import { budget, readCeiling } from './spending.js'
import { STRENGTHS } from './strengths.js'
import { usageError } from './usage-error.js'
import { choice, choices, integer, text, texts } from './values.js'

/** The options of an engine call that are plain data: everything but sources, signal and callbacks. */
export type PlainOptions = Omit<
  CompareOptions,
  'source' | 'replicas' | 'signal' | 'onProgress' | 'countFirst' | 'createWorker' | 'now'
>

const NORMALISATIONS: readonly Normalisation[] = ['exact', 'nfc', 'casefold']
const METADATA: readonly MetadataField[] = ['mode', 'owner', 'mtime', 'xattrs']

/** Reads the options that `compare` and `verify` share. Absent ones stay absent: the engine has the defaults. */
export const plainOptions = (values: Values): PlainOptions => {
  const include = texts(values, 'include')
  const exclude = texts(values, 'exclude')
  const priceFile = text(values, 'prices')
  return defined({
    require: choice(values, 'require', GRADES),
    strength: choice(values, 'strength', STRENGTHS),
    policies: keyPolicies(values),
    maxAge: duration(values, 'max-age'),
    prices: priceFile === undefined ? undefined : readPriceFile(priceFile),
    budget: budget(values),
    readCeiling: readCeiling(values),
    sample: sampleOptions(values),
    extras: choice(values, 'extras', ['fail', 'allow'] as const),
    normalise: choice(values, 'normalise', NORMALISATIONS),
    metadata: choices(values, 'metadata', METADATA),
    include: include.length > 0 ? include : undefined,
    exclude: exclude.length > 0 ? exclude : undefined,
    range: range(values),
    shard: shard(values),
    record: algorithms(values, 'record'),
    concurrency: integer(values, 'concurrency', 1),
    workers: integer(values, 'workers', 0),
    findingsLimit: integer(values, 'findings', 0),
    tempDirectory: text(values, 'temp'),
  })
}

/** A comma-separated list of algorithm names, in any usual spelling, each once. */
export const algorithms = (values: Values, name: string): readonly KnownAlgorithm[] | undefined => {
  const given = text(values, name)
  return given === undefined ? undefined : [...new Set(given.split(',').map((part) => parseAlgorithm(part.trim())))]
}

/** Milliseconds. */
const duration = (values: Values, name: string): number | undefined => {
  const given = text(values, name)
  const milliseconds = given === undefined ? undefined : parseDuration(given)
  if (given !== undefined && milliseconds === undefined)
    throw usageError(`--${name} ${JSON.stringify(given)} is no duration`, DURATIONS)
  return milliseconds
}

const range = (values: Values): KeyRange | undefined => {
  const from = text(values, 'from')
  const to = text(values, 'to')
  return from === undefined && to === undefined ? undefined : defined({ from, to })
}

/** People count shards from 1, the engine from 0. */
const shard = (values: Values): { index: number; count: number } | undefined => {
  const given = text(values, 'shard')
  if (given === undefined) return undefined
  const match = /^(\d{1,9})\/(\d{1,9})$/.exec(given)
  const [index, count] = [Number(match?.[1]) - 1, Number(match?.[2])]
  if (match === null || index < 0 || index >= count)
    throw usageError(
      `--shard ${given} is not a part of a whole`,
      'Write K/N with K from 1 to N, for example --shard 1/4.',
    )
  return { index, count }
}

/** `value` without its undefined members. */
const defined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T
