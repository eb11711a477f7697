import type { Worker } from 'node:worker_threads'
import type { Measure } from '../digest/digest.js'
import type { BackupErrorJson } from '../errors.js'
import type { LocalFile } from '../source/backup-source.js'

/** One file of a job, and what is wanted of it. */
export interface LocalJobFile {
  readonly file: LocalFile
  /** Digests to compute; may be empty. */
  readonly algorithms: readonly Measure[]
  /** Compare its bytes with those of the first file of the job. Without meaning for the first file itself. */
  readonly compareToFirst: boolean
}

/**
 * All local sides of one row. `files[0]` is the base that the others may be compared with. A file that is neither
 * digested nor compared is still opened, read to its end and checked.
 */
export interface LocalJob {
  readonly files: readonly LocalJobFile[]
}

/** What came of one file. A file that failed does not touch the results of the other files of its job. */
export interface LocalFileResult {
  /** Bytes of this file that were read. The same in every run: chunks have a fixed size, whatever the concurrency. */
  readonly bytesRead: number
  /** Bytes, as `fstat` told; of a file that could not be opened, as the pin told. */
  readonly size: number
  /** Lowercase hexadecimal by algorithm; absent when none was asked for, and on an error. */
  readonly digests?: Readonly<Record<string, string>> | undefined
  /** Whether its bytes are those of the first file; absent when not compared and when either side failed. */
  readonly equal?: boolean | undefined
  /** Offset of the first byte that differs; where one is the beginning of the other, the length of the shorter. */
  readonly firstDifference?: number | undefined
  /** The same device and inode as the first file: a hard link or the file itself. */
  readonly sameFile?: boolean | undefined
  /** `changed`: it is no longer, or did not stay, the file that was listed. `corrupt`: EIO, or fewer or more bytes than its size. */
  readonly error?: BackupErrorJson | undefined
}

/** One result for each file of the job, in order. */
export type LocalJobResult = readonly LocalFileResult[]

export interface LocalReaderOptions {
  /** Worker threads. Default: processors, at most 4. 0: always the main thread. */
  readonly workers?: number | undefined
  /** Creates a worker from `@backproof/core/hash-worker`; for bundlers, which do not rewrite its URL. */
  readonly createWorker?: (() => Worker) | undefined
  readonly signal?: AbortSignal | undefined
  /** Called with the bytes read since the last call, at least every 100 ms or so while large files are read. Must not throw. */
  readonly onBytes?: ((bytes: number) => void) | undefined
}

/** Reads local files in batches: digests them, compares them, or only checks that they can be read. */
export interface LocalReader {
  /**
   * Results in the order of the jobs. What is wrong with a file is in its result; it rejects promptly with
   * `signal.reason` on abort, with `internal` after `close`, and when a digest cannot be made.
   */
  run(jobs: readonly LocalJob[]): Promise<readonly LocalJobResult[]>
  /** Number of `run` calls worth having in flight. */
  readonly parallelism: number
  /** How it was done: bytes read in all, threads, and why there are fewer than asked for. */
  readonly telemetry: () => LocalReaderTelemetry
  /** Ends workers and rejects what is under way; resolves when nothing is left open. Idempotent. */
  close(): Promise<void>
}

export interface LocalReaderTelemetry {
  /** Worker threads that were started; 0 when the main thread did all the work. */
  readonly workers: number
  readonly workersReason?: string | undefined
  readonly bytesRead: number
}

/** What opening and closing a file costs, expressed in bytes that could have been read instead. */
export const FILE_WEIGHT: number = 32 * 1024

/** The work of a job in bytes: what its files hold, and the cost of opening each. */
export const jobWeight = (job: LocalJob): number => {
  let weight = 0
  for (const { file } of job.files) weight += FILE_WEIGHT + file.pin.size
  return weight
}
