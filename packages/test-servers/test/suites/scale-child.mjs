// Run by the suite of many objects against the built packages, so that the memory measured is that of a real program.
import { readFileSync } from 'node:fs'
import { compare } from '@backproof/core/compare'
import { verify } from '@backproof/core/verify'

const { module, factory, options, directory, require } = JSON.parse(process.argv[2])
const source = (await import(module))[factory](options)
const run =
  directory === undefined
    ? verify({ source, require })
    : compare({ source: await openDirectory(directory), replicas: [source], require })
let findings = 0
for await (const page of run) findings += page.length
const { result, telemetry } = await run.report()
await source[Symbol.asyncDispose]()
process.stdout.write(
  JSON.stringify({
    findings,
    match: result.totals.outcomes.match,
    complete: result.complete,
    operations: telemetry.operations,
    ms: telemetry.elapsedMs,
    // Not `resourceUsage().maxRSS`, which starts from the memory of the process that started this one.
    rssMiB: Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024,
  }),
)

async function openDirectory({ module, factory, path }) {
  return (await import(module))[factory]({ path })
}
