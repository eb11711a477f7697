import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BackupError } from '@backproof/core/errors'

export interface Daemon {
  readonly name: string
  readonly pid: number
  /** Rejects, with the tail of the log, if the daemon ends before it was told to. Never resolves. */
  readonly failed: Promise<never>
  /** SIGTERM to its process group, SIGKILL after the grace; resolves when it is gone. */
  stop(): Promise<void>
}

// What they hold goes away with them, so nothing is worth a longer wait (an idle monitor takes two seconds).
const GRACE_MS = 500
const TAIL_LINES = 25

/** Last lines of what the daemon wrote to standard error and to its log, for error messages. */
export const logTail = async (directory: string, name: string): Promise<string> => {
  const files = [`${name}.out`, `${name}.log`].map(async (file) => {
    const text = await readFile(join(directory, 'log', file), 'utf8').catch(() => '')
    const lines = text.trimEnd().split('\n').slice(-TAIL_LINES)
    return lines.join('\n').slice(-4000)
  })
  return (await Promise.all(files)).filter((text) => text !== '').join('\n')
}

/** Whether any process of the group is left. */
const groupAlive = (group: number): boolean => {
  try {
    process.kill(-group, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const signalGroup = (group: number, signal: NodeJS.Signals): void => {
  if (groupAlive(group)) process.kill(-group, signal)
}

/**
 * Starts `command` in a process group of its own; what it writes goes to `log/<name>.out` in `directory`.
 * Its environment is that of this process unless another one is given.
 */
export const startDaemon = async (
  name: string,
  command: string,
  args: readonly string[],
  directory: string,
  env?: NodeJS.ProcessEnv,
): Promise<Daemon> => {
  const output = openSync(join(directory, 'log', `${name}.out`), 'a', 0o600)
  const child = spawn(command, args, {
    cwd: directory,
    detached: true,
    stdio: ['ignore', output, output],
    ...(env && { env }),
  })
  closeSync(output)
  let stopping = false
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal === null ? `with exit code ${code}` : `by ${signal}`))
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (cause) =>
      reject(
        new BackupError({ code: 'unavailable', message: `${command} cannot be started: ${cause.message}`, cause }),
      ),
    )
  })
  // Nobody has to wait for a server to end: its guardian sees to it.
  child.unref()
  const pid = child.pid!
  const failed = exited.then(async (how): Promise<never> => {
    if (stopping) return await new Promise<never>(() => undefined)
    const tail = await logTail(directory, name)
    throw new BackupError({
      code: 'unavailable',
      message: `${command} (${name}) ended ${how}. The end of its log:\n${tail}`,
      operation: command,
    })
  })
  failed.catch(() => undefined) // who starts a cluster looks at it; afterwards, requests fail by themselves
  return {
    name,
    pid,
    failed,
    stop: async () => {
      stopping = true
      child.ref()
      signalGroup(pid, 'SIGTERM')
      const kill = setTimeout(() => signalGroup(pid, 'SIGKILL'), GRACE_MS)
      await exited
      clearTimeout(kill)
      signalGroup(pid, 'SIGKILL') // what it may have started
    },
  }
}
