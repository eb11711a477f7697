/**
 * Speed of digests: MB/s (1 MB = 10^6 bytes) of Backproof's hasher against hash-wasm and Node's own functions, in one thread
 * on a buffer in memory, and of a whole file against the system's tools. Run it with `npx tsx packages/core/bench/digest.ts`.
 * `--file-mib N`: size of that file (default 1024; 0: leave it out). Figures are medians of interleaved rounds.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { crc32 } from 'node:zlib'
import {
  createBLAKE3,
  createCRC32,
  createCRC64,
  createMD5,
  createSHA1,
  createSHA256,
  createSHA512,
  createXXHash3,
  createXXHash128,
} from 'hash-wasm'
import { createHasher, KNOWN_ALGORITHMS, type KnownAlgorithm } from '../src/digest/index.js'

type Work = (bytes: Uint8Array) => unknown

const ROUNDS = 40
const ROUND_MS = 8
const WARM_UP = 8

const noise = (length: number): Buffer => {
  const bytes = Buffer.alloc(length)
  for (let i = 0; i < length; i++) bytes[i] = Math.imul(i + 1, 0x9e3779b1) >>> 21
  return bytes
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

/** Median MB/s of each, taking turns, so that a busy moment of the machine hits all. */
const speeds = (works: readonly (Work | undefined)[], bytes: Uint8Array): (number | undefined)[] => {
  const batch = Math.max(1, Math.round(200_000 / bytes.length))
  const samples = works.map((): number[] => [])
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    works.forEach((work, i) => {
      if (work === undefined) return
      const start = performance.now()
      let count = 0
      while (performance.now() - start < ROUND_MS) {
        for (let k = 0; k < batch; k++) work(bytes)
        count += batch
      }
      if (round >= 0) samples[i]!.push((count * bytes.length) / 1000 / (performance.now() - start))
    })
  }
  return samples.map((values) => (values.length === 0 ? undefined : median(values)))
}

const print = (rows: readonly (readonly string[])[]): void => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  for (const row of rows) {
    console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '))
  }
  console.log()
}

const figure = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(0))
const ratio = (value: number, of: number | undefined): string =>
  of === undefined ? '-' : `${(value / of).toFixed(2)}x`

const hashWasm = {
  md5: await createMD5(),
  sha1: await createSHA1(),
  sha256: await createSHA256(),
  sha512: await createSHA512(),
  crc32: await createCRC32(),
  crc32c: await createCRC32(0x82f63b78),
  crc64nvme: await createCRC64('9a6c9329ac4bc9b5'),
  blake3: await createBLAKE3(),
  'xxh3-64': await createXXHash3(),
  'xxh3-128': await createXXHash128(),
} satisfies Record<KnownAlgorithm, unknown>

const nodeWork = (algorithm: KnownAlgorithm): Work | undefined => {
  if (algorithm === 'crc32') return (bytes) => crc32(bytes)
  if (!['md5', 'sha1', 'sha256', 'sha512'].includes(algorithm)) return undefined
  return (bytes) => createHash(algorithm).update(bytes).digest('hex')
}

const hasherWork = async (algorithms: readonly KnownAlgorithm[]): Promise<Work> => {
  const hasher = await createHasher(algorithms)
  return (bytes) => {
    hasher.reset()
    hasher.update(bytes)
    return hasher.digest()
  }
}

const benchAlgorithms = async (length: number): Promise<void> => {
  const bytes = noise(length)
  const rows = [[`${length / 1024} KiB`, 'MB/s', 'hash-wasm', 'Node', 'to hash-wasm', 'to Node']]
  for (const algorithm of KNOWN_ALGORITHMS) {
    const peer = hashWasm[algorithm]
    const [own, wasm, node] = speeds(
      [await hasherWork([algorithm]), (input) => peer.init().update(input).digest(), nodeWork(algorithm)],
      bytes,
    )
    rows.push([algorithm, figure(own), figure(wasm), figure(node), ratio(own!, wasm), ratio(own!, node)])
  }
  print(rows)
}

