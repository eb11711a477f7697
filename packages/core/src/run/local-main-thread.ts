import { createHasherCache } from './local-hashers.js'
import { createLocalKernel, type LocalKernel } from './local-kernel.js'
import type { LocalTask } from './worker-pool.js'

/** The main thread as one that reads: it gives the event loop a turn after every few milliseconds of work. */
export interface MainThread {
  /** Takes tasks until `take` gives none. Does nothing when it is at it already. */
  work(take: () => LocalTask | undefined): void
  /** Resolves when it holds nothing open. */
  idle(): Promise<void>
}

/** `isStopped` is asked at every turn; a task that is left for it is told nothing. */
export const createMainThread = (onBytes: (bytes: number) => void, isStopped: () => boolean): MainThread => {
  const hashers = createHasherCache()
  let kernel: LocalKernel | undefined
  let busy = false
  let working: Promise<void> = Promise.resolve()

  const perform = async (task: LocalTask): Promise<void> => {
    await hashers.prepare(task.jobs)
    kernel ??= createLocalKernel(hashers)
    const reading = kernel.read(task.jobs)
    try {
      let step = reading.next()
      while (step.done !== true) {
        onBytes(step.value)
        await new Promise((resolve) => setImmediate(resolve))
        if (isStopped()) return
        step = reading.next()
      }
      task.done(step.value)
    } finally {
      reading.return([])
    }
  }

  const workAll = async (first: LocalTask, take: () => LocalTask | undefined): Promise<void> => {
    for (let task: LocalTask | undefined = first; task !== undefined && !isStopped(); task = take()) {
      try {
        await perform(task)
      } catch (error) {
        task.failed(error)
      }
    }
    busy = false
  }

  return {
    work: (take) => {
      if (busy) return
      const first = take()
      if (first === undefined) return
      busy = true
      working = workAll(first, take)
    },
    idle: () => working,
  }
}
