// Run by memory.test.ts and scale.test.ts against the built packages, so that the memory measured is that of a real program.
import { readFileSync } from 'node:fs'
import { compare } from '@backproof/core/compare'
import { localDirectory, tarArchive } from '@backproof/provider-local'

const [source, replica, require] = process.argv.slice(2)
const started = performance.now()
const run = compare({
  source: localDirectory({ path: source }),
  replicas: [replica.endsWith('.tar.gz') ? tarArchive({ path: replica }) : localDirectory({ path: replica })],
  require,
})
let findings = 0
for await (const page of run) findings += page.length
const { result, telemetry } = await run.report()
process.stdout.write(
  JSON.stringify({
    findings,
    match: result.totals.outcomes.match,
    complete: result.complete,
    scans: telemetry.requests['scan'] ?? 0,
    ms: performance.now() - started,
    // Not `resourceUsage().maxRSS`, which starts from the memory of the process that started this one.
    rssMiB: Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024,
  }),
)
