import { execFileSync } from 'node:child_process'
import { statSync, symlinkSync } from 'node:fs'
import { type LocalDirectoryOptions, localDirectory, provider } from '@backproof/provider-local'
import { describe, expect, it } from 'vitest'
import { keysOf, listAll, tempDirectory, utf8, writeTree } from './support/tree.js'

const EMPTY_MD5 = 'd41d8cd98f00b204e9800998ecf8427e'

describe('localDirectory', () => {
  it('has a canonical URI', () => {
    const root = tempDirectory()
    expect(localDirectory({ path: `${root}/a b/../c d/` }).uri).toBe(`file://${root}/c%20d`)
    expect(localDirectory({ path: '/' }).uri).toBe('file:///')
    expect(localDirectory({ path: '.' }).uri).toBe(`file://${process.cwd()}`)
  })

  it('describes itself, and its place by device and inode', async () => {
    const root = tempDirectory()
    writeTree(root, { 'real/x': '' })
    symlinkSync('real', `${root}/link`)
    const { dev, ino } = statSync(`${root}/real`)
    const traits = await localDirectory({ path: `${root}/real` }).describe()
    expect(traits).toEqual({
      keyOrder: 'utf8',
      access: 'random',
      pinning: 'etag',
      listingDigests: [],
      statDigests: [],
      rangeReads: true,
      versions: false,
      readCost: 'free',
      place: `${dev}:${ino}`,
    })
    expect(Object.isFrozen(traits)).toBe(true)
    expect((await localDirectory({ path: `${root}/link` }).describe()).place).toBe(traits.place)
  })

  it.each<[unknown, RegExp]>([
    [undefined, /one options object/],
    ['/srv', /one options object/],
    [{}, /path is undefined/],
    [{ path: '' }, /path is ""/],
    [{ path: 'a\0b' }, /NUL/],
    [{ path: 'file:///srv' }, /fromUri/],
    [{ path: '/srv', symlink: 'skip' }, /no option "symlink"; it knows .*symlinks/],
    [{ path: '/srv', symlinks: 'ignore' }, /"ignore".*report, follow, skip/],
    [{ path: '/srv', oneFileSystem: 'yes' }, /true or false/],
    [{ path: '/srv', listWindow: 0 }, /whole number/],
    [{ path: '/srv', listWindow: 1.5 }, /whole number/],
    [{ path: '/srv', tempDirectory: '' }, /tempDirectory/],
  ])('refuses %j at once', (options, message) => {
    expect(() => localDirectory(options as LocalDirectoryOptions)).toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringMatching(message) }),
    )
  })
})

describe('provider', () => {
  it('opens directories, with options', async () => {
    const root = tempDirectory()
    writeTree(root, { 'a b/x': '' })
    symlinkSync('x', `${root}/a b/link`)
    expect(provider).toMatchObject({ specVersion: 'v1', name: 'local', schemes: ['file'] })
    const uri = `file://${root}/a%20b`
    const source = await provider.fromUri(uri)
    expect(source.uri).toBe(uri)
    expect(await keysOf(source)).toEqual(['link', 'x'])
    const skipping = await provider.fromUri(uri, { options: { symlinks: 'skip' } })
    expect((await listAll(skipping)).map(({ excluded }) => excluded)).toEqual(['symlink', undefined])
    await expect(provider.fromUri(uri, { options: { symlnks: 'skip' } })).rejects.toMatchObject({
      code: 'invalid-config',
    })
  })

  it('opens archives and manifests, known by their names', async () => {
    const root = tempDirectory()
    writeTree(root, { 'tree/x': 'x', 'tree.manifest': '', 'other.bin': '' })
    execFileSync('tar', ['-czf', `${root}/tree.tar.gz`, '-C', `${root}/tree`, '.'])
    const archive = await provider.fromUri(`file://${root}/tree.tar.gz`)
    expect((await archive.describe()).access).toBe('sequential')
    expect(await keysOf(archive)).toEqual(['x'])
    const manifest = await provider.fromUri(`file://${root}/tree.manifest`)
    expect((await manifest.describe()).readCost).toBe('impossible')
    await expect(provider.fromUri(`file://${root}/other.bin`)).rejects.toThrow('is a file')
  })

  it('opens directories whose names are not UTF-8', async () => {
    const root = tempDirectory()
    writeTree(root, { [`raw\xff/${utf8('\u00e9')}`]: 'x' })
    const source = await provider.fromUri(`file://${root}/raw%FF`)
    expect(source.uri).toBe(`file://${root}/raw%FF`)
    expect(await keysOf(source)).toEqual(['\u00e9'])
    await expect(source.describe()).resolves.toMatchObject({ keyOrder: 'utf8' })
  })

  it('opens a file only as the checksum file that its name says it is', async () => {
    const root = tempDirectory()
    writeTree(root, { MD5SUMS: `${EMPTY_MD5}  a\n`, 'photo.jpg': '' })
    const manifest = await provider.fromUri(`file://${root}/MD5SUMS`)
    expect(await keysOf(manifest)).toEqual(['a'])
    expect((await manifest.describe()).readCost).toBe('impossible')
    await expect(provider.fromUri(`file://${root}/photo.jpg`)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining('is a file'),
    })
  })

  it('lets describe tell that nothing is there', async () => {
    const source = await provider.fromUri(`file://${tempDirectory()}/none`)
    await expect(source.describe()).rejects.toMatchObject({ code: 'not-found' })
  })
})
