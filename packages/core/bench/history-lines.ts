/**
 * What reading and writing a history as JSON lines costs: a million job runs of a dozen members. Run it with
 * `npx tsx packages/core/bench/history-lines.ts [ROWS]`. Beside it, what `JSON.parse` and `JSON.stringify` alone take for the same rows.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type JobRun, jobLines, writeJobLines } from '../src/history/index.js'

const ROWS = Number(process.argv[2] ?? 1_000_000)
const PAGE = 1_000
const DAY = 86_400_000

const run = (i: number): JobRun => {
  const start = Date.UTC(2020, 0, 1) + (i % PAGE) * DAY
  return {
    id: `run-${i}`,
    asset: `asset-${String(Math.floor(i / PAGE)).padStart(6, '0')}`,
    plan: 'daily',
    system: 'veeam',
    start,
    end: start + 600_000,
    status: i % 17 === 0 ? 'failed' : 'success',
    rawStatus: i % 17 === 0 ? 'Failed' : 'Success',
    kind: 'incremental',
    bytesProcessed: i * 4_096,
    items: i,
    error: i % 17 === 0 ? { code: 'E42', message: 'the snapshot could not be taken' } : null,
  }
}

function* pages(): Generator<readonly JobRun[]> {
  for (let from = 0; from < ROWS; from += PAGE) yield Array.from({ length: PAGE }, (_, i) => run(from + i))
}

const timed = async (what: string, work: () => unknown): Promise<void> => {
  const started = performance.now()
  await work()
  const seconds = (performance.now() - started) / 1_000
  console.log(`${what}: ${seconds.toFixed(2)} s, ${Math.round(ROWS / seconds).toLocaleString('en-US')} rows/s`)
}

const temp = await mkdtemp(join(tmpdir(), 'history-bench-'))
try {
  const path = join(temp, 'runs.jsonl')
  await timed('write', () => writeJobLines({ pages: pages(), to: path, order: 'target-time' }))
  console.log(`${Math.round((await stat(path)).size / ROWS)} bytes a row`)
  await timed('read', async () => {
    const options = { signal: new AbortController().signal, now: 0 }
    let rows = 0
    for await (const page of jobLines({ path }).read(options)) rows += page.length
    if (rows !== ROWS) throw new Error(`${rows} rows were read`)
  })
  await timed('JSON.stringify alone', () => {
    for (const page of pages()) for (const one of page) JSON.stringify(one)
  })
  const line = JSON.stringify(run(0))
  await timed('JSON.parse alone', () => {
    for (let i = 0; i < ROWS; i++) JSON.parse(line)
  })
  console.log(`peak memory: ${Math.round(process.resourceUsage().maxRSS / 1_024)} MB`)
} finally {
  await rm(temp, { recursive: true, force: true })
}
