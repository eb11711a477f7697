import { spawnSync } from 'node:child_process'

/** One task, as the peer does it and as we do. Each call does it once and gives seconds. */
export interface Contest {
  readonly task: string
  readonly peer: () => number
  readonly own: () => number
}

/**
 * Runs each contest by turns, so that what slows the machine down slows both, and prints medians and the ratio: how many times
 * as fast as the peer we are.
 */
export const race = (peerName: string, contests: readonly Contest[], rounds: number): void => {
  const rows: Record<string, object> = {}
  for (const { task, peer, own } of contests) {
    const [theirs, ours]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round++) {
      theirs.push(peer())
      ours.push(own())
    }
    const [a, b] = [median(theirs), median(ours)]
    rows[task] = {
      [`${peerName}, s`]: a.toFixed(2),
      'backproof, s': b.toFixed(2),
      'times as fast': (a / b).toFixed(2),
    }
  }
  console.table(rows)
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Seconds of a whole process. Throws when it does not end with 0. */
export const seconds = (command: string, args: readonly string[], env: NodeJS.ProcessEnv): number => {
  const started = performance.now()
  const { status, stderr } = spawnSync(command, args, { env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr.slice(-2_000)}`)
  return (performance.now() - started) / 1000
}
