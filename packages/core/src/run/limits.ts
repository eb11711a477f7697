import { availableParallelism } from 'node:os'

/** Requests in flight to places that are not local files, where nobody says. */
export const CONCURRENCY = 16

/** Worker threads that read local files, where nobody says. */
export const usualWorkers = (): number => Math.min(availableParallelism(), 4)
