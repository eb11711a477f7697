import { execFile } from 'node:child_process'
import { existsSync, readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LocalJob, LocalJobResult, LocalReader } from '../../src/run/local-jobs.js'
import type * as ReaderModule from '../../src/run/local-reader.js'
import { createWorkerPool } from '../../src/run/worker-pool.js'
import {
  allDescriptors,
  compared,
  localFile,
  MIB,
  openDescriptors,
  readAll,
  type TempDirectory,
  tempDirectory,
} from './local-files.js'

// Real workers need the built package.

const dist = new URL('../../dist/run/', import.meta.url)
const workerUrl = new URL('hash-worker.js', dist)
const run = promisify(execFile)

let directory: TempDirectory
let mixed: readonly LocalJob[]
let sparse: LocalJob
let createLocalReader: typeof ReaderModule.createLocalReader

beforeAll(async () => {
  if (!existsSync(workerUrl))
    throw new Error(`${fileURLToPath(workerUrl)} is not there: build the packages first (npm run build)`)
  const built = (await import(new URL('local-reader.js', dist).href)) as typeof ReaderModule
  createLocalReader = built.createLocalReader
  directory = tempDirectory()
  mixed = Array.from({ length: 1200 }, (_, i) => job(i))
  const [first, second] = ['s1', 's2'].map((name) => {
    directory.write(name, Buffer.alloc(0))
    truncateSync(join(directory.path, name), 2048 * MIB)
    return localFile(join(directory.path, name))
  })
  sparse = compared(first!, second!)
})
afterAll(() => directory.remove())

const job = (i: number): LocalJob => {
  const bytes = Buffer.alloc(i % 900, i)
  const a = directory.write(`a${i}`, bytes)
  const b = directory.write(`b${i}`, i % 7 === 3 ? Buffer.concat([bytes, Buffer.of(1)]) : bytes)
  const name = Buffer.concat([Buffer.from(`${directory.path}/`), Buffer.of(0xff, 0x61 + (i % 26))])
  writeFileSync(name, `${i}`)
  const odd =
    i % 11 === 5 ? { ...b, path: join(directory.path, 'absent') } : i % 11 === 6 ? localFile('/proc/self/mem') : b
  const { files } = compared(a, odd, ...(i % 5 === 0 ? [a] : []))
  return { files: files.map((file) => ({ ...file, algorithms: i % 3 === 0 ? ['sha256', 'md5'] : [] })) }
}

/** Work without end but for the second worker's start, which may take its time on a busy machine; 80 MiB at least. */
const untilBothWork = async (
  reader: LocalReader,
  onResults: (results: readonly LocalJobResult[]) => void = () => {},
): Promise<void> => {
  const deadline = performance.now() + 20_000
  do onResults(await reader.run([sparseOf(40)]))
  while (reader.telemetry().workers < 2 && performance.now() < deadline)
}

const soon = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))
const threads = (): number => readdirSync('/proc/self/task').length

/** A worker that runs `code` with `port` and the messages of the protocol at hand. */
const scripted = (code: string): Worker =>
  new Worker(`const { parentPort: port } = require('node:worker_threads'); ${code}`, { eval: true })

