import { spawn } from 'node:child_process'
import type { BackupError, ErrorCode } from '@backproof/core/errors'
import { escapeKey } from '@backproof/core/source'
import { errnoOf, localError, systemError } from './errors.js'
import { keyOf } from './tree.js'
import { parseXattrs, type Xattrs } from './xattr-dump.js'

/** Reads extended attributes of files. Node has no API for them: the program `getfattr` is asked, for many files at once. */
export interface XattrReader {
  /** All attributes of a file, name to hexadecimal value. `path` is absolute, one byte a character. */
  read(path: string, signal?: AbortSignal): Promise<Xattrs>
}

/** Files in one call of the program. */
const BATCH = 200
/** Calls at once; what is asked meanwhile waits, and goes into one call. */
const CALLS = 2

interface Waiter {
  readonly path: string
  readonly resolve: (xattrs: Xattrs) => void
  readonly reject: (error: unknown) => void
}

/** With `followLinks`, attributes of what a link points to instead of those of the link. */
export const createXattrReader = (options: { readonly followLinks: boolean }): XattrReader => {
  // One queue a signal: an abort stops the calls of its own run only, with one listener a call.
  const queues = new Map<AbortSignal | undefined, Waiter[]>()
  let calls = 0
  let scheduled = false

  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      while (calls < CALLS && queues.size > 0) void startCall()
    })
  }

  const startCall = async (): Promise<void> => {
    const [signal, queue] = [...queues][0]!
    const batch = queue.splice(0, BATCH)
    if (queue.length === 0) queues.delete(signal)
    calls += 1
    await answer(batch, options.followLinks, signal)
    calls -= 1
    schedule()
  }

  return {
    read: (path, signal) =>
      new Promise((resolve, reject) => {
        const queue = queues.get(signal) ?? []
        queue.push({ path, resolve, reject })
        queues.set(signal, queue)
        schedule()
      }),
  }
}

/** Settles every waiter of the batch. Never rejects. */
const answer = async (
  batch: readonly Waiter[],
  followLinks: boolean,
  signal: AbortSignal | undefined,
): Promise<void> => {
  try {
    const paths = [...new Set(batch.map(({ path }) => path))]
    const { failed, output, complaint } = await getfattr(paths, followLinks, signal)
    const found = parseXattrs(output)
    if (!failed) {
      for (const { path, resolve } of batch) resolve(found.get(path) ?? {})
    } else if (paths.length === 1) {
      const error = failureOf(paths[0]!, complaint)
      for (const { reject } of batch) reject(error)
    } else {
      // A file without attributes and one that failed look the same in the output: halves, until the failing one is alone.
      const middle = paths.length >> 1
      const first = new Set(paths.slice(0, middle))
      await answer(
        batch.filter(({ path }) => first.has(path)),
        followLinks,
        signal,
      )
      await answer(
        batch.filter(({ path }) => !first.has(path)),
        followLinks,
        signal,
      )
    }
  } catch (error) {
    for (const { reject } of batch) reject(signal?.aborted === true ? signal.reason : error)
  }
}

interface Output {
  readonly failed: boolean
  readonly output: Buffer
  readonly complaint: string
}

/** Exit codes of xargs: the program could not be found or run; it failed for at least one file. */
const NOT_FOUND = 127
const CANNOT_RUN = 126
const SOME_FAILED = 123

/** Calls the program through `xargs -0`: an argument of Node's own can only be UTF-8, a file name can be any bytes. */
const getfattr = (paths: readonly string[], followLinks: boolean, signal: AbortSignal | undefined): Promise<Output> =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const flags = [...(followLinks ? [] : ['-h']), '-d', '-m', '-', '-e', 'hex', '--absolute-names', '--']
    const child = spawn('xargs', ['-0', 'getfattr', ...flags], {
      stdio: 'pipe',
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      ...(signal !== undefined && { signal }),
    })
    const output: Buffer[] = []
    const complaints: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk))
    child.on('error', (error) =>
      reject(errnoOf(error) === 'ENOENT' ? missing('xargs', 'findutils') : systemError(error, 'stat', 'xargs')),
    )
    child.on('close', (code) => {
      const complaint = Buffer.concat(complaints).toString('latin1')
      if (code === NOT_FOUND || code === CANNOT_RUN) reject(missing('getfattr', 'attr'))
      else if (code === 0 || code === SOME_FAILED)
        resolve({ failed: code !== 0, output: Buffer.concat(output), complaint })
      else
        reject(
          localError(
            'internal',
            'stat',
            'getfattr',
            `getfattr ended unexpectedly (exit code ${code}): ${complaint.trim()}`,
          ),
        )
    })
    // A child that is gone closes its input; its exit code tells the story.
    child.stdin.on('error', () => undefined)
    child.stdin.end(Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1'))
  })

const missing = (program: string, debianPackage: string): BackupError =>
  localError(
    'unsupported',
    'stat',
    program,
    `Extended attributes are read by the program ${program}, which this machine does not have (or not in PATH); install the package "${debianPackage}".`,
  )

/** The error for the one file of a failed call, by what the program said in the C locale. */
const failureOf = (path: string, complaint: string): BackupError => {
  const subject = keyOf(path)
  const told = complaint.trim().split(': ').at(-1) ?? ''
  const code = CODES.find(([text]) => told.includes(text))?.[1] ?? 'unavailable'
  const message = `cannot read the extended attributes of ${escapeKey(subject)}: ${escapeKey(told)}.`
  return localError(code, 'stat', subject, message)
}

const CODES: readonly (readonly [string, ErrorCode])[] = [
  ['No such file or directory', 'not-found'],
  ['Not a directory', 'not-found'],
  ['Permission denied', 'access-denied'],
  ['Operation not permitted', 'access-denied'],
  ['Operation not supported', 'unsupported'],
  ['File name too long', 'unsupported'],
  ['Input/output error', 'corrupt'],
]
