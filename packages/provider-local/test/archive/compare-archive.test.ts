import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { compare } from '@backproof/core/compare'
import { exitCode } from '@backproof/core/report'
import type { BackupSource } from '@backproof/core/source'
import { localDirectory, tarArchive, zipArchive } from '@backproof/provider-local'
import { describe, expect, it } from 'vitest'
import { tempDirectory } from '../support/tree.js'
import { has, pictureOfTree, writeHostileTree } from './support/archives.js'

const compared = async (tree: string, archive: BackupSource): Promise<Record<string, string[]>> => {
  const byOutcome: Record<string, string[]> = {}
  for await (const findings of compare({
    source: localDirectory({ path: tree }),
    replicas: [archive],
    require: 'read',
  })) {
    for (const { outcome, key } of findings) byOutcome[outcome] = [...(byOutcome[outcome] ?? []), key]
  }
  return byOutcome
}

describe.skipIf(!has('tar'))('a directory and its archive (Debian package tar)', () => {
  const archived = (flags: string): { tree: string; path: string } => {
    const root = tempDirectory()
    const tree = `${root}/tree`
    writeHostileTree(tree, { links: true, bytes: true, sparse: true })
    execFileSync('tar', [...flags.split(' '), '-cf', `${root}/archive`, '-C', tree, '.'])
    return { tree, path: `${root}/archive` }
  }

  it.each(['--format=gnu --sparse -z', '--format=posix'])('are equal (tar %s)', async (flags) => {
    const { tree, path } = archived(flags)
    const { match, ...rest } = await compared(tree, tarArchive({ path }))
    // A FIFO has no bytes to compare.
    expect(rest).toEqual({ unverifiable: ['fifo'] })
    expect(match).toHaveLength(Object.keys(pictureOfTree(tree)).length - 1)
  })

  it('differ where a file changed, came or went', async () => {
    const { tree, path } = archived('--format=gnu')
    execFileSync('rm', [`${tree}/a/case`])
    writeFileSync(`${tree}/A/case`, 'UPPER')
    writeFileSync(`${tree}/later`, 'later')
    const found = await compared(tree, tarArchive({ path }))
    expect(found).toMatchObject({ mismatch: ['A/case'], missing: ['later'], extra: ['a/case'] })
  })

  it('differ where a byte of a file in the archive is damaged, and by nothing else', async () => {
    const { tree, path } = archived('--format=gnu')
    const bytes = readFileSync(path)
    const at = bytes.indexOf('The quick brown fox.') + 10_000
    bytes[at]! ^= 0x20
    writeFileSync(path, bytes)
    const found = await compared(tree, tarArchive({ path }))
    // Whichever of the two names tar met first; the other is a link to it.
    expect(found['mismatch']?.sort()).toEqual(['a/hard', 'big'])
    expect(Object.keys(found).sort()).toEqual(['match', 'mismatch', 'unverifiable'])
  })

  it.each(['--format=gnu', '--format=gnu -z'])('never pass where the archive is cut (tar %s)', async (flags) => {
    const { tree, path } = archived(flags)
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length / 2)))
    const report = await compare({ source: localDirectory({ path: tree }), replicas: [tarArchive({ path })] }).report()
    expect(exitCode(report.result)).toBe(1)
    expect(JSON.stringify(report.result)).toContain('unreadable')
  })
})

describe.skipIf(!has('zip'))('a directory and its archive (Debian package zip)', () => {
  it('are equal, and not after a byte of a file was damaged', async () => {
    const root = tempDirectory()
    const tree = `${root}/tree`
    const path = `${root}/a.zip`
    writeHostileTree(tree, { links: true, bytes: true })
    execFileSync('rm', [`${tree}/fifo`])
    execFileSync('zip', ['-ryq', path, '.'], { cwd: tree, env: { ...process.env, LC_ALL: 'C.UTF-8' } })
    const { match, ...rest } = await compared(tree, zipArchive({ path }))
    expect(rest).toEqual({})
    expect(match).toHaveLength(Object.keys(pictureOfTree(tree)).length)

    const bytes = readFileSync(path)
    const at = bytes.indexOf('not a parent')
    expect(at).toBeGreaterThan(0)
    bytes[at]! ^= 1
    writeFileSync(path, bytes)
    expect(await compared(tree, zipArchive({ path }))).toMatchObject({ unreadable: ['..a/b..'] })
  })
})
