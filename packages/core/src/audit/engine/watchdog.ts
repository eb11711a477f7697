import { createContext, Script } from 'node:vm'
import { LONGEST_WAIT } from './call.js'

/** Runs synchronous code of rules for a limited time. */
export interface Watchdog {
  /** Whether `work` came to its end; `false`: it was stopped where it stood. What it throws is thrown. */
  readonly run: (work: () => void) => boolean
}

/**
 * Code that never ends would hang the audit with it. V8 can stop it, for scripts that `node:vm` runs: one is there only to call `work`,
 * which stays what it is. A call costs 0.1 ms: give it plenty of work.
 */
export const createWatchdog = (limitMs: number): Watchdog => {
  if (limitMs > LONGEST_WAIT) return UNWATCHED
  const box: { work: (() => void) | undefined } = { work: undefined }
  const context = createContext(box)
  const script = new Script('work()')
  return {
    run: (work) => {
      box.work = work
      try {
        script.runInContext(context, { timeout: Math.ceil(limitMs) })
        return true
      } catch (error) {
        if ((error as { code?: unknown } | undefined)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false
        throw error
      } finally {
        box.work = undefined
      }
    },
  }
}

const UNWATCHED: Watchdog = {
  run: (work) => {
    work()
    return true
  },
}
