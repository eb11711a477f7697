// A nightly check inside an application: progress in the log, every row in a file, an exit code from the report.
// SIGTERM and SIGINT end it promptly; the report then says that it is incomplete.
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { compare, createNdjsonWriter, EXIT, exitCode, summarize } from '@backproof/core'
import { localDirectory } from '@backproof/provider-local'

const [original = '/srv/shop', copy = '/mnt/backup/shop', rows = 'rows.ndjson'] = process.argv.slice(2)
const stop = new AbortController()
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => stop.abort(new Error(`stopped by ${name}`)))
const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(6 * 60 * 60 * 1000)])

process.exitCode = EXIT.internal // until the report and all rows are written
try {
  const source = localDirectory({ path: original })
  const replica = localDirectory({ path: copy })
  const onProgress = ({ objects = 0, bytes = 0 }) => console.error({ objects, bytes })
  const run = compare({ source, replicas: [replica], record: ['sha256'], signal, onProgress })

  const file = createWriteStream(rows)
  const writer = createNdjsonWriter(file, { kind: 'compare', source: source.uri, replicas: [replica.uri] })
  try {
    for await (const findings of run) await writer.write(findings)
  } catch (error) {
    if (!signal.aborted) throw error
  }
  const { result, telemetry } = await run.report()
  await writer.end(result)
  await finished(file.end())
  console.log(summarize(result).sentence)
  console.log(`read ${telemetry.bytesRead} bytes in ${Math.round(telemetry.elapsedMs)} ms`)
  process.exitCode = exitCode(result)
} catch (error) {
  console.error(error)
}
