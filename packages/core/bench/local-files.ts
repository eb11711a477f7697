// Local files: 2 x 20,000 files of 4 KiB, and two files of 1 GiB, against the tools of the system. Prints medians of
// interleaved runs with warm caches, and ratios to the first row (below 1: faster). Needs about 2.2 GiB in the
// directory for temporary files. Build first (npm run build), then: npx tsx packages/core/bench/local-files.ts
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LocalJob, LocalJobFile, LocalReader } from '../src/run/local-jobs.js'
import type * as ReaderModule from '../src/run/local-reader.js'

const RUNS = 5
const BATCH = 512
const MIB = 1024 * 1024

const built = new URL('../dist/run/local-reader.js', import.meta.url)
if (!existsSync(built))
  throw new Error(`${fileURLToPath(built)} is not there: build the packages first (npm run build)`)
const { createLocalReader } = (await import(built.href)) as typeof ReaderModule

const root = mkdtempSync(join(tmpdir(), 'backproof-bench-'))
process.on('exit', () => rmSync(root, { recursive: true, force: true }))

const describe = (path: string): LocalJobFile['file'] => {
  const { size, mtimeMs, ctimeMs, ino, dev } = lstatSync(path)
  return { path, pin: { size, mtimeMs, ctimeMs, ino, dev } }
}

/** Lists both sides, as a whole run would, and compares them; `algorithms` are computed on the way. */
const compareTrees = async (workers: number, algorithms: LocalJobFile['algorithms']): Promise<void> => {
  const reader = createLocalReader({ workers })
  const pending = new Set<Promise<void>>()
  let batch: LocalJob[] = []
  const flush = async (): Promise<void> => {
    const jobs = batch
    batch = []
    const call = check(reader, jobs).finally(() => pending.delete(call))
    pending.add(call)
    if (pending.size >= reader.parallelism) await Promise.race(pending)
  }
  for (const directory of readdirSync(join(root, 'a'))) {
    for (const name of readdirSync(join(root, 'a', directory))) {
      const files = ['a', 'b'].map((side, i) => ({
        file: describe(join(root, side, directory, name)),
        algorithms,
        compareToFirst: i > 0 && algorithms.length === 0,
      }))
      if (batch.push({ files }) === BATCH) await flush()
    }
  }
  await flush()
  await Promise.all(pending)
  await reader.close()
}

const check = async (reader: LocalReader, jobs: readonly LocalJob[]): Promise<void> => {
  for (const [a, b] of await reader.run(jobs)) {
    const equal =
      b!.equal ??
      (a!.digests !== undefined && Object.entries(a!.digests).every(([name, hex]) => b!.digests?.[name] === hex))
    if (!equal) throw new Error('files that are equal were found different')
  }
}

const compareBig = async (workers: number, algorithms: LocalJobFile['algorithms']): Promise<void> => {
  const reader = createLocalReader({ workers })
  const files = ['big-a', 'big-b'].map((name, i) => ({
    file: describe(join(root, name, 'file')),
    algorithms,
    compareToFirst: i > 0 && algorithms.length === 0,
  }))
  // Files that are not compared are jobs of their own, so that workers share them.
  const jobs = algorithms.length === 0 ? [{ files }] : files.map((file) => ({ files: [file] }))
  const results = (await reader.run(jobs)).flat()
  const [a, b] = results
  if (!(b!.equal ?? JSON.stringify(a!.digests) === JSON.stringify(b!.digests))) throw new Error('found different')
  await reader.close()
}

const command =
  (name: string, ...args: readonly string[]): (() => void) =>
  () => {
    const { status, error } = spawnSync(name, args, { stdio: 'ignore' })
    if (status !== 0) throw error ?? new Error(`${name} ended with ${status}`)
  }

const installed = (name: string): boolean => spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined

type Contestant = readonly [name: string, run: () => void | Promise<void>]

const race = async (title: string, contestants: readonly Contestant[]): Promise<void> => {
  const times = new Map(contestants.map(([name]) => [name, [] as number[]]))
  // The first round warms up. rclone drops what it read from the page cache, so that each run is preceded by a read of all.
  for (let round = 0; round <= RUNS; round++) {
    for (const [name, run] of contestants) {
      spawnSync('sh', [
        '-c',
        `cat '${root}'/big-*/file > /dev/null; find '${root}/a' '${root}/b' -type f -exec cat {} + > /dev/null`,
      ])
      const start = performance.now()
      await run()
      if (round > 0) times.get(name)!.push(performance.now() - start)
    }
  }
  console.log(`\n${title}`)
  let best: number | undefined
  for (const [name, all] of times) {
    const median = all.sort((x, y) => x - y)[Math.floor(all.length / 2)]!
    best ??= median
    console.log(
      `  ${name.padEnd(34)} ${median.toFixed(0).padStart(6)} ms   ${(median / best).toFixed(2)}x   (${all[0]!.toFixed(0)}-${all.at(-1)!.toFixed(0)})`,
    )
  }
}

for (const side of ['a', 'b']) {
  for (let directory = 0; directory < 200; directory++) {
    mkdirSync(join(root, side, `${directory}`), { recursive: true })
    for (let i = 0; i < 100; i++) {
      writeFileSync(join(root, side, `${directory}`, `file-${i}.bin`), Buffer.alloc(4096, `${directory}/${i};`))
    }
  }
  mkdirSync(join(root, `big-${side}`))
  const fd = openSync(join(root, `big-${side}`, 'file'), 'w')
  const block = Buffer.alloc(MIB)
  for (let i = 0; i < 1024; i++) writeSync(fd, block.fill(`${i};`))
  closeSync(fd)
}

const [a, b, bigA, bigB] = ['a', 'b', 'big-a', 'big-b'].map((name) => join(root, name)) as [
  string,
  string,
  string,
  string,
]
await race('2 x 20,000 files of 4 KiB, listed and compared', [
  ['backproof, bytes', () => compareTrees(2, [])],
  ['backproof, bytes, main thread', () => compareTrees(0, [])],
  ['backproof, sha256', () => compareTrees(2, ['sha256'])],
  ['diff -rq', command('diff', '-rq', a, b)],
  ...(installed('rclone')
    ? [['rclone check --download', command('rclone', 'check', '--download', a, b)] as Contestant]
    : []),
])
await race('two files of 1 GiB', [
  ['backproof, bytes', () => compareBig(2, [])],
  ['backproof, bytes, main thread', () => compareBig(0, [])],
  ['backproof, sha256, two workers', () => compareBig(2, ['sha256'])],
  ['cmp', command('cmp', join(bigA, 'file'), join(bigB, 'file'))],
  ...(installed('rclone')
    ? [['rclone check --download', command('rclone', 'check', '--download', bigA, bigB)] as Contestant]
    : []),
])
