import { execFileSync, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { type CompareOptions, compare } from '@backproof/core/compare'
import { exitCode, type ObjectFinding } from '@backproof/core/report'
import type { BackupSource } from '@backproof/core/source'
import { beforeEach, describe, expect, it } from 'vitest'
import { localDirectory, type SymlinkMode } from '../src/index.js'
import { tempDirectory, writeTree } from './support/tree.js'

let root: string
let a: string
let b: string
beforeEach(() => {
  root = tempDirectory()
  a = `${root}/a`
  b = `${root}/b`
  mkdirSync(a)
})
const copy = (): void => void execFileSync('cp', ['-a', a, b])

const run = async (options: Partial<CompareOptions> = {}, symlinks: SymlinkMode = 'report') => {
  const comparison = compare({
    source: localDirectory({ path: a, symlinks }),
    replicas: [localDirectory({ path: b, symlinks })],
    ...options,
  })
  const found: ObjectFinding[] = []
  for await (const page of comparison) found.push(...page)
  const { result } = await comparison.report()
  return { found, result, brief: found.map((f) => `${f.key} ${f.outcome} ${f.reason}`) }
}

describe('symbolic links', () => {
  beforeEach(() => {
    writeTree(root, { outside: 'out of the root' })
    writeTree(a, { file: 'x', 'dir/inner': 'y' })
    symlinkSync('file', `${a}/to-file`)
    symlinkSync('dir', `${a}/to-dir`)
    symlinkSync('nowhere', `${a}/dangling`)
    symlinkSync('self', `${a}/self`)
    symlinkSync('pong', `${a}/ping`)
    symlinkSync('ping', `${a}/pong`)
    symlinkSync('..', `${a}/dir/up`)
    symlinkSync('../outside', `${a}/out`)
    symlinkSync('/etc/hostname', `${a}/absolute`)
    symlinkSync(Buffer.from('\xff\n\x1b', 'latin1'), `${a}/strange`)
    copy()
  })

  it('are compared by where they point, and nothing is followed', async () => {
    const { brief, result } = await run()
    const links = brief.filter((line) => line.endsWith(' match link-target')).map((line) => line.split(' ')[0])
    const told = execFileSync('sh', ['-c', 'find . -type l | LC_ALL=C sort'], { cwd: a, encoding: 'utf8' })
    expect(links).toEqual(told.trim().replaceAll('./', '').split('\n'))
    expect([links.length, brief.length, exitCode(result)]).toEqual([10, 12, 0])
    rmSync(`${b}/dangling`)
    symlinkSync('elsewhere', `${b}/dangling`)
    rmSync(`${b}/to-file`)
    writeFileSync(`${b}/to-file`, 'x')
    const after = await run()
    expect(after.brief.filter((line) => !line.includes(' match '))).toEqual([
      'dangling mismatch link-target',
      'to-file mismatch kind',
    ])
  })

  it('are followed on demand: content is compared, dead links and loops are told and hide nothing else', async () => {
    rmSync(`${b}/dir/inner`)
    writeFileSync(`${b}/dir/inner`, 'z')
    const { found } = await run({}, 'follow')
    expect(found.map((f) => `${f.key} ${f.outcome} ${f.error?.code ?? f.reason}`)).toEqual([
      'absolute match bytes',
      'dangling unreadable not-found',
      'dir/inner mismatch bytes',
      'dir/up/ unverifiable unsupported',
      'file match bytes',
      'out match bytes',
      'ping unverifiable unsupported',
      'pong unverifiable unsupported',
      'self unverifiable unsupported',
      'strange unreadable not-found',
      'to-dir/inner mismatch bytes',
      'to-dir/up/ unverifiable unsupported',
      'to-file match bytes',
    ])
  })

  it('are left out on demand, and counted', async () => {
    const { result, brief } = await run({}, 'skip')
    expect(brief).toEqual(['dir/inner match bytes', 'file match bytes'])
    expect([result.source.excluded, result.replicas[0]!.excluded]).toEqual([{ symlink: 10 }, { symlink: 10 }])
  })
})

describe('other kinds', () => {
  it('tells FIFOs, sockets and devices, opens none, and calls none of them proven', async () => {
    writeTree(a, { file: 'x' })
    execFileSync('mkfifo', [`${a}/fifo`])
    // Only root may make a device.
    const device = spawnSync('mknod', [`${a}/null`, 'c', '1', '3']).status === 0
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(`${a}/socket`, resolve))
    try {
      copy()
      const { brief, result } = await run()
      const special = ['fifo', ...(device ? ['null'] : []), 'socket']
      expect(brief.filter((line) => !line.startsWith('file'))).toEqual(
        special.map((key) => `${key} unverifiable special`),
      )
      expect(exitCode(result)).toBe(3)
    } finally {
      server.close()
    }
  })

  it('proves each name of a hard link, in trees that link otherwise too', async () => {
    writeTree(a, { one: 'same bytes' })
    linkSync(`${a}/one`, `${a}/two`)
    mkdirSync(b)
    writeTree(b, { one: 'same bytes', two: 'same bytEs' })
    expect((await run()).brief).toEqual(['one match bytes', 'two mismatch bytes'])
  })

  it('proves empty files, and counts empty directories on each side', async () => {
    writeTree(a, { empty: '', 'full/x': '' })
    mkdirSync(`${a}/hollow/deeper`, { recursive: true })
    copy()
    mkdirSync(`${b}/new`)
    const { brief, result } = await run()
    expect(brief).toEqual(['empty match bytes', 'full/x match bytes'])
    expect([result.source.excluded, result.replicas[0]!.excluded]).toEqual([
      { 'empty-directory': 1 },
      { 'empty-directory': 2 },
    ])
  })

  const canUnshare = spawnSync('unshare', ['-rm', 'true']).status === 0
  it.skipIf(!canUnshare)('leaves mount points out on demand, and says so (Debian package util-linux)', () => {
    writeTree(a, { 'd/mnt/hidden': '', x: 'x' })
    copy()
    const program = `
      const { compare } = await import('@backproof/core')
      const { localDirectory } = await import('@backproof/provider-local')
      for (const oneFileSystem of [true, false]) {
        const [source, replica] = process.argv.slice(1).map((path) => localDirectory({ path, oneFileSystem }))
        const { result } = await compare({ source, replicas: [replica] }).report()
        console.log(JSON.stringify([result.source.excluded, result.findings.map((f) => f.key + ' ' + f.outcome)]))
      }`
    const script = `mount -t tmpfs none "$1/d/mnt" && echo y > "$1/d/mnt/y" && exec "$0" --input-type=module -e "$3" "$1" "$2"`
    const { stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', script, process.execPath, a, b, program], {
      encoding: 'utf8',
      cwd: import.meta.dirname,
    })
    expect(stderr).toBe('')
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      [{ 'mount-point': 1 }, ['d/mnt/hidden extra']],
      [{}, ['d/mnt/hidden extra', 'd/mnt/y missing']],
    ])
  })
})