describe('workers', () => {
  test('give what the main thread gives', async () => {
    let told = 0
    const reader = createLocalReader({ workers: 2, onBytes: (bytes) => (told += bytes) })
    const results = await reader.run(mixed)
    expect(results).toEqual(await readAll(mixed))
    // Whoever had the first batches, workers have what comes now.
    let large = 0
    await untilBothWork(reader, (read) => {
      expect(read).toMatchObject([[{}, { equal: true, bytesRead: 40 * MIB }]])
      large += 80 * MIB
    })
    const bytes = results.flat().reduce((sum, result) => sum + result.bytesRead, large)
    expect(reader.telemetry()).toEqual({ workers: 2, bytesRead: bytes })
    expect(told).toBe(bytes)
    await reader.close()
  })

  test('may be created by the host', async () => {
    let created = 0
    const reader = createLocalReader({
      workers: 1,
      createWorker: () => {
        created += 1
        return new Worker(workerUrl)
      },
    })
    expect(await reader.run([sparseOf(40), ...mixed])).toEqual(await readAll([sparseOf(40), ...mixed]))
    expect(created).toBe(1)
    expect(reader.telemetry().workers).toBe(1)
    await reader.close()
  })

  test('tell of a large file while they read it', async () => {
    const told: number[] = []
    const reader = createLocalReader({ workers: 1, onBytes: (bytes) => told.push(bytes) })
    const { files } = sparseOf(128)
    await reader.run([{ files: files.map((file) => ({ ...file, algorithms: ['sha512'] as const })) }])
    expect(told.length).toBeGreaterThan(1)
    expect(told.reduce((sum, bytes) => sum + bytes, 0)).toBe(256 * MIB)
    await reader.close()
  })

  test('leave neither threads nor descriptors behind', async () => {
    const before = { descriptors: openDescriptors(), threads: threads() }
    const reader = createLocalReader({ workers: 2 })
    await reader.run([sparseOf(40), ...mixed])
    expect(threads()).toBeGreaterThan(before.threads)
    await Promise.all([reader.close(), reader.close()])
    expect({ descriptors: openDescriptors(), threads: threads() }).toEqual(before)
  })

  test('come and go without descriptors of any kind adding up', async () => {
    const before = allDescriptors()
    for (let i = 0; i < 8; i++) {
      const reader = createLocalReader({ workers: 2 })
      await reader.run(mixed)
      await untilBothWork(reader)
      expect(reader.telemetry().workers).toBe(2)
      await reader.close()
    }
    // One that is left behind by each reader would be eight.
    expect(allDescriptors() - before).toBeLessThan(8)
  })

  test('pass on that a digest cannot be made', async () => {
    const reader = createLocalReader({ workers: 1 })
    const { file } = sparseOf(40).files[0]!
    const bad = { files: [{ file, algorithms: ['md17' as 'md5'], compareToFirst: false }] }
    await expect(reader.run([bad])).rejects.toThrow('md17')
    expect(await reader.run(mixed)).toEqual(await readAll(mixed))
    await reader.close()
  })
})

describe('an abort', () => {
  test('rejects promptly in the middle of files of 2 GiB and leaves nothing open', async () => {
    const before = { descriptors: openDescriptors(), threads: threads() }
    const controller = new AbortController()
    const reader = createLocalReader({ workers: 2, signal: controller.signal })
    const running = reader.run([sparse, sparse, sparse])
    while (reader.telemetry().bytesRead === 0) await soon(5)
    const reason = new Error('enough')
    const aborted = performance.now()
    controller.abort(reason)
    await expect(running).rejects.toBe(reason)
    expect(performance.now() - aborted).toBeLessThan(200)
    await reader.close()
    expect(performance.now() - aborted).toBeLessThan(1000)
    expect(reader.telemetry().bytesRead).toBeLessThan(3 * 4096 * MIB)
    expect({ descriptors: openDescriptors(), threads: threads() }).toEqual(before)
  })
})

