import { execFileSync } from 'node:child_process'
import { compare } from '@backproof/core/compare'
import type { ObjectFinding } from '@backproof/core/report'
import { describe, expect, it } from 'vitest'
import { localDirectory, type SymlinkMode } from '../src/index.js'
import { entryFor, listAll, openBelow, readAll, tempDirectory } from './support/tree.js'

/** The longest path that Linux takes, without the NUL at its end. */
const PATH_MAX = 4_095

/** Makes files at the bottom of a chain of directories, in steps: no single path that long exists for the kernel. */
const makeDeep = (root: string, { levels, name = 'n'.repeat(200) }: { levels: number; name?: string }): string => {
  const program = `const { mkdirSync, writeFileSync, symlinkSync } = require('node:fs')
    for (let i = 0; i < ${levels}; i++) { mkdirSync('${name}'); process.chdir('${name}') }
    writeFileSync('leaf', 'at the bottom')
    writeFileSync('big', Buffer.alloc(3_000_000, 7))
    writeFileSync(Buffer.from('\\xff', 'latin1'), 'not UTF-8')
    symlinkSync('leaf', 'link')
    symlinkSync('nowhere', 'dead')
    mkdirSync('empty')`
  execFileSync(process.execPath, ['-e', program], { cwd: root })
  return `${name}/`.repeat(levels)
}

/** Runs a program at the bottom of the chain. */
const atBottom = (root: string, levels: number, program: string, name = 'n'.repeat(200)): void => {
  const steps = `for (let i = 0; i < ${levels}; i++) process.chdir('${name}');`
  execFileSync(process.execPath, ['-e', steps + program], { cwd: root })
}

const run = async (a: string, b: string) => {
  const comparison = compare({ source: localDirectory({ path: a }), replicas: [localDirectory({ path: b })] })
  const found: ObjectFinding[] = []
  for await (const page of comparison) found.push(...page)
  const { result } = await comparison.report()
  return { result, brief: found.map((f) => [f.key.slice(f.key.lastIndexOf('/') + 1), f.outcome, f.reason]), found }
}

