import { lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHasherCache } from '../../src/run/local-hashers.js'
import type { LocalFileResult, LocalJob, LocalJobFile, LocalJobResult } from '../../src/run/local-jobs.js'
import { createLocalKernel } from '../../src/run/local-kernel.js'
import type { LocalFile } from '../../src/source/index.js'

const PREFIX = 'backproof-test-'

export interface TempDirectory {
  readonly path: string
  /** Writes a file and returns it as it is now. */
  write(name: string, bytes: Uint8Array): LocalFile
  remove(): void
}

export const tempDirectory = (): TempDirectory => {
  const path = mkdtempSync(join(tmpdir(), PREFIX))
  return {
    path,
    write: (name, bytes) => {
      writeFileSync(join(path, name), bytes)
      return localFile(join(path, name))
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** The file as a listing would describe it now. */
export const localFile = (path: string | Uint8Array, followLinks = false): LocalFile => {
  const stats = followLinks ? statSync(path as string) : lstatSync(path as string)
  const { size, mtimeMs, ctimeMs, ino, dev } = stats
  return { path, pin: { size, mtimeMs, ctimeMs, ino, dev }, ...(followLinks && { followLinks }) }
}

export const only = (file: LocalFile, algorithms: LocalJobFile['algorithms'] = []): LocalJob => ({
  files: [{ file, algorithms, compareToFirst: false }],
})

/** A job that compares all files with the first. */
export const compared = (first: LocalFile, ...others: readonly LocalFile[]): LocalJob => ({
  files: [first, ...others].map((file, i) => ({ file, algorithms: [], compareToFirst: i > 0 })),
})

/** Runs jobs through a kernel of their own; `between` is called at every turn with its number. */
export const readAll = async (
  jobs: readonly LocalJob[],
  between: (turn: number) => void = () => {},
): Promise<readonly LocalJobResult[]> => {
  const hashers = createHasherCache()
  await hashers.prepare(jobs)
  const reading = createLocalKernel(hashers).read(jobs)
  let step = reading.next()
  for (let turn = 0; step.done !== true; turn++) {
    between(turn)
    step = reading.next()
  }
  return step.value
}

/** The results of the one job. */
export const readOne = async (job: LocalJob, between?: (turn: number) => void): Promise<readonly LocalFileResult[]> =>
  (await readAll([job], between))[0]!

/**
 * How many files of the tests this process has open. Not all descriptors: the runtime and the test runner open and close
 * their own at any time.
 */
export const openDescriptors = (): number => readdirSync('/proc/self/fd').filter(leadsToTestFile).length

/** All descriptors of the process, with those that the runtime opens for itself: only growth with use means a leak. */
export const allDescriptors = (): number => readdirSync('/proc/self/fd').length

const leadsToTestFile = (descriptor: string): boolean => {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith(join(tmpdir(), PREFIX))
  } catch {
    return false // the descriptor by which the folder was read, closed since
  }
}

export const MIB: number = 1024 * 1024

/** Bytes in which no two places look alike. */
export const pattern = (length: number, seed = 1): Buffer => {
  const bytes = Buffer.alloc(length)
  let state = seed
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}
