/**
 * What an audit costs: all rules over an estate of 10,000 assets with ordinary histories, 5,000,000 job runs and 1,000,000
 * recovery points streamed through all rules that read them, and half of each, which must not hold less memory. Each runs in a
 * process of its own, beside one that only iterates over the same items. Run from the repository's root, after `npm run build:js`
 * (`--conditions=backproof-source` after `tsx` takes the sources instead, which tsx makes slower):
 *
 *     npx tsx packages/rules/bench/audit.ts [scenario ...]
 *
 * For hot spots: `npx tsx --cpu-prof packages/rules/bench/audit.ts --child assets audit`.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { AuditOptions, AuditRule, HistorySource } from '@backproof/core/audit'

interface Run {
  readonly seconds: number
  /** Of all threads: what a busy machine does not change. */
  readonly cpuSeconds: number
  readonly megabytes: number
  readonly items: number
  readonly findings: number
}

interface Scenario {
  readonly title: string
  readonly assets: number
  readonly histories: (estate: typeof import('./estate.js')) => readonly HistorySource<unknown>[]
  /** Default: all rules. */
  readonly history?: string
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  idle: { title: 'nothing', assets: 0, histories: () => [] },
  bare: { title: '10,000 assets x all rules, no history', assets: 10_000, histories: () => [] },
  assets: {
    title: '10,000 assets x all rules, 690,000 items',
    assets: 10_000,
    histories: ({ ordinary }) => ordinary(10_000),
  },
  'half-runs': {
    title: '2,500,000 job runs, 1,000 assets',
    assets: 1_000,
    histories: ({ madeRuns }) => [madeRuns(1_000, 2_500)],
    history: 'job.runs',
  },
  runs: {
    title: '5,000,000 job runs, 1,000 assets',
    assets: 1_000,
    histories: ({ madeRuns }) => [madeRuns(1_000, 5_000)],
    history: 'job.runs',
  },
  'runs-of-one': {
    title: '5,000,000 job runs of one asset',
    assets: 1,
    histories: ({ madeRuns }) => [madeRuns(1, 5_000_000)],
    history: 'job.runs',
  },
  'half-points': {
    title: '500,000 recovery points, 1,000 assets',
    assets: 1_000,
    histories: ({ madePoints }) => [madePoints(1_000, 500)],
    history: 'recovery.points',
  },
  points: {
    title: '1,000,000 recovery points, 1,000 assets',
    assets: 1_000,
    histories: ({ madePoints }) => [madePoints(1_000, 1_000)],
    history: 'recovery.points',
  },
  'points-of-one': {
    title: '1,000,000 recovery points of one asset',
    assets: 1,
    histories: ({ madePoints }) => [madePoints(1, 1_000_000)],
    history: 'recovery.points',
  },
}

const iterate = async (histories: readonly HistorySource<unknown>[]): Promise<number> => {
  const { signal } = new AbortController()
  let items = 0
  let latest = 0
  for (const source of histories)
    for await (const page of source.read({ signal, now: 0 }))
      for (const item of page) {
        items += 1
        latest = Math.max(latest, source.history.timeOf(item))
      }
  return latest > 0 ? items : 0
}

const child = async (name: string, how: string): Promise<void> => {
  const { title, assets, histories, history } = SCENARIOS[name]!
  const estate = await import('./estate.js')
  const sources = histories(estate)
  const { audit } = await import('@backproof/core/audit')
  const factories = Object.values(await import('@backproof/rules')) as readonly (() => AuditRule)[]
  const rules = factories
    .map((rule) => rule())
    .filter(({ folds }) => history === undefined || Object.values(folds).some((fold) => fold.history.name === history))
  const options: AuditOptions = {
    rules,
    policy: estate.policyOf(assets),
    collectors: [...sources, estate.noReports],
    now: () => new Date(estate.NOW),
  }
  const started = performance.now()
  const cpuStarted = process.cpuUsage()
  let items = 0
  let findings = 0
  if (how === 'iterate') items = await iterate(sources)
  else if (assets > 0) {
    const { result } = await audit(options).report()
    items = result.histories.reduce((sum, one) => sum + one.items, 0)
    findings = result.totals.findings
    if (how === 'show') for (const one of result.rules) console.error(title, one.rule, JSON.stringify(one.statuses))
  }
  const seconds = (performance.now() - started) / 1_000
  const { user, system } = process.cpuUsage(cpuStarted)
  const cpuSeconds = (user + system) / 1e6
  console.log(
    JSON.stringify({
      seconds,
      cpuSeconds,
      megabytes: process.resourceUsage().maxRSS / 1_024,
      items,
      findings,
    } satisfies Run),
  )
}

const TIGHT_MB = 64
const self = fileURLToPath(import.meta.url)
const inChild = (name: string, how: string, heap: readonly string[] = []): Run | undefined => {
  const flags = [...process.execArgv, ...heap, self, '--child', name, how]
  const { status, stdout, stderr } = spawnSync(process.execPath, flags, { encoding: 'utf8' })
  if (status !== 0 && heap.length > 0) return undefined
  if (status !== 0) throw new Error(`${name}: ${stderr}`)
  return JSON.parse(stdout) as Run
}

const median = (runs: readonly Run[]): Run => [...runs].sort((a, b) => a.cpuSeconds - b.cpuSeconds)[runs.length >> 1]!
const rounds = (name: string, how: string): Run => median([0, 1, 2].map(() => inChild(name, how)!))

const main = (names: readonly string[]): void => {
  const idle = rounds('idle', 'audit').megabytes
  console.log(`A process that has only loaded the code: ${idle.toFixed(0)} MB. Medians of three.\n`)
  for (const name of names) {
    const own = rounds(name, 'audit')
    const plain = rounds(name, 'iterate')
    const each = own.items === 0 ? '' : `, ${((own.cpuSeconds * 1e6) / own.items).toFixed(2)} µs an item`
    const ratio = plain.items === 0 ? '' : `, ${(own.cpuSeconds / plain.cpuSeconds).toFixed(1)} times the iteration`
    const took = `${own.seconds.toFixed(2)} s, ${own.cpuSeconds.toFixed(2)} s of processors`
    console.log(`${SCENARIOS[name]!.title}: ${took}${each}${ratio}; ${own.findings} rows`)
    console.log(`  peak ${own.megabytes.toFixed(0)} MB; iteration alone ${plain.megabytes.toFixed(0)} MB`)
    // V8 takes what it may: what is really held shows where it may not.
    const tight = inChild(name, 'audit', [`--max-old-space-size=${TIGHT_MB}`])
    const fits = tight && `peak ${tight.megabytes.toFixed(0)} MB, ${tight.cpuSeconds.toFixed(2)} s of processors`
    console.log(`  in a heap of ${TIGHT_MB} MB: ${fits ?? 'does not fit'}\n`)
  }
}

const [first, ...others] = process.argv.slice(2)
if (first === '--child') await child(others[0] ?? '', others[1] ?? '')
else main(first === undefined ? Object.keys(SCENARIOS).filter((name) => name !== 'idle') : [first, ...others])
