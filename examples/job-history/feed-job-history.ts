// From the log that a nightly script leaves to job runs that rules can judge.
// start, end, asset, exit code, bytes, separated by tabs: 2026-11-21T01:00:00+01:00  2026-11-21T01:12:09+01:00  shop  0  53687091200
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { audit } from '@backproof/core/audit'
import { type JobRun, jobLines, writeJobLines } from '@backproof/core/history'
import { jobSuccessRate } from '@backproof/rules/job-success-rate'

async function* runsOf(log: string): AsyncGenerator<readonly JobRun[]> {
  for await (const line of createInterface({ input: createReadStream(log), crlfDelay: Number.POSITIVE_INFINITY })) {
    const [start = '', end = '', asset = '', code = '', bytes = ''] = line.split('\t')
    yield [
      {
        id: start,
        asset,
        system: 'nightly.sh',
        start: Date.parse(start),
        // A script that was killed wrote no end: nobody knows how it went.
        end: end === '' ? null : Date.parse(end),
        status: code === '0' ? 'success' : code === '' ? 'unknown' : 'failed',
        rawStatus: code === '' ? null : `exit code ${code}`,
        bytesProcessed: bytes === '' ? null : Number(bytes),
      },
    ]
  }
}

const [log = 'nightly.log', runs = 'runs.jsonl', asOf = new Date().toISOString()] = process.argv.slice(2)
const { items } = await writeJobLines({ pages: runsOf(log), to: runs, asOf: Date.parse(asOf) })
console.log(`${items} runs in ${runs}`)

const targets = [{ kind: 'asset', id: 'shop' }]
const collectors = [jobLines({ path: runs })]
for await (const findings of audit({ rules: [jobSuccessRate()], targets, collectors, now: () => new Date(asOf) }))
  for (const { status, target, text } of findings) console.log(status, target.id, text)
