import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'

/** Ends what is left of a server when the process that started it is gone, however it went. */
export interface Guardian {
  /** Process group to end. */
  watch(group: number): void
  /** Everything has been ended already: the guardian leaves. */
  dismiss(): Promise<void>
}

// Its standard input ends when the last holder of the other end is gone, SIGKILL included: no handler in the parent
// could see that. It lives in a session of its own, so that Ctrl-C in a terminal does not reach it.
const SCRIPT = `
groups=
while read -r word; do
  if [ "$word" = done ]; then exit 0; fi
  groups="$groups -$word"
done
if [ -n "$groups" ]; then kill -s KILL -- $groups; fi
for try in 1 2 3 4 5; do
  if rm -rf -- "$1"; then exit 0; fi
  sleep 0.2
done`

/** Starts a guardian that ends the watched groups and removes `directory` once this process is gone. */
export const startGuardian = (directory: string): Guardian => {
  const child: ChildProcess = spawn('/bin/sh', ['-c', SCRIPT, 'guardian', directory], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const input = child.stdin as Socket
  // A guardian that somebody ended must not end us; close() does its work all the same.
  input.on('error', () => undefined)
  input.unref()
  child.unref()
  return {
    watch: (group) => void input.write(`${group}\n`),
    dismiss: () => {
      child.ref()
      input.end('done\n')
      return gone
    },
  }
}
