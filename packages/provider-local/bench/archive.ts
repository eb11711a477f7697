/**
 * How fast, and in how much memory, an archive is scanned with the digest of every body, against tools that do the same
 * work. Run from the repository's root:
 *
 *     npx tsx --conditions=backproof-source packages/provider-local/bench/archive.ts [entries] [rounds]
 *
 * Makes a tree of that many files of 1 KiB (default 200,000) in a temporary directory and packs it by tar, gzip, zstd and zip. Each round runs every contestant in a process of its own, by turns; the table shows medians.
 */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Run {
  readonly seconds: number
  readonly megabytes: number
  readonly entries: number
}

const child = async (path: string): Promise<void> => {
  const [{ tarArchive, zipArchive }, { createHasher }] = await Promise.all([
    import('@backproof/provider-local'),
    import('@backproof/core/digest'),
  ])
  const hasher = await createHasher(['xxh3-128'])
  const started = performance.now()
  let entries = 0
  for await (const { body } of (path.endsWith('.zip') ? zipArchive : tarArchive)({ path }).scan!()) {
    hasher.reset()
    for await (const chunk of body) hasher.update(chunk)
    hasher.digest()
    entries += 1
  }
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

const shell = (command: string, ...parameters: string[]): Run => {
  const started = performance.now()
  const { status, stderr } = spawnSync('sh', ['-c', command, 'sh', ...parameters], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return { seconds: (performance.now() - started) / 1000, megabytes: Number.NaN, entries: Number.NaN }
}

const makeTree = (root: string, count: number): void => {
  for (let i = 0; i < count; i++) {
    const folder = `${root}/tree/${String(i % 200).padStart(3, '0')}`
    if (i < 200) mkdirSync(folder, { recursive: true })
    // Half of it packs well, as documents do.
    writeFileSync(`${folder}/invoice-${i}.pdf`, Buffer.concat([randomBytes(512), Buffer.alloc(512, String(i))]))
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

const main = (count: number, rounds: number): void => {
  const root = mkdtempSync(join(tmpdir(), 'backproof-bench-'))
  try {
    makeTree(root, count)
    shell('cd "$1" && tar -cf a.tar -C tree . && gzip -k a.tar && zstd -q a.tar && cd tree && zip -rq ../a.zip .', root)
    const contestants: Record<string, () => Run> = {
      'tar -xOf a.tar | b3sum': () => shell('tar -xOf "$1/a.tar" | b3sum', root),
      'tarArchive, a.tar': () => node('child', `${root}/a.tar`),
      'tar -xzOf a.tar.gz | b3sum': () => shell('tar -xzOf "$1/a.tar.gz" | b3sum', root),
      'tarArchive, a.tar.gz': () => node('child', `${root}/a.tar.gz`),
      'tar --zstd -xOf a.tar.zst | b3sum': () => shell('tar --zstd -xOf "$1/a.tar.zst" | b3sum', root),
      'tarArchive, a.tar.zst': () => node('child', `${root}/a.tar.zst`),
      'unzip -p a.zip | b3sum': () => shell('unzip -p "$1/a.zip" | b3sum', root),
      'zipArchive, a.zip': () => node('child', `${root}/a.zip`),
    }
    const runs = new Map(Object.keys(contestants).map((name) => [name, [] as Run[]]))
    for (let round = 0; round < rounds; round++) {
      for (const [name, run] of Object.entries(contestants)) runs.get(name)?.push(run())
    }
    const base = node('idle').megabytes
    console.table(
      Object.fromEntries(
        [...runs].map(([name, all]) => [
          name,
          {
            entries: all[0]?.entries,
            seconds: median(all.map(({ seconds }) => seconds)).toFixed(2),
            'peak RSS, MB': median(all.map(({ megabytes }) => megabytes)).toFixed(0),
            'on top of an idle process, MB': (median(all.map(({ megabytes }) => megabytes)) - base).toFixed(0),
          },
        ]),
      ),
    )
  } finally {
    rmSync(root, { recursive: true })
  }
}

const [first = '200000', second = '3'] = process.argv.slice(2)
if (first === 'child') await child(second)
else if (first === 'idle') idle()
else main(Number(first), Number(second))
