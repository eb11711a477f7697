import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { compare } from '@backproof/core/compare'
import type { ObjectFinding } from '@backproof/core/report'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { localDirectory } from '../src/index.js'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'backproof-oracle-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const name = fc.constantFrom('a', 'b', 'a.txt', 'a b', 'ä', '😀', '.hidden', '-dash', 'A', 'x;y', "it's", 'a,b')
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
const content = fc.oneof(
  fc.constantFrom('', 'x', 'y', 'xy'),
  fc.string({ maxLength: 40 }),
  fc.constant('z'.repeat(70_000)),
)
const damage = fc.record({
  kind: fc.constantFrom('flip', 'truncate', 'grow', 'remove', 'add'),
  pick: fc.nat(),
  at: fc.nat(),
})

/** Writes files where no file or directory stands in the way. */
const write = (base: string, files: readonly (readonly [string, string])[]): void => {
  mkdirSync(base, { recursive: true })
  for (const [key, text] of files) {
    const parts = key.split('/')
    const blocked = parts.slice(1).some((_, i) => {
      const parent = join(base, ...parts.slice(0, i + 1))
      return existsSync(parent) && !statSync(parent).isDirectory()
    })
    const target = join(base, key)
    if (blocked || (existsSync(target) && statSync(target).isDirectory())) continue
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
  }
}

const filesOf = (base: string, prefix = ''): string[] =>
  readdirSync(join(base, prefix), { withFileTypes: true }).flatMap((entry) => {
    const key = prefix === '' ? entry.name : `${prefix}/${entry.name}`
    return entry.isDirectory() ? filesOf(base, key) : [key]
  })

const inflict = (base: string, { kind, pick, at }: { kind: string; pick: number; at: number }): void => {
  const files = filesOf(base)
  const target = files[pick % Math.max(1, files.length)]
  if (kind === 'add') write(base, [[`added-${pick}`, 'new']])
  if (kind === 'add' || target === undefined) return
  const file = join(base, target)
  const { size, atime, mtime } = statSync(file)
  if (kind === 'remove') rmSync(file)
  else if (kind === 'grow') writeFileSync(file, 'more', { flag: 'a' })
  else if (kind === 'truncate') truncateSync(file, Math.max(0, size - 1))
  else if (size > 0) {
    const bytes = Buffer.alloc(size)
    execFileSync('cat', [file]).copy(bytes)
    bytes[at % size]! ^= 1
    writeFileSync(file, bytes)
    // Size and time stay: only the contents tell.
    utimesSync(file, atime, mtime)
  }
}

const ours = async (a: string, b: string): Promise<Map<string, string>> => {
  const found: ObjectFinding[] = []
  const run = compare({ source: localDirectory({ path: a }), replicas: [localDirectory({ path: b })] })
  for await (const page of run) found.push(...page)
  expect((await run.report()).result.complete).toBe(true)
  return new Map(found.filter((f) => f.outcome !== 'match').map((f) => [f.key, f.outcome]))
}

/** What `diff -rq` says, file by file; a directory on one side only stands for all files below it. */
const diffSays = (a: string, b: string): Map<string, string> => {
  const { stdout, status, stderr } = spawnSync('diff', ['-rq', a, b], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  })
  expect(status, stderr).toBeLessThan(2)
  const said = new Map<string, string>()
  for (const line of stdout.split('\n').filter((text) => text !== '')) {
    const only = /^Only in (.*?): (.*)$/.exec(line)
    const differ = /^Files (.*) and (.*) differ$/.exec(line)
    const kinds =
      /^File (.*) is a (?:regular empty file|regular file|directory) while file (.*) is a (?:regular empty file|regular file|directory)$/.exec(
        line,
      )
    if (only !== null) {
      const full = join(only[1]!, only[2]!)
      const [base, outcome] = full.startsWith(`${a}/`) ? ([a, 'missing'] as const) : ([b, 'extra'] as const)
      const key = full.slice(base.length + 1)
      const keys = statSync(full).isDirectory() ? filesOf(base, key) : [key]
      for (const each of keys) said.set(each, outcome)
    } else if (differ !== null) {
      said.set(differ[1]!.slice(a.length + 1), 'mismatch')
    } else if (kinds !== null) {
      const key = kinds[1]!.slice(a.length + 1)
      for (const [base, outcome] of [
        [a, 'missing'],
        [b, 'extra'],
      ] as const) {
        const keys = statSync(join(base, key)).isDirectory() ? filesOf(base, key) : [key]
        for (const each of keys) said.set(each, outcome)
      }
    } else {
      throw new Error(`diff says something this test does not understand: ${line}`)
    }
  }
  return said
}

const hasRclone = spawnSync('rclone', ['version']).status === 0

/** What `rclone check --download` says in its combined report. */
const rcloneSays = (a: string, b: string): Map<string, string> => {
  const { AWS_CA_BUNDLE: _, ...env } = process.env
  const { stdout } = spawnSync('rclone', ['check', '--download', '--combined', '-', '--local-no-check-updated', a, b], {
    encoding: 'utf8',
    env,
  })
  const words: Record<string, string> = { '*': 'mismatch', '+': 'missing', '-': 'extra', '!': 'error' }
  const said = new Map<string, string>()
  for (const line of stdout.split('\n')) {
    const word = words[line[0] ?? '']
    if (word !== undefined) said.set(line.slice(2), word)
  }
  return said
}

const sorted = (map: ReadonlyMap<string, string>): readonly (readonly [string, string])[] =>
  [...map].sort(([x], [y]) => (x < y ? -1 : 1))

describe('outcomes of generated trees', () => {
  const cases = async (check: (a: string, b: string) => Promise<void>, numRuns: number): Promise<void> => {
    let i = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(path, content), { maxLength: 25 }),
        fc.array(damage, { maxLength: 5 }),
        fc.array(fc.tuple(path, content), { maxLength: 3 }),
        async (files, damages, further) => {
          const a = join(root, `${i}a`)
          const b = join(root, `${i++}b`)
          write(a, files)
          cpSync(a, b, { recursive: true, preserveTimestamps: true })
          for (const each of damages) inflict(b, each)
          write(b, further)
          await check(a, b)
        },
      ),
      { numRuns },
    )
  }

  it('equal those of diff -rq and cmp', async () => {
    await cases(async (a, b) => {
      const found = await ours(a, b)
      expect(sorted(found)).toEqual(sorted(diffSays(a, b)))
      for (const key of filesOf(a)) {
        if (!existsSync(join(b, key)) || !statSync(join(b, key)).isFile()) continue
        expect(spawnSync('cmp', ['-s', '--', join(a, key), join(b, key)]).status === 0).toBe(!found.has(key))
      }
    }, 60)
  })

  it.skipIf(!hasRclone)('equal those of rclone check --download (Debian package rclone)', async () => {
    await cases(async (a, b) => {
      expect(sorted(await ours(a, b))).toEqual(sorted(rcloneSays(a, b)))
    }, 25)
  })
})
