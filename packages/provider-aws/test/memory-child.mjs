// Run by memory.test.ts against the built packages, so that the memory measured is that of a real program.
import { readFileSync } from 'node:fs'
import { compare } from '@backproof/core/compare'
import { verify } from '@backproof/core/verify'
import { s3Source } from '@backproof/provider-aws'
import { localDirectory } from '@backproof/provider-local'

const { bucket, endpoint, region, credentials, directory, require, listConcurrency } = JSON.parse(process.argv[2])
const source = s3Source({ bucket, endpoint, region, credentials, profile: 'aws', listConcurrency })
const run =
  directory === undefined
    ? verify({ source, require })
    : compare({ source: localDirectory({ path: directory }), replicas: [source], require })
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
