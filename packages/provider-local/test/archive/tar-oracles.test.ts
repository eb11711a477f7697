import { execFileSync } from 'node:child_process'
import { tarArchive } from '@backproof/provider-local'
import { describe, expect, it } from 'vitest'
import { tempDirectory } from '../support/tree.js'
import { has, pictureOfScan, pictureOfTree, scanAll, writeHostileTree } from './support/archives.js'

describe.skipIf(!has('tar'))('archives by GNU tar hold what the tree holds (Debian package tar)', () => {
  it.each([
    ['--format=gnu', 'a.tar'],
    ['--format=posix', 'a.tar'],
    ['--format=gnu --sparse', 'a.tar'],
    ['--format=posix --sparse --sparse-version=0.0', 'a.tar'],
    ['--format=posix --sparse --sparse-version=0.1', 'a.tar'],
    ['--format=posix --sparse --sparse-version=1.0', 'a.tar'],
    ['--format=gnu --sparse -z', 'a.tar.gz'],
    ['--format=posix -z', 'a.bin'],
  ])('tar %s', async (flags, file) => {
    const root = tempDirectory()
    writeHostileTree(`${root}/tree`, { links: true, bytes: true, sparse: true })
    execFileSync('tar', [...flags.split(' '), '-cf', `${root}/${file}`, '-C', `${root}/tree`, '.'])
    const all = await scanAll(tarArchive({ path: `${root}/${file}` }))
    expect(pictureOfScan(all)).toEqual(pictureOfTree(`${root}/tree`))
    expect(all.filter(({ info }) => info.linkTo !== undefined).map(({ bytes }) => bytes.length)).toEqual([0, 0])
    const empty = all.find(({ info }) => info.key === 'empty')!.info
    expect(empty).toMatchObject({ size: 0, kind: 'object', metadata: { mode: 0o644 } })
    expect(empty.modified).toBe(flags.includes('posix') ? 1_700_000_000_500 : 1_700_000_000_000)
  })

  it.each(['--format=ustar', '--format=v7'])('tar %s, of names that fit', async (flags) => {
    const root = tempDirectory()
    const { writeTree } = await import('../support/tree.js')
    writeTree(`${root}`, { 'tree/plain': 'plain', 'tree/d/e/f': 'deeper', 'tree/raw\xff': 'raw' })
    execFileSync('tar', [flags, '-cf', `${root}/a.tar`, '-C', `${root}/tree`, '.'])
    expect(pictureOfScan(await scanAll(tarArchive({ path: `${root}/a.tar` })))).toEqual(pictureOfTree(`${root}/tree`))
  })
})

describe.skipIf(!has('bsdtar'))('archives by bsdtar hold what the tree holds (Debian package libarchive-tools)', () => {
  it.each([
    ['--format=pax', 'a.tar'],
    ['--format=gnutar', 'a.tar'],
    ['--format=pax -z', 'a.tgz'],
  ])('bsdtar %s', async (flags, file) => {
    const root = tempDirectory()
    writeHostileTree(`${root}/tree`, { links: true, bytes: true, sparse: true })
    execFileSync('bsdtar', [...flags.split(' '), '-cf', `${root}/${file}`, '-C', `${root}/tree`, '.'])
    const all = await scanAll(tarArchive({ path: `${root}/${file}` }))
    expect(pictureOfScan(all)).toEqual(pictureOfTree(`${root}/tree`))
  })
})
