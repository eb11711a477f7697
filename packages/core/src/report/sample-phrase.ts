import type { SampleResult } from '../evidence/sample/result.js'
import { byteCount, figure } from './phrases.js'
import type { RunResult } from './report.js'

/** The sample of a result that does not speak for every object; one that took every object is as good as none. */
export const partialSample = ({ sample }: RunResult): SampleResult | undefined =>
  sample === undefined || sample.sampled === sample.population ? undefined : sample

/** Whether there was something to sample and nothing was taken: that proves nothing. */
export const tookNothing = ({ sample }: RunResult): boolean =>
  sample !== undefined && sample.sampled === 0 && sample.population > 0

/** What is proven: `Proven`, `Sample proven`, `Part 3 of 7 proven`. */
export const provenTitle = (result: RunResult): string => {
  const limit = partialSample(result)?.plan.limit
  if (limit === undefined) return 'Proven'
  return 'of' in limit ? `Part ${figure(limit.part)} of ${figure(limit.of)} proven` : 'Sample proven'
}

/** `all 1,000 sampled of 250,000 objects (10.0 MB of 2.50 GB)`. `which` tells what belongs to the objects. */
export const sampledObjects = (sample: SampleResult, which: string): string => {
  const taken = sample.sampled === 1 ? 'the only one' : `all ${figure(sample.sampled)}`
  const how = 'of' in sample.plan.limit ? 'in this part' : 'sampled'
  return `${taken} ${how} of ${figure(sample.population)} objects${which} (${byteCount(sample.sampledBytes)} of ${byteCount(sample.populationBytes)})`
}

/** What a sample says of the objects that it left out, and that it left them out. */
export const sampleRemarks = (result: RunResult): string[] => {
  const { sample } = result
  if (sample === undefined || sample.population === 0) return []
  const partial = partialSample(result)
  if (partial === undefined) return ['the sample took every object']
  const { limit } = partial.plan
  const others = 'of' in limit ? [`${figure(limit.of - 1)} of ${figure(limit.of)} parts are not proven by this`] : []
  const left = partial.population - partial.sampled
  return [boundPhrase(partial), `${figure(left)} ${left === 1 ? 'was' : 'were'} only listed`, ...others]
}

/** Of a run that proved nothing whole: how much was looked at, and what may be wrong in all. */
export const sampleReasons = (result: RunResult): string[] => {
  const { sample } = result
  if (sample === undefined || sample.population === 0) return []
  const of = `${figure(sample.population)} ${sample.population === 1 ? 'object' : 'objects'}`
  if (sample.sampled === 0) return [`the sample took none of ${of}: take a larger one`]
  const partial = partialSample(result)
  return partial === undefined
    ? []
    : [
        `the sample took ${figure(partial.sampled)} of ${of}: ${boundPhrase(partial)}, what could not be decided included`,
      ]
}

/** `with 95 % confidence at most 0.30 % of the objects (746) are corrupt`. */
const boundPhrase = ({ confidence, upper, upperShare, plan }: SampleResult): string => {
  const sure = Number((confidence * 100).toFixed(6))
  const [what, amount] = plan.by === 'bytes' ? ['bytes', byteCount(upper)] : ['objects', figure(upper)]
  return `with ${sure} % confidence at most ${shareAbove(upperShare)} of the ${what} (${amount}) are corrupt`
}

/** A share in per cent with two digits, rounded up: no less than the bound is ever said. */
const shareAbove = (share: number): string => {
  if (share === 0) return '0 %'
  const percent = share * 100
  const digits = Math.max(0, 1 - Math.floor(Math.log10(percent)))
  // What is 0.30 but for the last bit of a double is not 0.31.
  const rounded = Math.ceil(percent * 10 ** digits * (1 - Number.EPSILON * 4)) / 10 ** digits
  return `${rounded.toFixed(digits)} %`
}
