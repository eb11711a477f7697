import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import type { ObjectInfo } from '@backproof/core/source'
import { localDirectory } from '@backproof/provider-local'
import { describe, expect, it } from 'vitest'
import { parseXattrs } from '../src/xattr-dump.js'
import { below, entryFor, listAll, tempDirectory, utf8, writeTree } from './support/tree.js'

describe('stat', () => {
  it('tells the state of now, with a ref that reads it', async () => {
    const root = tempDirectory()
    writeTree(root, { 'd/file': 'one' })
    const source = localDirectory({ path: root })
    const entry = await entryFor(source, 'd/file')
    expect(await source.stat(entry.ref)).toEqual(entry)
    appendFileSync(`${root}/d/file`, ' two')
    const now = await source.stat(entry.ref)
    expect(now).toMatchObject({ key: 'd/file', size: 7 })
    expect(now.ref).not.toEqual(entry.ref)
    await expect(source.read(entry.ref)).rejects.toMatchObject({ code: 'changed' })
    const { body } = await source.read(now.ref)
    for await (const chunk of body) expect(Buffer.from(chunk).toString()).toBe('one two')
  })

  it('gives metadata as the stat program does', async () => {
    const root = tempDirectory()
    writeTree(root, { 'x\xff': 'content' })
    chmodSync(below(root, 'x\xff'), 0o4751)
    execFileSync('sh', ['-c', 'touch -d "2001-02-03 04:05:06.123456789 UTC" x*'], { cwd: root })
    const source = localDirectory({ path: root })
    const [entry] = await listAll(source)
    const { metadata } = await source.stat(entry!.ref, { want: ['metadata'] })
    const [mode, uid, gid] = execFileSync('sh', ['-c', 'stat -c "%a %u %g" x*'], { cwd: root })
      .toString()
      .trim()
      .split(' ')
    expect(metadata).toEqual({
      mode: Number.parseInt(mode!, 8),
      uid: Number(uid),
      gid: Number(gid),
      mtimeNs: '981173106123456789',
    })
    expect((await source.stat(entry!.ref)).metadata).toBeUndefined()
  })

  it('tells of a link itself, or of what is behind it', async () => {
    const root = tempDirectory()
    writeTree(root, { target: 'abc' })
    symlinkSync('target', `${root}/link`)
    const reporting = localDirectory({ path: root })
    const following = localDirectory({ path: root, symlinks: 'follow' })
    expect(await reporting.stat({ path: 'link' })).toMatchObject({ kind: 'symlink', linkTarget: 'target' })
    expect(await following.stat({ path: 'link' })).toMatchObject({ kind: 'object', size: 3 })
    await expect(reporting.read({ path: 'link' })).rejects.toMatchObject({ code: 'unsupported' })
  })
})

