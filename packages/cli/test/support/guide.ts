import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { shell } from './cli.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** The text of a guide, by its name in docs/guides. */
export const readGuide = (name: string): string => readFileSync(`${root}docs/guides/${name}`, 'utf8')

/** What is shown, as a pattern: a line `...` stands for any lines, and at the end of a line for the rest of it. */
const pattern = (output: string): RegExp =>
  new RegExp(
    `^${output
      .split(/^\.\.\.\n/m)
      .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('\\.\\.\\.\n', '.*\n'))
      .join('(?:.*\\n)*?')}$`,
  )

export interface FollowedStep {
  readonly code: number | null
  readonly stderr: string
  /** Whether the guide shows what it prints. */
  readonly shown: boolean
}

/** Runs the shell blocks of a guide in a folder, and holds what they print against what the guide says; without that, against nothing. */
export const followGuide = async (guide: string, cwd: string): Promise<readonly FollowedStep[]> => {
  const done: FollowedStep[] = []
  for (const [, script, output] of guide.matchAll(/^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?/gms)) {
    const { code, stdout, stderr } = await shell(`backproof() { $BACKPROOF "$@"; }\n${script}`, { cwd })
    if (output === undefined) expect(stdout).toBe('')
    else expect(Buffer.from(stdout, 'latin1').toString('utf8')).toMatch(pattern(output))
    done.push({ code, stderr, shown: output !== undefined })
  }
  return done
}
