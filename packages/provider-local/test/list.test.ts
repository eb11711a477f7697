import { execFileSync, spawnSync } from 'node:child_process'
import { linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareKeys, keyFromBytes, keyToBytes } from '@backproof/core/source'
import { localDirectory } from '@backproof/provider-local'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { typedNames, untypedNames } from '../src/names.js'
import { below, findFiles, keysOf, listAll, openBelow, tempDirectory, utf8, writeTree } from './support/tree.js'

const keyOfBytes = (name: string): string => keyFromBytes(Buffer.from(name, 'latin1'))

describe('order and names', () => {
  it('lists hostile names as find and sort do', async () => {
    const root = tempDirectory()
    writeTree(root, {
      'a/b': '1',
      'a.txt': '2',
      a0: '3',
      'a-': '4',
      'new\nline': '5',
      'back\\slash': '6',
      ' lead and trail ': '7',
      '-rf': '8',
      [utf8('\u{1f600}')]: '9',
      [utf8('\uff5e')]: '10',
      [utf8('e\u0301')]: '11',
      [utf8('\u00e9')]: '12',
      'bad\xff\xfe': '13',
      '\x80dir/\xc3': '14',
      '\x01\x7f\x1b[31m': '15',
      [utf8('\u202efdp.exe')]: '16',
      'quo\'te"': '17',
      '*?[glob]': '18',
      [`d/${'x'.repeat(255)}`]: '19',
    })
    const entries = await listAll(localDirectory({ path: root }))
    const expected = findFiles(root)
    expect(expected).toHaveLength(19)
    expect(entries.map(({ key }) => key)).toEqual(expected.map(keyOfBytes))
    expect(entries.map(({ key }) => Buffer.from(keyToBytes(key)).toString('latin1'))).toEqual(expected)
    const escaped = entries.filter(({ keyBytes }) => keyBytes !== undefined)
    expect(escaped.map(({ keyBytes }) => Buffer.from(keyBytes!).toString('latin1'))).toEqual([
      'bad\xff\xfe',
      '\x80dir/\xc3',
    ])
  })

  it('puts a file name before the directory that sorts with a slash, and a deeper tree where its bytes say', async () => {
    const root = tempDirectory()
    writeTree(root, { 'a/z': '', 'a.txt': '', 'a/b/c': '', 'a/b.c': '', a0: '', 'a b': '' })
    expect(await keysOf(localDirectory({ path: root }))).toEqual(['a b', 'a.txt', 'a/b.c', 'a/b/c', 'a/z', 'a0'])
  })

  it('property: the order is that of the full keys, whatever the tree and the window', async () => {
    const component = fc.string({
      unit: fc.constantFrom('a', 'b', '.', '-', '0', '\xc3', '\xa9', '\xff', '~', '!'),
      minLength: 1,
      maxLength: 3,
    })
    const path = fc.array(
      component.filter((name) => name !== '.' && name !== '..'),
      { minLength: 1, maxLength: 4 },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(path, { minLength: 1, maxLength: 40 }),
        fc.constantFrom(1, 3, 300_000),
        async (paths, listWindow) => {
          const root = execFileSync('mktemp', ['-d']).toString().trim()
          try {
            for (const components of paths) {
              try {
                writeTree(root, { [components.join('/')]: 'x' })
              } catch (error) {
                // The same name was drawn as a file and as a directory.
                if (!['EEXIST', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
              }
            }
            const keys = await keysOf(localDirectory({ path: root, listWindow }))
            expect(keys).toEqual(findFiles(root).map(keyOfBytes))
            expect(keys).toEqual([...keys].sort(compareKeys))
          } finally {
            rmSync(root, { recursive: true })
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  it('sorts a directory beyond the window on disk, in pages, and leaves nothing there', async () => {
    const root = tempDirectory()
    const spill = tempDirectory()
    for (let i = 0; i < 2_500; i++) writeFileSync(`${root}/${(100_000 + ((i * 7919) % 2_500)).toString(36)}`, '')
    writeTree(root, { '2/inner': '', '250-/inner': '' })
    const pages: number[] = []
    const keys: string[] = []
    let sawSpill = false
    for await (const page of localDirectory({ path: root, listWindow: 400, tempDirectory: spill }).list()) {
      pages.push(page.length)
      keys.push(...page.map(({ key }) => key))
      sawSpill ||= openBelow(spill).length > 0
    }
    expect(keys).toEqual(findFiles(root))
    expect(Math.max(...pages)).toBeLessThanOrEqual(1_000)
    expect(sawSpill).toBe(true)
    expect(openBelow(spill)).toEqual([])
    expect(execFileSync('ls', ['-A', spill]).toString()).toBe('')
  })

  it('takes types from lstat where the directory has none', () => {
    const root = tempDirectory()
    writeTree(root, { 'd/x': '', 'f\xff': '', [utf8('\u00e9/x')]: '' })
    symlinkSync('f', `${root}/l`)
    const sortName = (name: string, type: { isDirectory(): boolean }): string =>
      type.isDirectory() ? `${name}/` : name
    const expected = ['d/', 'f\xff', 'l', utf8('\u00e9/')].sort()
    expect([...typedNames(root, sortName)].flat().sort()).toEqual(expected)
    expect([...untypedNames(root, sortName)].flat().sort()).toEqual(expected)
  })
})

describe('entries', () => {
  it('carry size, time and a JSON ref', async () => {
    const root = tempDirectory()
    writeTree(root, { 'x/file': 'hello' })
    const [entry] = await listAll(localDirectory({ path: root }))
    const [size, mtime, inode] = execFileSync('stat', ['-c', '%s %.Y %i', `${root}/x/file`])
      .toString()
      .trim()
      .split(' ')
    expect(entry).toMatchObject({ key: 'x/file', kind: 'object', size: Number(size) })
    expect(entry!.modified! / 1000).toBeCloseTo(Number(mtime), 5)
    expect(entry!.ref).toMatchObject({ ino: Number(inode) })
    expect(JSON.parse(JSON.stringify(entry!.ref))).toEqual(entry!.ref)
  })

  it('never opens a FIFO or a socket, and reports them', async () => {
    const root = tempDirectory()
    execFileSync('mkfifo', [`${root}/fifo`])
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(`${root}/socket`, resolve))
    try {
      const source = localDirectory({ path: root })
      const entries = await listAll(source)
      expect(entries.map(({ key, kind, size }) => [key, kind, size])).toEqual([
        ['fifo', 'special', undefined],
        ['socket', 'special', undefined],
      ])
      for (const { ref } of entries) {
        await expect(source.read(ref)).rejects.toMatchObject({ code: 'unsupported' })
        expect(source.localFile?.(ref)).toBeUndefined()
      }
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it('never opens a device', async () => {
    const source = localDirectory({ path: '/dev' })
    const [entry] = await listAll(source, { range: { from: 'zero', to: 'zero0' } })
    expect(entry).toMatchObject({ key: 'zero', kind: 'special' })
    await expect(source.read(entry!.ref)).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('lists an empty tree as nothing, and an empty directory below as left out', async () => {
    const root = tempDirectory()
    expect(await listAll(localDirectory({ path: root }))).toEqual([])
    mkdirSync(`${root}/empty/deeper`, { recursive: true })
    writeTree(root, { 'empty/x': '', z: '' })
    const entries = await listAll(localDirectory({ path: root }))
    expect(entries.map(({ key, kind, excluded }) => [key, kind, excluded])).toEqual([
      ['empty/deeper/', 'special', 'empty-directory'],
      ['empty/x', 'object', undefined],
      ['z', 'object', undefined],
    ])
    // Not empty: nothing in it is wanted.
    const few = await listAll(localDirectory({ path: root }), { range: { from: 'empty/deeper/', to: 'empty/e' } })
    expect(few.map(({ key }) => key)).toEqual(['empty/deeper/'])
    expect((await listAll(localDirectory({ path: root }), { after: 'empty/deeper/' })).map(({ key }) => key)).toEqual([
      'empty/x',
      'z',
    ])
  })

  it('tells hard links by their inode', async () => {
    const root = tempDirectory()
    writeTree(root, { a: 'x' })
    linkSync(`${root}/a`, `${root}/b`)
    const refs = (await listAll(localDirectory({ path: root }))).map(({ ref }) => (ref as { ino: number }).ino)
    expect(refs[0]).toBe(refs[1])
  })
})

describe('symbolic links', () => {
  const linked = (): string => {
    const root = tempDirectory()
    writeTree(root, { 'dir/file': 'inside', target: 'text' })
    symlinkSync('target', `${root}/to-file`)
    symlinkSync('dir', `${root}/to-dir`)
    symlinkSync('nowhere', `${root}/dangling`)
    symlinkSync('..', `${root}/dir/up`)
    symlinkSync('self', `${root}/self`)
    symlinkSync(Buffer.from('raw\xff', 'latin1'), `${root}/to-bytes`)
    return root
  }

  it('are reported with their targets', async () => {
    const entries = await listAll(localDirectory({ path: linked() }))
    expect(entries.map(({ key, kind, linkTarget }) => [key, kind, linkTarget])).toEqual([
      ['dangling', 'symlink', 'nowhere'],
      ['dir/file', 'object', undefined],
      ['dir/up', 'symlink', '..'],
      ['self', 'symlink', 'self'],
      ['target', 'object', undefined],
      ['to-bytes', 'symlink', 'raw\udcff'],
      ['to-dir', 'symlink', 'dir'],
      ['to-file', 'symlink', 'target'],
    ])
  })

  it('are marked when they are skipped', async () => {
    const entries = await listAll(localDirectory({ path: linked(), symlinks: 'skip' }))
    const skipped = entries.filter(({ excluded }) => excluded === 'symlink')
    expect(skipped.map(({ key }) => key)).toEqual(['dangling', 'dir/up', 'self', 'to-bytes', 'to-dir', 'to-file'])
    expect(skipped.every(({ kind, problem }) => kind === 'symlink' && problem === undefined)).toBe(true)
  })

  it('are followed, with loops and dead ends told', async () => {
    const root = linked()
    const source = localDirectory({ path: root, symlinks: 'follow' })
    const entries = await listAll(source)
    expect(entries.map(({ key, kind, problem }) => [key, kind, problem?.code])).toEqual([
      ['dangling', 'symlink', 'not-found'],
      ['dir/file', 'object', undefined],
      ['dir/up/', 'special', 'unsupported'],
      ['self', 'symlink', 'unsupported'],
      ['target', 'object', undefined],
      ['to-bytes', 'symlink', 'not-found'],
      ['to-dir/file', 'object', undefined],
      ['to-dir/up/', 'special', 'unsupported'],
      ['to-file', 'object', undefined],
    ])
    expect(entries.find(({ key }) => key === 'to-file')?.size).toBe(4)
  })

  it('may be the root itself', async () => {
    const root = tempDirectory()
    writeTree(root, { 'real/x': '' })
    symlinkSync('real', `${root}/root`)
    expect(await keysOf(localDirectory({ path: `${root}/root` }))).toEqual(['x'])
  })
})

describe('what cannot be listed', () => {
  it('shows a directory without permission as a problem that hides what is below it', () => {
    const root = tempDirectory()
    writeTree(root, { 'a/x': '', 'locked/secret': '', private: '', 'search-only/y': '', z: '' })
    execFileSync('chmod', ['000', `${root}/private`])
    execFileSync('chmod', ['755', root])
    execFileSync('chmod', ['000', `${root}/locked`])
    execFileSync('chmod', ['444', `${root}/search-only`])
    // Root may read everything: another user looks.
    const program = `
      const { localDirectory } = await import('@backproof/provider-local')
      if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534) }
      const rows = []
      for await (const page of localDirectory({ path: ${JSON.stringify(root)} }).list()) {
        for (const { key, kind, problem } of page) rows.push([key, kind, problem?.code ?? null])
      }
      const codeOf = (promise) => promise.then(() => 'none', (error) => error.code)
      const locked = localDirectory({ path: ${JSON.stringify(`${root}/locked`)} })
      const source = localDirectory({ path: ${JSON.stringify(root)} })
      const codes = [
        await codeOf(locked.describe()),
        await codeOf(locked.list()[Symbol.asyncIterator]().next()),
        await codeOf(source.read({ path: 'private' })),
        await codeOf(source.stat({ path: 'locked/secret' })),
      ]
      console.log(JSON.stringify({ rows, codes }))`
    const run = spawnSync(
      process.execPath,
      ['--conditions=backproof-source', '--import', 'tsx', '--input-type=module', '-e', program],
      { cwd: new URL('..', import.meta.url).pathname, encoding: 'utf8' },
    )
    expect(run.stderr.split('\n').filter((line) => /error/i.test(line))).toEqual([])
    expect(JSON.parse(run.stdout)).toEqual({
      rows: [
        ['a/x', 'object', null],
        ['locked/', 'special', 'access-denied'],
        ['private', 'object', null],
        ['search-only/y', 'object', 'access-denied'],
        ['z', 'object', null],
      ],
      codes: Array(4).fill('access-denied'),
    })
  })

  it('shows a directory that lies deeper than it walks as a problem', async () => {
    const root = tempDirectory()
    const name = 'n'.repeat(200)
    const program = `for (let i = 0; i < 90; i++) { fs.mkdirSync('${name}'); process.chdir('${name}') }`
    execFileSync(process.execPath, ['-e', program], { cwd: root })
    const entries = await listAll(localDirectory({ path: root }))
    expect(entries).toHaveLength(1)
    expect(entries[0]?.key.endsWith(`${name}/`)).toBe(true)
    expect(entries[0]).toMatchObject({ kind: 'special', problem: { code: 'unsupported' } })
  })

  it('leaves mount points out when told to', async () => {
    const range = { from: 'proc/', to: 'proc0' }
    const entries = await listAll(localDirectory({ path: '/', oneFileSystem: true }), { range })
    expect(entries).toEqual([{ key: 'proc/', ref: { path: 'proc' }, kind: 'special', excluded: 'mount-point' }])
  })

  it('refuses a root that is missing or a file, in list and in describe', async () => {
    const root = tempDirectory()
    writeTree(root, { file: '' })
    for (const [path, code] of [
      [`${root}/nope`, 'not-found'],
      [`${root}/file`, 'invalid-config'],
      [`${root}/file/below`, 'not-found'],
    ] as const) {
      const source = localDirectory({ path })
      await expect(listAll(source)).rejects.toMatchObject({ code, provider: 'local' })
      await expect(source.describe()).rejects.toMatchObject({ code, provider: 'local' })
    }
    await expect(localDirectory({ path: `${root}/file` }).describe()).rejects.toThrow(/is a file/)
  })

  it('does not list what vanishes, and tells of a directory that became a file', async () => {
    const root = tempDirectory()
    for (let i = 0; i < 1_500; i++) writeFileSync(`${root}/f${String(i).padStart(4, '0')}`, '')
    mkdirSync(`${root}/g-dir`)
    mkdirSync(`${root}/h-gone`)
    const keys: [string, string | undefined][] = []
    let first = true
    for await (const page of localDirectory({ path: root }).list()) {
      for (const { key, problem } of page) keys.push([key, problem?.code])
      if (!first) continue
      first = false
      unlinkSync(`${root}/f1400`)
      rmSync(`${root}/h-gone`, { recursive: true })
      renameSync(`${root}/f1401`, `${root}/spare`)
      rmSync(`${root}/g-dir`, { recursive: true })
      writeFileSync(`${root}/g-dir`, '')
      mkdirSync(`${root}/f1401`)
    }
    expect(keys).toHaveLength(1_500)
    expect(keys.filter(([, code]) => code !== undefined)).toEqual([
      ['f1401', 'changed'],
      ['g-dir/', 'changed'],
    ])
    expect(keys.map(([key]) => key)).not.toContain('f1400')
  })
})

describe('ranges and resuming', () => {
  it('property: any range and any start equal filtering the whole', async () => {
    const root = tempDirectory()
    const names = ['a', 'a.b', 'a/x', 'a/y/z', 'a0', 'b/\xff', 'b/c', utf8('\uff5e/q'), utf8('\u{1f600}/r'), 'z/z/z/z']
    writeTree(root, Object.fromEntries(names.filter((name) => name !== 'a').map((name) => [name, ''])))
    const source = localDirectory({ path: root })
    const all = await keysOf(source)
    expect(all).toHaveLength(9)
    const bound = fc.option(fc.constantFrom(...all, 'a', 'a/', 'a/y', 'a/y/', 'b/', 'b/d', 'z/z', '~', ''), {
      nil: undefined,
    })
    await fc.assert(
      fc.asyncProperty(bound, bound, bound, async (from, to, after) => {
        const expected = all.filter(
          (key) =>
            (from === undefined || compareKeys(key, from) >= 0) &&
            (to === undefined || compareKeys(key, to) < 0) &&
            (after === undefined || compareKeys(key, after) > 0),
        )
        expect(await keysOf(source, { range: { from, to }, after })).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  it('resumes after entries that stand for a directory without telling them twice or out of order', async () => {
    const mounts = localDirectory({ path: '/', oneFileSystem: true })
    const to = 'proc0'
    expect(await keysOf(mounts, { range: { to }, after: 'pro' })).toEqual(['proc/'])
    expect(await keysOf(mounts, { range: { to }, after: 'proc/' })).toEqual([])
    expect(await keysOf(mounts, { range: { to }, after: 'proc/cmdline' })).toEqual([])
    expect(await keysOf(mounts, { range: { from: 'proc/x', to } })).toEqual(['proc/'])

    const root = tempDirectory()
    writeTree(root, { 'd/x': '', z: '' })
    symlinkSync('.', `${root}/d/loop`)
    const loops = localDirectory({ path: root, symlinks: 'follow' })
    expect(await keysOf(loops)).toEqual(['d/loop/', 'd/x', 'z'])
    expect(await keysOf(loops, { after: 'd/loop/' })).toEqual(['d/x', 'z'])
    // What is below cannot be told any more: the listing fails instead of leaving it out in silence.
    await expect(listAll(loops, { after: 'd/loop/a' })).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('does not walk into directories outside the range', async () => {
    // /proc/<pid> directories vanish and deny: a walk through them would show.
    const entries = await listAll(localDirectory({ path: '/proc' }), {
      range: { from: 'sys/kernel/', to: 'sys/kernel0' },
    })
    expect(entries.length).toBeGreaterThan(10)
    expect(entries.every(({ key }) => key.startsWith('sys/kernel/'))).toBe(true)
  })
})

describe('cancelling', () => {
  let root: string
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'backproof-local-wide-'))
    writeTree(root, { 'd/e/f': '' })
    for (let i = 0; i < 2_500; i++) writeFileSync(`${root}/d/${i}`, '')
  })
  afterAll(() => rmSync(root, { recursive: true }))

  it('rejects with the reason before and between pages, with nothing open', async () => {
    const reason = new Error('enough')
    const source = localDirectory({ path: root })
    await expect(listAll(source, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const pages = source.list({ signal: controller.signal })[Symbol.asyncIterator]()
    expect((await pages.next()).value).toHaveLength(1_000)
    controller.abort(reason)
    await expect(pages.next()).rejects.toBe(reason)
    expect(openBelow(root)).toEqual([])
  })

  it('gives the event loop a turn, so that a timer can abort a listing that runs by itself', async () => {
    const controller = new AbortController()
    setImmediate(() => controller.abort(new Error('from a timer')))
    await expect(listAll(localDirectory({ path: root }), { signal: controller.signal })).rejects.toThrow('from a timer')
  })

  it('leaves nothing open or on disk when a spilled listing is left early', async () => {
    const spill = tempDirectory()
    for await (const page of localDirectory({ path: root, listWindow: 100, tempDirectory: spill }).list()) {
      expect(page.length).toBeGreaterThan(0)
      expect(openBelow(spill)).not.toEqual([])
      break
    }
    expect(openBelow(root)).toEqual([])
    expect(openBelow(spill)).toEqual([])
    expect(execFileSync('ls', ['-A', spill]).toString()).toBe('')
  })

  it('names a missing temporary directory instead of losing the directory', async () => {
    const source = localDirectory({ path: root, listWindow: 100, tempDirectory: `${root}/none` })
    await expect(listAll(source)).rejects.toMatchObject({ name: 'BackupError' })
  })
})

it('paths of entries reach the kernel as they are', async () => {
  const root = tempDirectory()
  writeTree(root, { 'bad\xff': 'bytes' })
  const source = localDirectory({ path: root })
  const [entry] = await listAll(source)
  expect(source.localFile?.(entry!.ref)?.path).toEqual(below(root, 'bad\xff'))
})
