import { getEventListeners } from 'node:events'
import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LocalJob } from '../../src/run/local-jobs.js'
import { createLocalReader } from '../../src/run/local-reader.js'
import {
  compared,
  localFile,
  MIB,
  only,
  openDescriptors,
  readAll,
  type TempDirectory,
  tempDirectory,
} from './local-files.js'

// Here everything runs from source, where the worker's file does not exist: the main thread does the work.

let directory: TempDirectory
let mixed: readonly LocalJob[]
let sparse: LocalJob
beforeAll(() => {
  directory = tempDirectory()
  mixed = Array.from({ length: 1500 }, (_, i) => {
    const bytes = Buffer.alloc(i % 700, i)
    const a = directory.write(`a${i}`, bytes)
    const b = directory.write(`b${i}`, i % 7 === 3 ? Buffer.concat([bytes, Buffer.of(1)]) : bytes)
    return compared(a, i % 11 === 5 ? { ...b, path: join(directory.path, 'absent') } : b)
  })
  const pair = ['s1', 's2'].map((name) => {
    directory.write(name, Buffer.alloc(0))
    truncateSync(join(directory.path, name), 2048 * MIB)
    return localFile(join(directory.path, name))
  })
  sparse = compared(pair[0]!, pair[1]!)
})
afterAll(() => directory.remove())

const soon = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

describe('results', () => {
  test('come in the order of the jobs, however they are cut, and onBytes tells all that was read', async () => {
    let told = 0
    const reader = createLocalReader({ workers: 0, onBytes: (bytes) => (told += bytes) })
    const results = await reader.run(mixed)
    expect(results).toEqual(await readAll(mixed))
    const bytes = results.flat().reduce((sum, result) => sum + result.bytesRead, 0)
    expect(told).toBe(bytes)
    expect(reader.telemetry()).toEqual({ workers: 0, workersReason: 'no workers were asked for', bytesRead: bytes })
    await reader.close()
  })

  test('of calls at the same time stay apart', async () => {
    const reader = createLocalReader({ workers: 0 })
    const parts = [mixed.slice(0, 1), mixed.slice(1, 900), [], mixed.slice(900)]
    const results = await Promise.all(parts.map((part) => reader.run(part)))
    expect(results.flat()).toEqual(await readAll(mixed))
    await reader.close()
  })

  test('a little work starts no worker', async () => {
    const reader = createLocalReader({
      createWorker: () => {
        throw new Error('no worker was expected')
      },
    })
    await reader.run(mixed.slice(0, 100))
    expect(reader.telemetry()).toMatchObject({ workers: 0, workersReason: 'too little work for workers' })
    await reader.close()
  })
})

describe('without workers that work', () => {
  test('the main thread does all when their file is not there', async () => {
    const reader = createLocalReader({ workers: 2 })
    expect(await reader.run(mixed)).toEqual(await readAll(mixed))
    // A job that is too large for the main thread while workers may still come waits for their failure.
    expect(await reader.run([sparseOf(64)])).toMatchObject([[{}, { equal: true }]])
    expect(reader.telemetry().workers).toBe(0)
    expect(reader.telemetry().workersReason).toMatch(
      /a worker could not start: Cannot find module.*the main thread took over/,
    )
    await reader.close()
  })

  test('the main thread does all when they cannot be created', async () => {
    const reader = createLocalReader({
      workers: 2,
      createWorker: () => {
        throw new Error('refused by token=abc')
      },
    })
    expect(await reader.run(mixed)).toEqual(await readAll(mixed))
    expect(reader.telemetry().workersReason).toBe('a worker could not be created: refused by token=[redacted]')
    await reader.close()
  })
})

describe('an abort', () => {
  test('rejects promptly in the middle of a file of 2 GiB and leaves nothing open', async () => {
    const before = openDescriptors()
    const controller = new AbortController()
    const reader = createLocalReader({ workers: 0, signal: controller.signal })
    const running = reader.run([sparse])
    await soon(30)
    expect(openDescriptors()).toBe(before + 2)
    const reason = new Error('enough')
    const aborted = performance.now()
    controller.abort(reason)
    await expect(running).rejects.toBe(reason)
    await reader.close()
    expect(performance.now() - aborted).toBeLessThan(200)
    expect(openDescriptors()).toBe(before)
    expect(reader.telemetry().bytesRead).toBeLessThan(4096 * MIB)
    await expect(reader.run([sparse])).rejects.toBe(reason)
  })

  test('before the start rejects with its reason', async () => {
    const reader = createLocalReader({ signal: AbortSignal.abort('stop') })
    await expect(reader.run(mixed)).rejects.toBe('stop')
    await reader.close()
  })

  test('is listened for once, until it is closed', async () => {
    const { signal } = new AbortController()
    const reader = createLocalReader({ workers: 0, signal })
    await Promise.all([reader.run(mixed.slice(0, 10)), reader.run(mixed.slice(10, 20))])
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    await reader.close()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

describe('closing', () => {
  test('rejects what is under way and what comes later', async () => {
    const before = openDescriptors()
    const reader = createLocalReader({ workers: 0 })
    const running = expect(reader.run([sparse])).rejects.toMatchObject({ code: 'internal' })
    await soon(10)
    await Promise.all([reader.close(), reader.close()])
    await running
    await expect(reader.run(mixed)).rejects.toMatchObject({ code: 'internal' })
    await reader.close()
    expect(openDescriptors()).toBe(before)
  })
})

test('the event loop gets its turns while the main thread reads', async () => {
  const reader = createLocalReader({ workers: 0 })
  let turns = 0
  const timer = setInterval(() => (turns += 1), 1)
  const started = performance.now()
  await reader.run([sparseOf(256)])
  const elapsed = performance.now() - started
  clearInterval(timer)
  expect(turns).toBeGreaterThan(elapsed / 50)
  await reader.close()
})

test.each([-1, 1.5, Number.NaN, 5000])('%d workers are refused', (workers) => {
  expect(() => createLocalReader({ workers })).toThrow(expect.objectContaining({ code: 'invalid-config' }))
})

test('a digest that cannot be made rejects the call and spares the others', async () => {
  const reader = createLocalReader({ workers: 0 })
  const { file } = mixed[0]!.files[0]!
  const bad = reader.run([only(file, ['md17' as 'md5'])])
  const good = reader.run(mixed)
  await expect(bad).rejects.toThrow('md17')
  expect(await good).toEqual(await readAll(mixed))
  await reader.close()
})

const sparseOf = (mebibytes: number): LocalJob => {
  const files = [`sparse-${mebibytes}-1`, `sparse-${mebibytes}-2`].map((name) => {
    directory.write(name, Buffer.alloc(0))
    truncateSync(join(directory.path, name), mebibytes * MIB)
    return localFile(join(directory.path, name))
  })
  return compared(files[0]!, files[1]!)
}
