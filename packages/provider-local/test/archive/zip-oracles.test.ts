import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { zipArchive } from '@backproof/provider-local'
import { describe, expect, it } from 'vitest'
import { tempDirectory, writeTree } from '../support/tree.js'
import { has, pictureOfScan, pictureOfTree, scanAll, writeHostileTree } from './support/archives.js'

const hostile = (root: string, bytes: boolean): string => {
  writeHostileTree(`${root}/tree`, { links: true, bytes, sparse: true })
  // zip leaves FIFOs out, or waits for a writer.
  execFileSync('rm', [`${root}/tree/fifo`])
  return `${root}/tree`
}

describe.skipIf(!has('zip'))('archives by Info-ZIP hold what the tree holds (Debian package zip)', () => {
  it.each(['-ryq', '-ryq0', '-ryq9 -fz', '-ryqX -fd'])('zip %s', async (flags) => {
    const root = tempDirectory()
    const tree = hostile(root, true)
    execFileSync('zip', [...flags.split(' '), `${root}/a.zip`, '.'], {
      cwd: tree,
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    })
    const all = await scanAll(zipArchive({ path: `${root}/a.zip` }))
    expect(pictureOfScan(all)).toEqual(pictureOfTree(tree))
    for (const { info, bytes } of all) {
      if (info.kind !== 'object') continue
      const value = crc32(bytes).toString(16).padStart(8, '0')
      expect(info.digests).toEqual([{ algorithm: 'crc32', value, provenance: 'claimed' }])
    }
    const empty = all.find(({ info }) => info.key === 'empty')!.info
    expect(empty.metadata?.mode).toBe(0o644)
    if (!flags.includes('X')) expect(empty.modified).toBe(1_700_000_000_000)
  })

  it('zip to a pipe, which knows no sizes before the bytes', async () => {
    const root = tempDirectory()
    writeTree(root, { 'tree/a': 'a'.repeat(100_000), 'tree/b': '' })
    execFileSync('sh', ['-c', 'zip -rq - . | cat > ../a.zip'], { cwd: `${root}/tree` })
    expect(pictureOfScan(await scanAll(zipArchive({ path: `${root}/a.zip` })))).toEqual(pictureOfTree(`${root}/tree`))
  })

  it('behind a program that unpacks it, with and without corrected places', async () => {
    const root = tempDirectory()
    writeTree(root, { 'tree/a': 'a'.repeat(1_000), 'tree/b': 'b' })
    execFileSync('zip', ['-rq', `${root}/a.zip`, '.'], { cwd: `${root}/tree` })
    const program = Buffer.from(`#!/bin/sh\n${'x'.repeat(10_000)}\n`)
    writeFileSync(`${root}/self`, Buffer.concat([program, readFileSync(`${root}/a.zip`)]))
    const right = pictureOfTree(`${root}/tree`)
    expect(pictureOfScan(await scanAll(zipArchive({ path: `${root}/self` })))).toEqual(right)
    execFileSync('zip', ['-qA', `${root}/self`])
    expect(pictureOfScan(await scanAll(zipArchive({ path: `${root}/self` })))).toEqual(right)
  })

  it('tells entries that are encrypted or packed otherwise', async () => {
    const root = tempDirectory()
    mkdirSync(`${root}/tree`)
    writeFileSync(`${root}/tree/text`, 'text '.repeat(1_000))
    execFileSync('zip', ['-q', '-P', 'secret', `${root}/encrypted.zip`, 'text'], { cwd: `${root}/tree` })
    execFileSync('zip', ['-q', '-Z', 'bzip2', `${root}/bzip2.zip`, 'text'], { cwd: `${root}/tree` })
    for (const name of ['encrypted', 'bzip2']) {
      const [entry, ...rest] = await scanAll(zipArchive({ path: `${root}/${name}.zip` }))
      expect(rest).toEqual([])
      expect(entry).toMatchObject({
        info: { key: 'text', problem: { code: 'unsupported', message: expect.stringContaining(name) } },
        bytes: Buffer.alloc(0),
      })
    }
  })
})

describe.skipIf(!has('bsdtar'))(
  'zip archives by bsdtar hold what the tree holds (Debian package libarchive-tools)',
  () => {
    it.each(['zip:compression=deflate', 'zip:compression=store', 'zip:zip64'])(
      'bsdtar --options %s',
      async (options) => {
        const root = tempDirectory()
        const tree = hostile(root, true)
        execFileSync('bsdtar', ['--format=zip', '--options', options, '-cf', `${root}/a.zip`, '-C', tree, '.'], {
          stdio: 'ignore',
          env: { ...process.env, LC_ALL: 'C.UTF-8' },
        })
        expect(pictureOfScan(await scanAll(zipArchive({ path: `${root}/a.zip` })))).toEqual(pictureOfTree(tree))
      },
    )
  },
)
