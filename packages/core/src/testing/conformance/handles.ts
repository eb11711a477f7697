import { readdirSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { check } from './check.js'

/** What is open in this process: descriptors where /proc tells them, and what keeps the event loop alive. */
const openHandles = (): number => {
  const resources = process.getActiveResourcesInfo().length
  try {
    return resources + readdirSync('/proc/self/fd').length
  } catch (error) {
    // Not Linux: the resources alone have to do.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return resources
    throw error
  }
}

const REPEATS = 200
/** What else the process opens meanwhile: a test runner's pipes and timers. Far below one handle a repetition. */
const NOISE = 20

/** Repeats `use` often and throws when handles pile up. */
export const checkReleases = async (use: () => Promise<void>, what: string): Promise<void> => {
  for (let i = 0; i < 5; i++) await use()
  const before = openHandles()
  for (let i = 0; i < REPEATS; i++) await use()
  let left = openHandles() - before
  // Closing may take some turns after the call has returned.
  for (let wait = 0; left > NOISE && wait < 20; wait++) {
    await pause(50)
    left = openHandles() - before
  }
  check(left <= NOISE, () => `${what} ${REPEATS} times left ${left} handles open.`)
}
