import { isKnownAlgorithm, KNOWN_ALGORITHMS } from '../digest/algorithms.js'
import { BackupError } from '../errors.js'
import { validatePrices } from '../evidence/cost/price-table.js'
import { GRADES } from '../evidence/evidence.js'
import { validateSample } from '../evidence/sample/plan.js'
import { validateCoverage } from '../report/coverage.js'
import type { RunOptions } from '../run/options.js'
import type { BackupSource } from '../source/backup-source.js'
import { sourceOf } from './mapping.js'
import type { Budget, EvidencePolicy, KeyFilter, KeyPolicy, Normalisation, Side } from './options.js'

/** An `invalid-config` error about options. */
export const invalid = (message: string): BackupError => new BackupError({ code: 'invalid-config', message })

/** Throws unless `value` is one of `allowed`; `undefined` stands for the default and passes. */
export const oneOf = (name: string, value: unknown, allowed: readonly string[]): void => {
  if (value !== undefined && !allowed.includes(value as string)) {
    throw invalid(
      `\`${name}\` is ${JSON.stringify(value)}; it must be one of ${allowed.map((a) => `"${a}"`).join(', ')}.`,
    )
  }
}

/** Throws for names that are no option: a misspelt option must not be ignored. */
export const knownOptions = (what: string, given: object, known: readonly string[]): void => {
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) throw invalid(`${what} has no option \`${name}\`. Its options are: ${known.join(', ')}.`)
  }
}

export const STRENGTHS = ['cryptographic', 'legacy', 'error-detecting'] as const
export const NORMALISATIONS = ['exact', 'nfc', 'casefold'] as const

export const RUN_OPTIONS = [
  'signal',
  'onProgress',
  'countFirst',
  'concurrency',
  'workers',
  'createWorker',
  'retry',
  'range',
  'shard',
  'findingsLimit',
  'now',
  'tempDirectory',
  'include',
  'exclude',
  'require',
  'strength',
  'policies',
  'maxAge',
  'prices',
  'sample',
  'budget',
  'readCeiling',
  'normalise',
  'extras',
  'record',
] as const

/** Options that comparison and verification share. Throws `invalid-config` at once, naming the option. */
export const validateShared = (
  options: RunOptions &
    KeyFilter &
    EvidencePolicy & {
      normalise?: Normalisation | undefined
      extras?: unknown
      record?: readonly string[] | undefined
    },
): void => {
  oneOf('require', options.require, GRADES)
  oneOf('strength', options.strength, STRENGTHS)
  oneOf('normalise', options.normalise, NORMALISATIONS)
  oneOf('extras', options.extras, ['fail', 'allow'])
  for (const algorithm of options.record ?? []) {
    if (!isKnownAlgorithm(algorithm)) {
      throw invalid(
        `\`record\` names the unknown algorithm ${JSON.stringify(algorithm)}. Known: ${KNOWN_ALGORITHMS.join(', ')}.`,
      )
    }
  }
  for (const glob of [...(options.include ?? []), ...(options.exclude ?? [])]) {
    if (typeof glob !== 'string' || glob === '') {
      throw invalid('A glob of `include` or `exclude` is empty. Leave it out, or write e.g. "**/*.log".')
    }
  }
  validatePolicies(options.policies)
  if (options.maxAge !== undefined && !(options.maxAge >= 0)) {
    throw invalid(`\`maxAge\` is ${String(options.maxAge)}; it must be milliseconds of at least 0.`)
  }
  if (options.prices !== undefined) validatePrices(options.prices)
  validateBudget(options.budget)
  if (options.sample !== undefined) validateSample(options.sample)
  if (options.readCeiling !== undefined && options.readCeiling !== 'none' && !(options.readCeiling >= 0)) {
    throw invalid(`\`readCeiling\` is ${String(options.readCeiling)}; it must be bytes of at least 0, or "none".`)
  }
  wholeNumber('concurrency', options.concurrency, 1)
  wholeNumber('workers', options.workers, 0)
  wholeNumber('findingsLimit', options.findingsLimit, 0)
  wholeNumber('retry.attempts', options.retry?.attempts, 1)
  validateCoverage({
    ...(options.range !== undefined && { range: options.range }),
    ...(options.shard !== undefined && { shard: options.shard }),
  })
}

const validateBudget = (budget: Budget | undefined): void => {
  if (budget === undefined) return
  const names = ['bytes', 'requests', 'money', 'seconds'] as const
  knownOptions('`budget`', budget, names)
  if (names.every((name) => budget[name] === undefined)) {
    throw invalid('`budget` limits nothing: give it bytes, requests, money or seconds, or leave it out.')
  }
  for (const name of names) {
    const limit = budget[name]
    if (limit !== undefined && !(typeof limit === 'number' && limit >= 0)) {
      throw invalid(`\`budget.${name}\` is ${String(limit)}; it must be a number of at least 0.`)
    }
  }
}

const validatePolicies = (policies: readonly KeyPolicy[] = []): void => {
  if (!Array.isArray(policies))
    throw invalid('`policies` must be a list, such as [{ keys: "db/**", require: "read" }].')
  policies.forEach((policy: KeyPolicy, i) => {
    const name = `policies[${i}]`
    knownOptions(`\`${name}\``, policy, ['keys', 'require', 'strength'])
    const keys: readonly unknown[] = Array.isArray(policy.keys) ? policy.keys : [policy.keys]
    if (keys.length === 0 || !keys.every((glob) => typeof glob === 'string' && glob !== '')) {
      throw invalid(`\`${name}.keys\` names no keys; write globs, such as "db/**".`)
    }
    if (policy.require === undefined && policy.strength === undefined) {
      throw invalid(`\`${name}\` changes nothing: give it \`require\` or \`strength\`, or leave it out.`)
    }
    oneOf(`${name}.require`, policy.require, GRADES)
    oneOf(`${name}.strength`, policy.strength, STRENGTHS)
  })
}

const wholeNumber = (name: string, value: number | undefined, least: number): void => {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= least)) {
    throw invalid(`\`${name}\` is ${String(value)}; it must be a whole number of at least ${least}.`)
  }
}

/** Throws unless `side` is a source (or a mapped source) of a specification this version understands. */
export const validateSide = (name: string, side: Side): BackupSource => {
  const source = typeof side === 'object' && side !== null ? sourceOf(side) : undefined
  if (typeof source !== 'object' || source === null || typeof source.list !== 'function') {
    throw invalid(
      `\`${name}\` is no backup source. Make one with a provider, for example localDirectory({ path: '/srv/shop' }).`,
    )
  }
  if (source.specVersion !== 'v1') {
    throw new BackupError({
      code: 'unsupported',
      message: `${source.uri} implements version ${JSON.stringify(source.specVersion)} of the source contract; this version of @backproof/core understands "v1". Update one of them.`,
    })
  }
  return source
}

/** Two sides at one place would prove a copy by comparing it with itself. */
export const samePlace = (a: string, b: string, what: string): BackupError =>
  invalid(
    `${a} and ${b} are the same place (${what}): comparing a backup with itself proves nothing. Name two different places.`,
  )
