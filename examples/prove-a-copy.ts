import { compare, escapeKey, exitCode, summarize } from '@backproof/core'
import { localDirectory } from '@backproof/provider-local'

const [original = '/srv/shop', copy = '/mnt/backup/shop'] = process.argv.slice(2)

const run = compare({
  source: localDirectory({ path: original }),
  replicas: [localDirectory({ path: copy })],
})
for await (const findings of run) {
  for (const { key, outcome } of findings) if (outcome !== 'match') console.log(outcome, escapeKey(key))
}
const { result } = await run.report()
console.log(summarize(result).sentence)
process.exitCode = exitCode(result)