describe('a worker that', () => {
  const ready = `port.postMessage({ type: 'ready', protocol: 1 });`

  test.each<readonly [string, string, RegExp]>([
    [
      'ends in a batch',
      `${ready} port.on('message', (m) => m.type === 'batch' && process.exit(3))`,
      /ended by itself with exit code 3/,
    ],
    [
      'throws in a batch',
      `${ready} port.on('message', (m) => { if (m.type === 'batch') throw new Error('boom') })`,
      /failed: boom/,
    ],
    ['ends at once', 'process.exit(0)', /ended by itself with exit code 0/],
    [
      'is of another version',
      `port.postMessage({ type: 'ready', protocol: 99 }); setInterval(() => {}, 1000)`,
      /speaks protocol 99/,
    ],
    [
      'runs out of memory',
      `${ready} port.on('message', (m) => { if (m.type === 'batch') { const all = []; for (;;) all.push(new Array(1e5).fill(all)) } })`,
      /memory/,
    ],
  ])('%s has its work done by the main thread', async (_name, code, told) => {
    const reader = createLocalReader({
      workers: 1,
      createWorker: () =>
        new Worker(`const { parentPort: port } = require('node:worker_threads'); ${code}`, {
          eval: true,
          resourceLimits: { maxOldGenerationSizeMb: 16 },
        }),
    })
    const jobs = [sparseOf(40), ...mixed]
    expect(await reader.run(jobs)).toEqual(await readAll(jobs))
    expect(reader.telemetry().workersReason).toMatch(told)
    await reader.close()
  })

  test('ends leaves the rest to the other', async () => {
    let created = 0
    const reader = createLocalReader({
      workers: 2,
      createWorker: () => {
        created += 1
        return created === 1
          ? scripted(`${ready} port.on('message', (m) => m.type === 'batch' && process.exit(3))`)
          : new Worker(workerUrl)
      },
    })
    const jobs = [sparseOf(40), ...mixed, sparseOf(41), sparseOf(42)]
    expect(await reader.run(jobs)).toEqual(await readAll(jobs))
    expect(reader.telemetry()).toMatchObject({ workers: 2, workersReason: expect.stringContaining('exit code 3') })
    await reader.close()
  })

  test('ends over a batch takes no other worker with it', async () => {
    const ends: number[] = []
    const poison = compared(directory.write('poison', Buffer.of(1)), directory.write('poison-2', Buffer.of(1)))
    const reader = createLocalReader({
      workers: 2,
      createWorker: () => {
        const worker = scripted(`
          port.on('message', (m) => m.type === 'batch' && m.batch.paths.some((path) => path.endsWith('/poison')) && process.exit(3));
          import(${JSON.stringify(workerUrl.href)})`)
        worker.on('exit', (code) => ends.push(code))
        return worker
      },
    })
    const { files } = sparseOf(40)
    const jobs = [{ files: [...poison.files, ...files] }, sparseOf(41), ...mixed, sparseOf(42)]
    expect(await reader.run(jobs)).toEqual(await readAll(jobs))
    expect(ends).toEqual([3])
    await reader.close()
    expect(ends).toHaveLength(2)
  })

  test('never says that it is ready is given up', async () => {
    const changed = new Promise<void>((resolve, reject) => {
      const pool = createWorkerPool({
        count: 1,
        createWorker: () => scripted('setInterval(() => {}, 1000)'),
        startTimeoutMs: 200,
        onLost: () => {},
        onBytes: () => {},
        onChange: () => {
          if (pool.state() !== 'gone') reject(new Error(pool.state()))
          expect(pool.reason()).toContain('did not say that it is ready within 200 ms')
          resolve()
        },
      })
      expect(pool.state()).toBe('starting')
      pool.hold(true)
    })
    await changed
  })
})

test('a worker that said in time that it is ready is not given up later', async () => {
  let changes = 0
  const pool = createWorkerPool({
    count: 1,
    createWorker: () => scripted(`port.postMessage({ type: 'ready', protocol: 1 }); setInterval(() => {}, 1000)`),
    startTimeoutMs: 3000,
    onLost: () => {},
    onBytes: () => {},
    onChange: () => (changes += 1),
  })
  while (pool.state() === 'starting') await soon(10)
  await soon(3200)
  expect(pool.state()).toBe('ready')
  expect(pool.reason()).toBeUndefined()
  expect(changes).toBe(1)
  await pool.close()
  expect(pool.state()).toBe('gone')
})

describe('a process', () => {
  const script = (body: string): string => {
    const path = join(directory.path, `${Math.random()}.mjs`)
    writeFileSync(
      path,
      `import { createLocalReader } from ${JSON.stringify(new URL('local-reader.js', dist).href)}
       const jobs = ${JSON.stringify([sparseOf(40)])}
       const reader = createLocalReader({ workers: 2 })
       ${body}`,
    )
    return path
  }

  test('lives while work is pending and ends although the reader was forgotten', async () => {
    const path = script(
      `reader.run(jobs).then((results) => console.log(results[0][1].equal, reader.telemetry().workers))`,
    )
    const { stdout } = await run(process.execPath, [path], { timeout: 20_000 })
    expect(stdout).toMatch(/^true [12]\n$/)
  })

  test('that imports the entry of the worker has nothing started', async () => {
    const code = `await import(${JSON.stringify(pathToFileURL(fileURLToPath(workerUrl)).href)}); console.log('done')`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { timeout: 20_000 })
    expect(stdout).toBe('done\n')
  })
})

const sparseOf = (mebibytes: number): LocalJob => {
  const files = [`sparse-${mebibytes}-1`, `sparse-${mebibytes}-2`].map((name) => {
    const path = join(directory.path, name)
    if (!existsSync(path)) {
      directory.write(name, Buffer.alloc(0))
      truncateSync(path, mebibytes * MIB)
    }
    return localFile(path)
  })
  return compared(files[0]!, files[1]!)
}