describe('a file that changes while its tree is compared', () => {
  const SIZE = 4 * 1024 * 1024
  const CHANGES: Readonly<Record<string, (path: string, turn: number) => void>> = {
    grows: (path) => appendFileSync(path, '+'),
    shrinks: (path, turn) => truncateSync(path, SIZE - 1 - turn),
    'is rewritten': (path, turn) => writeFileSync(path, Buffer.alloc(SIZE, turn + 2)),
    'is replaced': (path, turn) => {
      writeFileSync(`${root}/new`, Buffer.alloc(SIZE, turn + 2))
      renameSync(`${root}/new`, path)
    },
  }

  /** The replica; `happen` is called when the first bytes of the file have been read, in every try. */
  const changing = (happen: (turn: number) => void): BackupSource => {
    const { localFile: _, ...replica } = localDirectory({ path: b })
    let turn = 0
    return {
      ...replica,
      async read(ref, options) {
        const object = await replica.read(ref, options)
        const body = async function* (): AsyncGenerator<Uint8Array> {
          let first = true
          for await (const chunk of object.body) {
            if (first) happen(turn++)
            first = false
            yield chunk
          }
        }
        return { ...object, body: body() }
      },
    }
  }

  it.each(Object.keys(CHANGES))('%s during every read: changed, never a mismatch or a match', async (name) => {
    writeFileSync(`${a}/file`, Buffer.alloc(SIZE, 1))
    copy()
    const replica = changing((turn) => CHANGES[name]!(`${b}/file`, turn))
    const { found, result } = await run({ replicas: [replica] })
    // An other size after the retry is seen without reading.
    expect(found).toHaveLength(1)
    expect(['changed', 'mismatch']).toContain(found[0]!.outcome)
    if (found[0]!.outcome === 'mismatch') expect(found[0]!.reason).toBe('size')
    expect(exitCode(result)).not.toBe(0)
  })

  it('vanishes during the read: read to its end from the open file, and told when it has to be read again', async () => {
    writeFileSync(`${a}/file`, Buffer.alloc(SIZE, 1))
    copy()
    const { found, result } = await run({ replicas: [changing(() => rmSync(`${b}/file`, { force: true }))] })
    expect(found).toMatchObject([{ key: 'file', outcome: 'unreadable', error: { code: 'not-found' } }])
    expect(exitCode(result)).toBe(1)
  })
})