describe('extended attributes', () => {
  const set = (path: string | Buffer, name: string, value: string): void => {
    // xargs: names and paths can be any bytes.
    const parts = [Buffer.from('-h\0-n\0'), Buffer.from(`${name}\0-v\0${value}\0--\0`), Buffer.from(path), Buffer.of(0)]
    execFileSync('xargs', ['-0', 'setfattr'], { input: Buffer.concat(parts) })
  }

  it('come back as they were set, for hostile names of files and attributes', async () => {
    const root = tempDirectory()
    writeTree(root, { plain: '', 'new\nline\\\r': '', 'raw\xff': '', [utf8('\u00e9')]: '', none: '' })
    set(`${root}/plain`, 'user.text', 'a\nb')
    set(`${root}/plain`, 'user.binary', '0x00ff10')
    set(`${root}/plain`, 'user.empty', '""')
    set(`${root}/plain`, 'user.od=d\\na\nme', '"1"')
    set(`${root}/plain`, 'user.__proto__', '"2"')
    set(below(root, 'new\nline\\\r'), 'user.a', '"b"')
    set(below(root, 'raw\xff'), 'user.\u00e9', '"c"')
    set(`${root}/\u00e9`, 'trusted.t', '"d"')
    const source = localDirectory({ path: root })
    const entries = await listAll(source)
    const infos = await Promise.all(entries.map(({ ref }) => source.stat(ref, { want: ['xattrs'] })))
    const found = new Map(infos.map(({ key, metadata }) => [key, Object.entries(metadata?.xattrs ?? { missing: '' })]))
    expect(new Map(found.get('plain'))).toEqual(
      new Map([
        ['user.text', '610a62'],
        ['user.binary', '00ff10'],
        ['user.empty', ''],
        ['user.od=d\\na\nme', '31'],
        ['user.__proto__', '32'],
      ]),
    )
    expect(found.get('new\nline\\\r')).toEqual([['user.a', '62']])
    expect(found.get('raw\udcff')).toEqual([['user.\u00e9', '63']])
    expect(found.get('\u00e9')).toEqual([['trusted.t', '64']])
    expect(found.get('none')).toEqual([])
  })

  it('are read for many files in few calls', async () => {
    const root = tempDirectory()
    mkdirSync(`${root}/many`)
    for (let i = 0; i < 450; i++) writeFileSync(`${root}/many/${i}`, '')
    set(`${root}/many/449`, 'user.last', '"x"')
    const source = localDirectory({ path: root })
    const entries = await listAll(source)
    const start = performance.now()
    const infos = await Promise.all(entries.map(({ ref }) => source.stat(ref, { want: ['xattrs', 'metadata'] })))
    // 450 calls of a program would take seconds.
    expect(performance.now() - start).toBeLessThan(2_000)
    const marked = infos.filter(({ metadata }) => metadata?.xattrs?.['user.last'] === '78')
    expect(marked.map(({ key }) => key)).toEqual(['many/449'])
    expect(infos.every(({ metadata }) => metadata?.mode === 0o644 && metadata.xattrs !== undefined)).toBe(true)
  })

  it('fail for the file that fails, not for its neighbours', async () => {
    const root = tempDirectory()
    writeTree(root, { a: '', b: '', c: '' })
    set(`${root}/c`, 'user.c', '"x"')
    const source = localDirectory({ path: root })
    const refs = (await listAll(source)).map(({ ref }) => ref)
    const asked = refs.map((ref) => source.stat(ref, { want: ['xattrs'] }))
    // The calls were made; the program starts in the next turn.
    execFileSync('rm', [`${root}/b`])
    const settled = await Promise.allSettled(asked)
    expect(settled[0]).toMatchObject({ status: 'fulfilled', value: { metadata: { xattrs: {} } } })
    expect(settled[1]).toMatchObject({ status: 'rejected', reason: { code: 'not-found', subject: `${root}/b` } })
    expect(settled[2]).toMatchObject({ status: 'fulfilled', value: { metadata: { xattrs: { 'user.c': '78' } } } })
  })

  it('are those of a link itself unless links are followed', async () => {
    const root = tempDirectory()
    writeTree(root, { target: '' })
    symlinkSync('target', `${root}/link`)
    set(`${root}/target`, 'user.on', '"target"')
    const read = (source: {
      stat: (ref: { path: string }, o: { want: string[] }) => Promise<ObjectInfo>
    }): Promise<ObjectInfo> => source.stat({ path: 'link' }, { want: ['xattrs'] })
    expect((await read(localDirectory({ path: root }))).metadata?.xattrs).toEqual({})
    const followed = await read(localDirectory({ path: root, symlinks: 'follow' }))
    expect(followed.metadata?.xattrs).toEqual({ 'user.on': Buffer.from('target').toString('hex') })
  })

  it('name the package when the program is missing', async () => {
    const root = tempDirectory()
    writeTree(root, { file: '', 'bin/.keep': '' })
    symlinkSync(execFileSync('sh', ['-c', 'command -v xargs']).toString().trim(), `${root}/bin/xargs`)
    const source = localDirectory({ path: root })
    const path = process.env['PATH']
    try {
      process.env['PATH'] = `${root}/bin`
      const failing = source.stat({ path: 'file' }, { want: ['xattrs'] })
      await expect(failing).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('"attr"') })
      process.env['PATH'] = root
      const worse = source.stat({ path: 'file' }, { want: ['xattrs'] })
      await expect(worse).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining('"findutils"'),
      })
    } finally {
      process.env['PATH'] = path
    }
  })

  it('stop on abort with its reason', async () => {
    const root = tempDirectory()
    writeTree(root, { file: '' })
    const controller = new AbortController()
    const asked = localDirectory({ path: root }).stat({ path: 'file' }, { want: ['xattrs'], signal: controller.signal })
    setImmediate(() => setImmediate(() => controller.abort(new Error('enough'))))
    await expect(asked).rejects.toThrow('enough')
  })

  it('are parsed from the output of getfattr', () => {
    const output = '# file: /a\\012b\\134\nuser.x=0x0aFF\nuser.\\075=0x\n\n# file: /c\ntrusted.y=0x31\n\n'
    expect([...parseXattrs(Buffer.from(output))]).toEqual([
      ['/a\nb\\', { 'user.x': '0aff', 'user.=': '' }],
      ['/c', { 'trusted.y': '31' }],
    ])
  })
})

it('metadata follows an owner that is not ours', async () => {
  const root = tempDirectory()
  writeTree(root, { file: '' })
  const { uid, gid } =
    process.getuid?.() === 0 ? { uid: 1234, gid: 4321 } : { uid: process.getuid!(), gid: process.getgid!() }
  chownSync(`${root}/file`, uid, gid)
  const { metadata } = await localDirectory({ path: root }).stat({ path: 'file' }, { want: ['metadata'] })
  expect(metadata).toMatchObject({ uid, gid })
})
