import type { Worker } from 'node:worker_threads'
import type { Shard } from '../report/report.js'
import type { KeyRange } from '../source/backup-source.js'

/** A snapshot of a run. Rates are over the last seconds. */
export interface Progress {
  readonly objects: number
  readonly bytes: number
  readonly objectsPerSecond: number
  readonly bytesPerSecond: number
  /** The key being worked on, or the last one finished. */
  readonly current?: string | undefined
  /** Known once a count was asked for and has ended. */
  readonly totalObjects?: number | undefined
  readonly totalBytes?: number | undefined
  /** Estimated milliseconds until the end, when totals are known. */
  readonly remainingMs?: number | undefined
}

export interface RetryOptions {
  /** Tries in all. Default 5; 1 switches retrying off. */
  readonly attempts?: number | undefined
  /** First delay in milliseconds; doubled each time, with full jitter. Default 200. */
  readonly baseDelayMs?: number | undefined
  /** Longest delay in milliseconds. Default 20,000. A service's `retryAfterMs` is honoured beyond it. */
  readonly maxDelayMs?: number | undefined
}

/** Options that every run shares. */
export interface RunOptions {
  /** Cancels promptly; the report then says incomplete. */
  readonly signal?: AbortSignal | undefined
  /** Called at most every 100 ms and once at the end. Must not throw. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Lists the source a second time, concurrently, so that progress knows totals and the remaining time. Default false. */
  readonly countFirst?: boolean | undefined
  /** Requests in flight to sources that are not local files. Default 16. */
  readonly concurrency?: number | undefined
  /** Worker threads for local files. Default: processors, at most 4; 1 where a side is sequential. 0: the main thread. */
  readonly workers?: number | undefined
  /** Creates a worker from `@backproof/core/hash-worker`; for bundlers, which do not rewrite the URL. */
  readonly createWorker?: (() => Worker) | undefined
  readonly retry?: RetryOptions | undefined
  /** Only mapped keys in this half-open range. The result is partial and merges. */
  readonly range?: KeyRange | undefined
  /** Only mapped keys of this hash shard. The result is partial and merges. */
  readonly shard?: Shard | undefined
  /** How many findings that are not matches the result keeps. Default 1,000. */
  readonly findingsLimit?: number | undefined
  /** The clock of `asOf`. Default: the system's. */
  readonly now?: (() => Date) | undefined
  /** Where spill files go. Default: `os.tmpdir()`. */
  readonly tempDirectory?: string | undefined
}
