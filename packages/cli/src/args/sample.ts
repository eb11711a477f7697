import type { SampleLimit, SampleOptions } from '@backproof/core/evidence'
import { parseSize } from '@backproof/core/run'
import type { Values } from './parse.js'
import { usageError } from './usage-error.js'
import { choice, text } from './values.js'

/** The sample that `--sample`, `--sample-by`, `--seed` and `--confidence` describe. */
export const sampleOptions = (values: Values): SampleOptions | undefined => {
  const given = text(values, 'sample')
  const by = choice(values, 'sample-by', ['objects', 'bytes'] as const)
  const seed = text(values, 'seed')
  const confidence = confidenceOf(values)
  if (given === undefined) {
    const alone = ['sample-by', 'seed', 'confidence'].find((name) => values[name] !== undefined)
    if (alone === undefined) return undefined
    throw usageError(`--${alone} needs --sample`, 'Say how much is to be taken, for example --sample 1%.')
  }
  return {
    ...limitOf(given),
    ...(by !== undefined && { by }),
    ...(seed !== undefined && { seed }),
    ...(confidence !== undefined && { confidence }),
  }
}

/** `1%`, `1000` (objects), `10GB`, `3/7` (part 3 of 7). The engine says what is too little and too much. */
const limitOf = (given: string): SampleLimit => {
  const share = percent(given)
  if (share !== undefined) return { fraction: share }
  const [, part, of] = /^(\d{1,9})\/(\d{1,9})$/.exec(given) ?? []
  if (part !== undefined && of !== undefined) return { part: Number(part), of: Number(of) }
  if (/^\d{1,15}$/.test(given)) return { count: Number(given) }
  const bytes = parseSize(given)
  if (bytes !== undefined) return { bytes }
  throw usageError(
    `--sample ${JSON.stringify(given)} says no amount`,
    'Write a share (1%), a number of objects (1000), a size with a unit (10GB), or a part of all (3/7).',
  )
}

const confidenceOf = (values: Values): number | undefined => {
  const given = text(values, 'confidence')
  const confidence =
    given === undefined ? undefined : (percent(given) ?? (/^0?\.\d{1,12}$/.test(given) ? Number(given) : 1))
  if (confidence === undefined || (confidence > 0 && confidence < 1)) return confidence
  throw usageError(
    `--confidence ${JSON.stringify(given)} is none`,
    'It is above 0 and below 1: 0.95 or 95%. Certainty needs every object: leave --sample out.',
  )
}

/** `0.5%` as a share. */
const percent = (text: string): number | undefined => {
  const amount = /^(\d{1,3}(?:\.\d{1,9})?) ?%$/.exec(text)?.[1]
  // By the decimal point: what is divided is rounded twice.
  return amount === undefined ? undefined : Number(`${amount}e-2`)
}
