import { BackupError } from '../errors.js'
import { usualWorkers } from './limits.js'
import {
  jobWeight,
  type LocalJob,
  type LocalJobResult,
  type LocalReader,
  type LocalReaderOptions,
} from './local-jobs.js'
import { createMainThread } from './local-main-thread.js'
import { createWorkerPool, type LocalTask, type WorkerPool } from './worker-pool.js'

/** One message to a worker carries about this much work: some milliseconds, so that threads end at the same time. */
const TASK_WEIGHT = 8 * 1024 * 1024
/**
 * Workers start when more work than this was asked for. Starting one and running its code cold costs 100 ms of processor
 * time, as long as reading 64 MiB or opening 2,000 small files.
 */
const WORTH_WORKERS = 64 * 1024 * 1024

/** Creates a reader. Nothing starts before the first `run`. Throws `invalid-config` on a wrong number of workers. */
export const createLocalReader = (options: LocalReaderOptions): LocalReader => {
  const { signal } = options
  const workers = options.workers ?? usualWorkers()
  if (!Number.isInteger(workers) || workers < 0 || workers > 1024) {
    throw new BackupError({
      code: 'invalid-config',
      message: `workers is ${String(options.workers)}; give a whole number from 0 (main thread only) to 1024, or leave it out`,
    })
  }
  const calls = new Set<Call>()
  let queue: Task[] = []
  let pool: WorkerPool<Task> | undefined
  let asked = 0
  let bytesRead = 0
  let stopped: { readonly reason: unknown } | undefined

  const onBytes = (bytes: number): void => {
    if (bytes === 0) return
    bytesRead += bytes
    options.onBytes?.(bytes)
  }

  const startWorkers = (): void => {
    pool = createWorkerPool<Task>({
      count: workers,
      createWorker: options.createWorker,
      onBytes,
      onChange: dispatch,
      onLost: (tasks) => {
        for (const task of tasks) task.mainOnly = true
        queue.unshift(...tasks)
      },
    })
    pool.hold(true)
  }

  const main = createMainThread(onBytes, () => stopped !== undefined)

  const mainMayTake = (task: Task): boolean => {
    const state = pool?.state() ?? 'gone'
    return task.mainOnly || state === 'gone' || (state === 'starting' && task.weight <= 2 * TASK_WEIGHT)
  }

  const takeForMain = (): Task | undefined => {
    const index = queue.findIndex(mainMayTake)
    return index < 0 ? undefined : queue.splice(index, 1)[0]
  }

  const dispatch = (): void => {
    for (let i = 0; i < queue.length; ) {
      const task = queue[i]!
      if (task.mainOnly) i += 1
      else if (pool?.offer(task) === true) queue.splice(i, 1)
      else break
    }
    main.work(takeForMain)
  }

  const settle = (call: Call): void => {
    call.settled = true
    calls.delete(call)
    if (calls.size === 0) pool?.hold(false)
  }

  const stop = (reason: unknown): void => {
    if (stopped !== undefined) return
    stopped = { reason }
    signal?.removeEventListener('abort', onAbort)
    queue = []
    for (const call of [...calls]) {
      settle(call)
      call.reject(reason)
    }
  }
  const onAbort = (): void => {
    stop(signal?.reason)
    // Ending workers cannot fail; who wants to wait for it calls close().
    void pool?.close()
  }
  if (signal?.aborted === true) stop(signal.reason)
  else signal?.addEventListener('abort', onAbort, { once: true })

  return {
    parallelism: workers === 0 ? 1 : workers * 2,
    telemetry: () => {
      const started = pool?.started() ?? 0
      const reason =
        workers === 0 ? 'no workers were asked for' : pool === undefined ? 'too little work for workers' : pool.reason()
      return { workers: started, ...(reason !== undefined && { workersReason: reason }), bytesRead }
    },
    run: async (jobs) => {
      if (stopped !== undefined) throw stopped.reason
      if (jobs.length === 0) return []
      return await new Promise<readonly LocalJobResult[]>((resolve, reject) => {
        const call: Call = { settled: false, reject }
        calls.add(call)
        const results: LocalJobResult[] = new Array<LocalJobResult>(jobs.length)
        let left = 0
        for (const { from, to, weight } of cut(jobs)) {
          left += 1
          asked += weight
          queue.push({
            jobs: jobs.slice(from, to),
            weight,
            call,
            mainOnly: false,
            done: (part) => {
              for (let i = 0; i < part.length; i++) results[from + i] = part[i]!
              left -= 1
              if (left > 0 || call.settled) return
              settle(call)
              resolve(results)
            },
            failed: (error) => {
              if (call.settled) return
              settle(call)
              queue = queue.filter((task) => task.call !== call)
              reject(error)
            },
          })
        }
        if (pool === undefined && workers > 0 && asked > WORTH_WORKERS) startWorkers()
        else pool?.hold(true)
        dispatch()
      })
    },
    close: async () => {
      stop(new BackupError({ code: 'internal', message: 'the reader of local files was closed' }))
      await Promise.all([pool?.close(), main.idle()])
    },
  }
}

interface Call {
  settled: boolean
  readonly reject: (reason: unknown) => void
}

interface Task extends LocalTask {
  readonly call: Call
  /** A worker ended while it had this task: it may be what ended it. */
  mainOnly: boolean
}

/** Cuts jobs into runs of about `TASK_WEIGHT`. */
function* cut(jobs: readonly LocalJob[]): Generator<{ from: number; to: number; weight: number }> {
  let from = 0
  let weight = 0
  for (let i = 0; i < jobs.length; i++) {
    weight += jobWeight(jobs[i]!)
    if (weight < TASK_WEIGHT && i < jobs.length - 1) continue
    yield { from, to: i + 1, weight }
    from = i + 1
    weight = 0
  }
}