describe.skipIf(process.platform !== 'linux')('paths longer than the kernel takes', () => {
  it('are listed, looked at and read for real', async () => {
    const root = tempDirectory()
    const prefix = makeDeep(root, { levels: 50 })
    expect(prefix.length).toBeGreaterThan(2 * PATH_MAX)
    const source = localDirectory({ path: root })
    const entries = await listAll(source)
    expect(entries.map(({ key, kind, excluded }) => [key.slice(prefix.length), kind, excluded])).toEqual([
      ['big', 'object', undefined],
      ['dead', 'symlink', undefined],
      ['empty/', 'special', 'empty-directory'],
      ['leaf', 'object', undefined],
      ['link', 'symlink', undefined],
      ['\udcff', 'object', undefined],
    ])
    expect(entries.map(({ key }) => key.startsWith(prefix))).toEqual(entries.map(() => true))
    expect(entries.map(({ problem }) => problem)).toEqual(entries.map(() => undefined))
    const leaf = await entryFor(source, `${prefix}leaf`)
    expect(source.localFile?.(leaf.ref)).toBeUndefined()
    expect((await readAll(source, leaf.ref)).toString()).toBe('at the bottom')
    expect((await readAll(source, leaf.ref, { range: { start: 3, end: 6 } })).toString()).toBe('the')
    expect(await source.stat(leaf.ref, { want: ['metadata'] })).toMatchObject({ size: 13, metadata: { mode: 0o644 } })
    expect(openBelow(root)).toEqual([])
  })

  it.each([
    ['follow', ['big', 'dead symlink not-found', 'empty/', 'leaf', 'link', '\udcff']],
    ['skip', ['big', 'dead symlink', 'empty/', 'leaf', 'link symlink', '\udcff']],
  ] as const satisfies readonly (readonly [SymlinkMode, readonly string[]])[])(
    'have links below them (%s)',
    async (symlinks, expected) => {
      const root = tempDirectory()
      const prefix = makeDeep(root, { levels: 30 })
      const source = localDirectory({ path: root, symlinks })
      const entries = await listAll(source)
      const told = entries.map(({ key, kind, problem }) =>
        [key.slice(prefix.length), ...(kind === 'symlink' ? [kind] : []), ...(problem ? [problem.code] : [])].join(' '),
      )
      expect(told).toEqual(expected)
      const link = entries.find(({ key }) => key.endsWith('/link'))!
      if (symlinks === 'follow') expect((await readAll(source, link.ref)).toString()).toBe('at the bottom')
    },
  )

  it('are compared byte for byte, and a rotten byte at the bottom is found', async () => {
    const root = tempDirectory()
    execFileSync('mkdir', ['a', 'b'], { cwd: root })
    const [a, b] = [`${root}/a`, `${root}/b`]
    for (const side of [a, b]) makeDeep(side, { levels: 25 })
    expect((await run(a, b)).brief).toEqual([
      ['big', 'match', 'digest'],
      ['dead', 'match', 'link-target'],
      ['leaf', 'match', 'digest'],
      ['link', 'match', 'link-target'],
      ['\udcff', 'match', 'digest'],
    ])
    atBottom(b, 25, `fd = fs.openSync('big', 'r+'); fs.writeSync(fd, 'x', 2_999_999); fs.rmSync('leaf')`)
    const { brief, result } = await run(a, b)
    expect(brief.filter(([, outcome]) => outcome !== 'match')).toEqual([
      ['big', 'mismatch', 'digest'],
      ['leaf', 'missing', 'absent'],
    ])
    expect(result.totals.outcomes).toMatchObject({ match: 3, mismatch: 1, missing: 1 })
  })

  it('are pinned: what was replaced since it was listed is changed, under its own name', async () => {
    const root = tempDirectory()
    const prefix = makeDeep(root, { levels: 25 })
    const source = localDirectory({ path: root })
    const leaf = await entryFor(source, `${prefix}leaf`)
    atBottom(root, 25, `fs.rmSync('leaf'); fs.writeFileSync('leaf', 'at the BOTTOM')`)
    await expect(source.read(leaf.ref)).rejects.toMatchObject({ code: 'changed', subject: `${root}/${prefix}leaf` })
    atBottom(root, 25, `fs.rmSync('leaf')`)
    await expect(source.read(leaf.ref)).rejects.toMatchObject({ code: 'not-found', subject: `${root}/${prefix}leaf` })
    await expect(source.stat(leaf.ref)).rejects.toMatchObject({ code: 'not-found' })
    expect(openBelow(root)).toEqual([])
  })

  it.each([PATH_MAX - 1, PATH_MAX, PATH_MAX + 1, PATH_MAX + 2])('work at the border: %i bytes', async (length) => {
    const root = tempDirectory()
    const levels = 19
    const rest = length - root.length - levels * 201 - 2
    const long = 'f'.repeat(rest)
    const prefix = makeDeep(root, { levels })
    atBottom(root, levels, `fs.mkdirSync('d'); process.chdir('d'); fs.writeFileSync('${long.slice(2)}', 'x')`)
    const source = localDirectory({ path: root })
    const entry = await entryFor(source, `${prefix}d/${long.slice(2)}`)
    expect(`${root}/${entry.key}`).toHaveLength(length - 1)
    expect((await readAll(source, entry.ref)).toString()).toBe('x')
  })

  it('end at a limit that is told, so that a tree made to be deep takes no memory', async () => {
    const root = tempDirectory()
    makeDeep(root, { levels: 2_000, name: 'deepdeeep' })
    const before = process.memoryUsage().heapUsed
    const entries = await listAll(localDirectory({ path: root }))
    expect(entries).toHaveLength(1)
    expect(entries[0]).toMatchObject({
      key: 'deepdeeep/'.repeat(1_639),
      kind: 'special',
      problem: { code: 'unsupported' },
    })
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000)
    const { result } = await run(root, tempDirectory())

    expect(result.totals.outcomes).toMatchObject({ match: 0, unverifiable: 1 })
  })
})
