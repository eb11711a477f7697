// Run by manifest-scale.test.ts against the built packages, so that the memory measured is that of a real program.
import { readFileSync } from 'node:fs'
import { compare } from '@backproof/core/compare'
import { manifestFile } from '@backproof/provider-local'

const [source, replica] = process.argv.slice(2)
const run = compare({ source: manifestFile({ path: source }), replicas: [manifestFile({ path: replica })] })
const { result, telemetry } = await run.report()
process.stdout.write(
  JSON.stringify({
    outcomes: result.totals.outcomes,
    findings: result.findings.map(({ key }) => key),
    spilled: telemetry.spilledEntries,
    // Not `resourceUsage().maxRSS`, which starts from the memory of the process that started this one.
    rssMiB: Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024,
  }),
)