const benchSeveral = async (): Promise<void> => {
  const bytes = noise(1024 * 1024)
  const rows = [['several at once, 1 MiB', 'MB/s', 'one after the other', 'ratio']]
  const sets: readonly (readonly KnownAlgorithm[])[] = [
    ['crc32c', 'crc64nvme'],
    ['sha256', 'crc32c'],
    ['md5', 'sha256', 'crc32c', 'crc64nvme'],
    KNOWN_ALGORITHMS,
  ]
  for (const set of sets) {
    const singles = await Promise.all(set.map((algorithm) => hasherWork([algorithm])))
    const [together, apart] = speeds([await hasherWork(set), (input) => singles.map((work) => work(input))], bytes)
    rows.push([set.length > 4 ? 'all' : set.join(' '), figure(together), figure(apart), ratio(together!, apart)])
  }
  print(rows)
}

/** Seconds of the median of three runs. */
const seconds = (run: () => void): number =>
  median(
    [0, 1, 2].map(() => {
      const start = performance.now()
      run()
      return (performance.now() - start) / 1000
    }),
  )

const benchFile = async (mebibytes: number): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'backproof-bench-'))
  try {
    const path = join(directory, 'file')
    const block = noise(1024 * 1024)
    const out = openSync(path, 'w')
    for (let i = 0; i < mebibytes; i++) {
      block.writeUInt32LE(i)
      writeSync(out, block)
    }
    closeSync(out)

    const buffer = Buffer.allocUnsafe(256 * 1024)
    const hashFile = async (algorithm: KnownAlgorithm): Promise<() => void> => {
      const hasher = await createHasher([algorithm])
      return () => {
        hasher.reset()
        const descriptor = openSync(path, 'r')
        for (let read = 1; read > 0; ) {
          read = readSync(descriptor, buffer)
          hasher.update(buffer.subarray(0, read))
        }
        closeSync(descriptor)
        hasher.digest()
      }
    }
    const tools: readonly (readonly [KnownAlgorithm, readonly string[]])[] = [
      ['sha256', ['sha256sum']],
      ['sha256', ['openssl', 'dgst', '-sha256']],
      ['md5', ['md5sum']],
      ['sha512', ['sha512sum']],
      ['blake3', ['b3sum', '--num-threads', '1']],
      ['blake3', ['b3sum']],
      ['xxh3-128', ['xxhsum', '-H2']],
      ['xxh3-64', ['xxhsum', '-H3']],
      ['crc32', []],
      ['crc32c', []],
      ['crc64nvme', []],
    ]
    const rows = [[`a file of ${mebibytes} MiB, cached`, 'seconds', 'tool', 'times faster than the tool']]
    for (const [algorithm, command] of tools) {
      const own = seconds(await hashFile(algorithm))
      const [tool, ...options] = command
      const works = tool !== undefined && spawnSync(tool, [...options, '/dev/null']).status === 0
      const other = works ? seconds(() => execFileSync(tool, [...options, path], { stdio: 'ignore' })) : undefined
      const name = tool === undefined ? algorithm : `${algorithm} (${command.join(' ')})`
      rows.push([
        name,
        own.toFixed(2),
        other?.toFixed(2) ?? '-',
        other === undefined ? '-' : `${(other / own).toFixed(2)}x`,
      ])
    }
    print(rows)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const { values } = parseArgs({ options: { 'file-mib': { type: 'string', default: '1024' } } })
console.log(
  `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus()[0]?.model ?? 'processor unknown'}\n`,
)
for (const length of [1024 * 1024, 64 * 1024, 4096]) await benchAlgorithms(length)
await benchSeveral()
const mebibytes = Number(values['file-mib'])
if (mebibytes > 0) await benchFile(mebibytes)
