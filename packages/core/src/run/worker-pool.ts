import { Worker } from 'node:worker_threads'
import { BackupError } from '../errors.js'
import { redact } from '../redact.js'
import { FILE_WEIGHT, type LocalJob, type LocalJobResult } from './local-jobs.js'
import { decodeResults, encodeJobs, type FromWorker, type ToWorker, WIRE_PROTOCOL } from './local-wire.js'

/** A piece of work for one thread. */
export interface LocalTask {
  readonly jobs: readonly LocalJob[]
  /** Sum of the jobs' weights. */
  readonly weight: number
  done(results: readonly LocalJobResult[]): void
  failed(error: unknown): void
}

export interface WorkerPoolOptions<T extends LocalTask> {
  /** Workers to start, at least 1. */
  readonly count: number
  readonly createWorker?: (() => Worker) | undefined
  /** A worker has room for more, or workers ended: look at `state` and the queue again. */
  readonly onChange: () => void
  /** A worker ended while it had these tasks: do them elsewhere. Called before `onChange`. */
  readonly onLost: (tasks: readonly T[]) => void
  readonly onBytes: (bytes: number) => void
  /** Milliseconds in which a worker must say that it is ready. Default 10,000. */
  readonly startTimeoutMs?: number | undefined
}

export interface WorkerPool<T extends LocalTask> {
  /** `starting`: none is ready yet. `gone`: none is left, or none could start. */
  state(): 'starting' | 'ready' | 'gone'
  /** Gives the task to the least busy worker. False when none has room now; `onChange` then follows. */
  offer(task: T): boolean
  /** Whether the workers keep the process alive. At first they do not. */
  hold(alive: boolean): void
  /** Workers that became ready, ever. */
  readonly started: () => number
  /** Why a worker could not start or ended early. */
  readonly reason: () => string | undefined
  /** Cancels and ends all workers; resolves when they are gone. Tasks under way are told nothing. Idempotent. */
  close(): Promise<void>
}

/** Work that a worker may have waiting behind the batch it is at: enough that it never waits, too little to matter. */
const AHEAD = 16 * 1024 * 1024 + FILE_WEIGHT

/** Starts workers at once. */
export const createWorkerPool = <T extends LocalTask>(options: WorkerPoolOptions<T>): WorkerPool<T> => {
  const cancel = new Int32Array(new SharedArrayBuffer(4))
  const members = new Set<Member<T>>()
  let alive = false
  let started = 0
  let reason: string | undefined
  let closing: Promise<void> | undefined

  const lose = (member: Member<T>, why: string): void => {
    if (!members.delete(member)) return
    clearTimeout(member.timer)
    // Ending a worker cannot fail; nothing waits for one that is lost.
    void member.worker.terminate()
    if (closing !== undefined) return
    reason ??= redact(`a worker ${why}; the main thread took over its work`)
    const tasks = [...member.tasks.values()]
    member.tasks.clear()
    options.onLost(tasks)
    options.onChange()
  }

  const hear = (member: Member<T>, message: FromWorker): void => {
    if (closing !== undefined || !members.has(member)) return
    if (message.type === 'ready') {
      if (message.protocol !== WIRE_PROTOCOL) {
        lose(member, `speaks protocol ${message.protocol} and not ${WIRE_PROTOCOL}: its file is of another version`)
        return
      }
      clearTimeout(member.timer)
      member.ready = true
      started += 1
      send(member.worker, { type: 'start', protocol: WIRE_PROTOCOL, cancel })
      options.onChange()
      return
    }
    if (message.type === 'bytes') {
      options.onBytes(message.bytes)
      return
    }
    const task = member.tasks.get(message.id)
    if (task === undefined) return
    member.tasks.delete(message.id)
    member.weight -= task.weight
    if (message.type === 'done') {
      options.onBytes(message.bytes)
      task.done(decodeResults(task.jobs, message.results))
    } else {
      task.failed(new BackupError(message.error))
    }
    options.onChange()
  }

  const start = (): void => {
    let worker: Worker
    try {
      worker = options.createWorker?.() ?? defaultWorker()
    } catch (error) {
      reason ??= redact(`a worker could not be created: ${firstLine(error)}`)
      return
    }
    const timeout = options.startTimeoutMs ?? 10_000
    const member: Member<T> = {
      worker,
      ready: false,
      tasks: new Map(),
      weight: 0,
      nextId: 0,
      timer: setTimeout(() => lose(member, `did not say that it is ready within ${timeout} ms`), timeout),
    }
    members.add(member)
    worker.on('message', (message: FromWorker) => hear(member, message))
    worker.on('error', (error) => lose(member, `${member.ready ? 'failed' : 'could not start'}: ${firstLine(error)}`))
    worker.on('messageerror', (error) => lose(member, `sent what cannot be read: ${firstLine(error)}`))
    worker.on('exit', (code) => lose(member, `ended by itself with exit code ${code}`))
    keep(member, alive)
  }
  for (let i = 0; i < options.count; i++) start()

  return {
    state: () => {
      if (members.size === 0) return 'gone'
      for (const member of members) if (member.ready) return 'ready'
      return 'starting'
    },
    offer: (task) => {
      let best: Member<T> | undefined
      for (const member of members) {
        if (!member.ready || closing !== undefined) continue
        if (member.tasks.size > 0 && (member.tasks.size > 1 || member.weight + task.weight > AHEAD)) continue
        if (best === undefined || member.weight < best.weight) best = member
      }
      if (best === undefined) return false
      const id = best.nextId++
      best.tasks.set(id, task)
      best.weight += task.weight
      send(best.worker, { type: 'batch', id, batch: encodeJobs(task.jobs) })
      return true
    },
    hold: (wanted) => {
      alive = wanted
      for (const member of members) keep(member, wanted)
    },
    started: () => started,
    reason: () => reason,
    close: () => {
      closing ??= (async () => {
        Atomics.store(cancel, 0, 1)
        const ending = [...members].map((member) => {
          clearTimeout(member.timer)
          return member.worker.terminate()
        })
        await Promise.all(ending)
        members.clear()
      })()
      return closing
    },
  }
}

interface Member<T> {
  readonly worker: Worker
  readonly tasks: Map<number, T>
  readonly timer: NodeJS.Timeout
  ready: boolean
  /** Sum over `tasks`. */
  weight: number
  nextId: number
}

// No loaders and no environment of the parent: the worker is plain JavaScript and needs neither.
const defaultWorker = (): Worker =>
  new Worker(new URL('./hash-worker.js', import.meta.url), { name: 'backproof-hash', execArgv: [], env: {} })

const send = (worker: Worker, message: ToWorker): void => worker.postMessage(message)

const keep = (member: Pick<Member<never>, 'worker' | 'timer'>, alive: boolean): void => {
  if (alive) {
    member.worker.ref()
    member.timer.ref()
  } else {
    member.worker.unref()
    member.timer.unref()
  }
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!.slice(0, 200)
