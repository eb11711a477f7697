// Run by memory.test.ts against the built packages, so that the memory measured is that of a real program.
import { readFileSync } from 'node:fs'
import { compare } from '@backproof/core/compare'
import { s3Inventory } from '@backproof/provider-aws'
import { localDirectory } from '@backproof/provider-local'

const [manifest, ...directories] = process.argv.slice(2)
const started = performance.now()
const [source, ...replicas] = directories.map((path) => s3Inventory({ files: localDirectory({ path }), manifest }))
const run = compare({ source, replicas })
let findings = 0
for await (const page of run) findings += page.length
const { result } = await run.report()
process.stdout.write(
  JSON.stringify({
    findings,
    match: result.totals.outcomes.match,
    complete: result.complete,
    ms: Math.round(performance.now() - started),
    rssMiB: Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024,
  }),
)
