import { compare } from '@backproof/core/compare'
import { localDirectory } from '@backproof/provider-local'

const [a, b] = process.argv.slice(2)
const run = compare({
  source: localDirectory({ path: a }),
  replicas: [localDirectory({ path: b })],
  require: process.argv[4] ?? 'stored',
  workers: process.argv[5] ? Number(process.argv[5]) : undefined,
})
const r = await run.report()
console.log(
  JSON.stringify(r.result.totals),
  JSON.stringify(r.result.findings.slice(0, 5)),
  r.telemetry,
  process.resourceUsage().maxRSS / 1024,
)
