import { BackupError } from '../../errors.js'
import { checkOptionNames, showValue } from '../../source/option-check.js'

/**
 * How much is taken.
 * - `fraction`: this share of the objects, above 0, at most 1.
 * - `count`: this many objects, at most 10,000,000.
 * - `bytes`: objects of this many bytes together at most, and at most 10,000,000 objects.
 * - `part` of `of`: one of `of` parts that together are every object exactly once; the first is part 1.
 */
export type SampleLimit =
  | { readonly fraction: number }
  | { readonly count: number }
  | { readonly bytes: number }
  | { readonly part: number; readonly of: number }

/** A sample instead of everything: which objects are proven by bytes or digests. What listings tell is judged for every object. */
export type SampleOptions = SampleLimit & {
  /**
   * Decides, with the key alone, what is taken: the same seed and keys give the same sample. Another seed gives another,
   * independent one. All parts of a `part` need the same seed. Not empty. Default `backproof`.
   */
  readonly seed?: string | undefined
  /**
   * `objects`: each object is as likely as any other. `bytes`: the more bytes, the likelier. Default `objects`. Not with `part`.
   */
  readonly by?: 'objects' | 'bytes' | undefined
  /** How sure the bound of what is corrupt is to hold, above 0, below 1. Default 0.95. */
  readonly confidence?: number | undefined
}

/** Checked options of a sample, with defaults. Plain JSON: it stands in the options of a result as it is. */
export interface SamplePlan {
  readonly limit: SampleLimit
  readonly seed: string
  readonly by: 'objects' | 'bytes'
  readonly confidence: number
}

/** No selection holds more objects than this: bounded memory. */
export const MOST_SAMPLED = 10_000_000

/** Whether what is taken is known only after every key was seen once. */
export const needsPass = ({ limit, by }: SamplePlan): boolean =>
  !('part' in limit) && (by === 'bytes' || !('fraction' in limit))

/**
 * Checks the options of a sample and fills in what was left out.
 *
 * @throws BackupError `invalid-config`, naming the option, what is wrong and what to do.
 */
export const validateSample = (options: SampleOptions): SamplePlan => {
  checkOptionNames('`sample`', options, NAMES)
  const { seed = 'backproof', by = 'objects', confidence = 0.95 } = options
  const limit = limitOf(options)
  if (typeof seed !== 'string' || seed === '' || seed.includes('\0')) {
    throw invalid(`\`sample.seed\` is ${showValue(seed)}; it must be text that is not empty and has no NUL character.`)
  }
  if (by !== 'objects' && by !== 'bytes') {
    throw invalid(`\`sample.by\` is ${showValue(by)}; it must be "objects" or "bytes".`)
  }
  if (by === 'bytes' && 'part' in limit) {
    throw invalid('`sample.by` is "bytes" with `part`: parts are dealt by objects. Leave `by` out.')
  }
  if (!(typeof confidence === 'number' && confidence > 0 && confidence < 1)) {
    throw invalid(
      `\`sample.confidence\` is ${showValue(confidence)}; it must be above 0 and below 1, for example 0.95. Certainty needs every object: leave \`sample\` out.`,
    )
  }
  return { limit, seed, by, confidence }
}

const LIMITS = ['fraction', 'count', 'bytes', 'part'] as const
const NAMES = [...LIMITS, 'of', 'seed', 'by', 'confidence'] as const

const limitOf = (options: SampleOptions): SampleLimit => {
  // As JavaScript may have it: every member, of any type.
  const given = options as unknown as Readonly<Partial<Record<(typeof NAMES)[number], unknown>>>
  const limits = LIMITS.filter((name) => given[name] !== undefined)
  const [name] = limits
  if (name === undefined || limits.length > 1) {
    throw invalid(
      `\`sample\` says ${limits.length === 0 ? 'nothing about how much' : limits.map((one) => `\`${one}\``).join(' and ')}; give exactly one of fraction, count, bytes, or part with of.`,
    )
  }
  if (name !== 'part' && given.of !== undefined) throw invalid('`sample.of` has a meaning only with `part`.')
  const value = given[name]
  if (name === 'fraction') {
    if (typeof value === 'number' && value > 0 && value <= 1) return { fraction: value }
    throw invalid(`\`sample.fraction\` is ${showValue(value)}; it must be above 0 and at most 1, for example 0.01.`)
  }
  if (name === 'part') {
    const of = given.of
    if (whole(value) && whole(of) && value <= of) return { part: value, of }
    throw invalid(
      `There is no part ${showValue(value)} of ${showValue(of)}: both must be whole numbers, from part 1 to part n of n.`,
    )
  }
  if (!whole(value)) {
    throw invalid(`\`sample.${name}\` is ${showValue(value)}; it must be a whole number of at least 1.`)
  }
  if (name === 'bytes') return { bytes: value }
  if (value <= MOST_SAMPLED) return { count: value }
  throw invalid(
    `\`sample.count\` is ${value}; a selection holds at most ${MOST_SAMPLED} objects. Give a \`fraction\`, which has no such limit, or run in shards.`,
  )
}

const whole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1

const invalid = (message: string): BackupError => new BackupError({ code: 'invalid-config', message })
