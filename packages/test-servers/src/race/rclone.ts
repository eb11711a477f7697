import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Contest, race, seconds } from './race.js'
import { makeTree } from './tree.js'

/** A place that rclone and the command both know, and how each is told of it. */
export interface RcloneRaceOptions {
  /** Bucket or container; rclone makes it where it is missing. */
  readonly name: string
  /** URI of the same place. */
  readonly uri: string
  /** The built command. */
  readonly bin: string
  /** Options of the command for this place: `['--with', 'profile=ceph']`. */
  readonly options?: readonly string[] | undefined
  /** Environment of both; rclone's remote is called `r`. */
  readonly env: NodeJS.ProcessEnv
  /** Uploads of the tree, as arguments of rclone: source and target are put in front. */
  readonly uploads: readonly (readonly string[])[]
  /** The weakest grade that the place reaches by what it stores. */
  readonly storedGrade: 'stored' | 'claimed'
  readonly objects: number
  readonly rounds: number
}

/** Compares a directory with a place by what is stored and by every byte, and reads the place alone: rclone and we by turns. */
export const raceRclone = (options: RcloneRaceOptions): void => {
  const { name, uri, bin, storedGrade, objects, rounds } = options
  const root = mkdtempSync(join(tmpdir(), 'backproof-bench-'))
  try {
    const tree = join(root, 'tree')
    mkdirSync(tree)
    makeTree(tree, objects)
    const { AWS_CA_BUNDLE: _, ...inherited } = process.env
    const env = { ...inherited, NODE_NO_WARNINGS: '1', RCLONE_CONFIG: join(root, 'rclone.conf'), ...options.env }
    const remote = `r:${name}`
    const rclone = (...args: string[]): number => seconds('rclone', ['--log-level', 'ERROR', ...args], env)
    const own = (...args: string[]): number =>
      seconds(process.execPath, [bin, ...args, '--quiet', ...(options.options ?? [])], env)
    for (const upload of options.uploads) rclone('copy', tree, remote, ...upload)
    const contests: readonly Contest[] = [
      {
        task: `digests that are ${storedGrade}`,
        peer: () => rclone('check', tree, remote, '--checkers', '16'),
        own: () => own('compare', tree, uri, '--require', storedGrade),
      },
      {
        task: 'every byte',
        peer: () => rclone('check', tree, remote, '--download', '--checkers', '16'),
        own: () => own('compare', tree, uri, '--require', 'read'),
      },
      // rclone has no verification by stored digests: the nearest is to hash what it downloads.
      {
        task: 'the place alone',
        peer: () => rclone('hashsum', 'MD5', remote, '--download', '--checkers', '16'),
        own: () => own('verify', uri, '--require', storedGrade),
      },
    ]
    race('rclone', contests, rounds)
  } finally {
    rmSync(root, { recursive: true })
  }
}
