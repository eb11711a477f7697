// Several machines each compare a share of the keys, and one merges their results into the whole.
// Here one process stands for all of them.
import { compare, exitCode, mergeResults, type RunResult, summarize } from '@backproof/core'
import { localDirectory } from '@backproof/provider-local'

const [original = '/srv/shop', copy = '/mnt/backup/shop', machines = '4'] = process.argv.slice(2)
const count = Number(machines)

/** What one machine does. Its result travels as JSON. */
const compareShard = async (index: number): Promise<string> => {
  const { result } = await compare({
    source: localDirectory({ path: original }),
    replicas: [localDirectory({ path: copy })],
    shard: { index, count },
  }).report()
  console.log(`shard ${index + 1} of ${count}: ${result.totals.findings} compared`)
  return JSON.stringify(result)
}

const parts: RunResult[] = []
for (let index = 0; index < count; index++) parts.push(JSON.parse(await compareShard(index)) as RunResult)

const whole = mergeResults(...parts)
console.log(summarize(whole).sentence)
process.exitCode = exitCode(whole)
