/**
 * How fast, and in how much memory, one flat directory is listed, against `find -printf '%s\n'`, which also calls lstat
 * for every name. Run from the repository's root:
 *
 *     npx tsx --conditions=backproof-source packages/provider-local/bench/list.ts [count or directory] [rounds]
 *
 * A count makes that many files in a temporary directory first (default 1,000,000: about a minute). Each round runs every
 * contestant in a process of its own, by turns; the table shows medians.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Run {
  readonly seconds: number
  readonly megabytes: number
  readonly entries: number
}

const child = async (directory: string, listWindow: string): Promise<void> => {
  const { localDirectory } = await import('@backproof/provider-local')
  const started = performance.now()
  let entries = 0
  for await (const page of localDirectory({ path: directory, listWindow: Number(listWindow) }).list())
    entries += page.length
  const seconds = (performance.now() - started) / 1000
  console.log(JSON.stringify({ seconds, megabytes: process.resourceUsage().maxRSS / 1024, entries } satisfies Run))
}

const idle = (): void => {
  console.log(
    JSON.stringify({ seconds: 0, megabytes: process.resourceUsage().maxRSS / 1024, entries: 0 } satisfies Run),
  )
}

const self = fileURLToPath(import.meta.url)
const node = (...parameters: string[]): Run => {
  const flags = ['--conditions=backproof-source', '--import', 'tsx', self, ...parameters]
  const { stdout, stderr, status } = spawnSync(process.execPath, flags, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Run
}

const find = (directory: string): Run => {
  const started = performance.now()
  const { stdout, status } = spawnSync('sh', ['-c', `find "$1" -type f -printf '%s\\n' | wc -l`, 'sh', directory])
  if (status !== 0) throw new Error('find failed')
  return { seconds: (performance.now() - started) / 1000, megabytes: Number.NaN, entries: Number(stdout.toString()) }
}

const makeFiles = (count: number): string => {
  const directory = mkdtempSync(join(tmpdir(), 'backproof-bench-'))
  for (let i = 0; i < count; i++) {
    writeFileSync(`${directory}/invoice-${String((i * 7919) % count).padStart(8, '0')}.pdf`, i % 2 === 0 ? 'even' : '')
  }
  return directory
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

const main = (what: string, rounds: number): void => {
  const count = Number(what)
  const directory = Number.isInteger(count) ? makeFiles(count) : what
  try {
    const contestants: Record<string, () => Run> = {
      "find -printf '%s\\n'": () => find(directory),
      localDirectory: () => node('child', directory, '300000'),
      'localDirectory, all names in memory': () => node('child', directory, '100000000'),
    }
    const runs = new Map(Object.keys(contestants).map((name) => [name, [] as Run[]]))
    for (let round = 0; round < rounds; round++) {
      for (const [name, run] of Object.entries(contestants)) runs.get(name)?.push(run())
    }
    const base = node('idle').megabytes
    const yardstick = median(runs.get("find -printf '%s\\n'")?.map(({ seconds }) => seconds) ?? [])
    console.table(
      Object.fromEntries(
        [...runs].map(([name, all]) => {
          const seconds = median(all.map((run) => run.seconds))
          return [
            name,
            {
              entries: all[0]?.entries,
              seconds: seconds.toFixed(2),
              'times find': (seconds / yardstick).toFixed(2),
              'peak RSS, MB': median(all.map((run) => run.megabytes)).toFixed(0),
              'on top of an idle process, MB': (median(all.map((run) => run.megabytes)) - base).toFixed(0),
            },
          ]
        }),
      ),
    )
  } finally {
    if (Number.isInteger(count)) rmSync(directory, { recursive: true })
  }
}

const [first = '1000000', second = '3', third = ''] = process.argv.slice(2)
if (first === 'child') await child(second, third)
else if (first === 'idle') idle()
else main(first, Number(second))
