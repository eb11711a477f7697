import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  linkSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { type CompareOptions, compare } from '@backproof/core/compare'
import { exitCode, type ObjectFinding, summarize } from '@backproof/core/report'
import type { BackupSource } from '@backproof/core/source'
import { verify } from '@backproof/core/verify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checksumManifest, localDirectory } from '../src/index.js'
import { tempDirectory } from './support/tree.js'

let root: string
let a: string
let b: string
beforeEach(() => {
  root = tempDirectory()
  a = join(root, 'a')
  b = join(root, 'b')
  mkdirSync(join(a, 'd'), { recursive: true })
  writeFileSync(join(a, 'd', 'one.txt'), 'one')
  writeFileSync(join(a, 'two.bin'), Buffer.alloc(300_000, 7))
  symlinkSync('two.bin', join(a, 'link'))
  writeFileSync(join(a, 'empty'), '')
  execFileSync('cp', ['-a', a, b])
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** The replica, with something that happens between its listing and its reading. */
const onceListed = (happen: () => void): BackupSource => {
  const replica = localDirectory({ path: b })
  return {
    ...replica,
    async *list(options) {
      for await (const page of replica.list(options)) {
        happen()
        yield page
      }
    },
  }
}

const run = async (options: Partial<CompareOptions> = {}) => {
  const comparison = compare({
    source: localDirectory({ path: a }),
    replicas: [localDirectory({ path: b })],
    ...options,
  })
  const found: ObjectFinding[] = []
  for await (const page of comparison) found.push(...page)
  const { result, telemetry } = await comparison.report()
  return { found, result, telemetry, brief: found.map((f) => `${f.key} ${f.outcome} ${f.reason}`) }
}

describe('two directories', () => {
  it('are proven byte for byte', async () => {
    const { found, result, brief } = await run()
    expect(brief).toEqual([
      'd/one.txt match bytes',
      'empty match bytes',
      'link match link-target',
      'two.bin match bytes',
    ])
    expect(found.every((f) => f.grade === 'read')).toBe(true)
    expect([result.source.bytesRead, result.replicas[0]!.bytesRead]).toEqual([300_003, 300_003])
    expect(exitCode(result)).toBe(0)
  })

  it('stay as they were: nothing is written to, created in or changed about either', async () => {
    // Everything that find can tell but the time of the last access, which reading changes where the mount keeps it.
    const state = () =>
      execFileSync('find', [root, '-printf', '%p %y %s %m %U:%G %T@ %C@ %i %n %l\n'], { encoding: 'utf8' })
    const before = state()
    await run({ record: ['sha256'], metadata: ['mode', 'mtime', 'owner'] })
    await verify({ source: localDirectory({ path: a }), record: ['sha256'], entropy: true }).report()
    expect(state()).toBe(before)
  })

  it('records the digests that sha256sum gives, when asked', async () => {
    const { found } = await run({ record: ['sha256', 'md5'] })
    const two = found.find((f) => f.key === 'two.bin')!
    const sum = (tool: string) => execFileSync(tool, [join(a, 'two.bin')], { encoding: 'utf8' }).split(' ')[0]
    for (const side of [two.sides?.source, two.sides?.replica]) {
      expect(side?.recorded?.map((d) => [d.algorithm, d.value, d.provenance])).toEqual([
        ['sha256', sum('sha256sum'), 'computed'],
        ['md5', sum('md5sum'), 'computed'],
      ])
    }
  })

  it('say where the first byte differs, and stop reading there', async () => {
    const bytes = Buffer.alloc(300_000, 7)
    bytes[123_456] = 8
    writeFileSync(join(b, 'two.bin'), bytes)
    const { found } = await run()
    expect(found.find((f) => f.key === 'two.bin')).toMatchObject({
      outcome: 'mismatch',
      reason: 'bytes',
      firstDifference: 123_456,
    })
  })

  it('tell hard links: one file is no independent copy', async () => {
    rmSync(join(b, 'two.bin'))
    linkSync(join(a, 'two.bin'), join(b, 'two.bin'))
    for (const require of ['read', 'size'] as const) {
      const { found, result } = await run({ require })
      expect(found.find((f) => f.key === 'two.bin')).toMatchObject({ outcome: 'match', notes: ['same-file'] })
      expect(found.filter((f) => f.notes !== undefined)).toHaveLength(1)
      expect(result.totals.notes).toEqual({ 'same-file': 1 })
      const summary = summarize(result)
      expect([summary.sentence, ...summary.details].join(' ')).toMatch(/not an independent copy/)
    }
  })

  it('are refused when they are one place under two names', async () => {
    symlinkSync(a, join(root, 'alias'))
    const replicas = [localDirectory({ path: join(root, 'alias') })]
    await expect(run({ replicas })).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining('same place'),
    })
  })

  it('prove nothing when they are empty', async () => {
    for (const side of [a, b]) {
      rmSync(side, { recursive: true })
      mkdirSync(side)
    }
    const { result } = await run()
    expect(exitCode(result)).toBe(3)
    expect(summarize(result)).toMatchObject({ proven: false })
  })

  it('are read again when a file was replaced between listing and reading', async () => {
    const source = localDirectory({ path: a })
    const replica = onceListed(() => {
      rmSync(join(b, 'd', 'one.txt'))
      writeFileSync(join(b, 'd', 'one.txt'), 'One')
    })
    const { brief, telemetry } = await run({ source, replicas: [replica] })
    expect(brief[0]).toBe('d/one.txt mismatch bytes')
    expect(telemetry.retries).toBe(1)
  })

  it('say unreadable for a file that vanished after it was listed', async () => {
    const replica = onceListed(() => {
      rmSync(join(b, 'two.bin'), { force: true })
    })
    const { found, result } = await run({ replicas: [replica] })
    expect(found.find((f) => f.key === 'two.bin')).toMatchObject({
      outcome: 'unreadable',
      error: { code: 'not-found', side: 'replica' },
    })
    expect(exitCode(result)).toBe(1)
  })
})

describe('attributes', () => {
  it('are not compared by default, and are when asked', async () => {
    chmodSync(join(b, 'empty'), 0o600)
    utimesSync(join(b, 'two.bin'), 1, 1)
    expect((await run()).result.totals.outcomes.match).toBe(4)
    const { found } = await run({ metadata: ['mode', 'owner', 'mtime'] })
    expect(
      found.filter((f) => f.outcome !== 'match').map((f) => [f.key, f.reason, f.metadata?.map((d) => d.field)]),
    ).toEqual([
      ['empty', 'metadata', ['mode']],
      ['two.bin', 'metadata', ['mtime']],
    ])
    const mode = statSync(join(a, 'empty')).mode & 0o7777
    expect(found.find((f) => f.key === 'empty')?.metadata).toEqual([
      { field: 'mode', source: `0${mode.toString(8)}`, replica: '0600' },
    ])
  })

  const hasAttr = spawnSync('setfattr', ['--version']).status === 0 && spawnSync('getfattr', ['--version']).status === 0
  it.skipIf(!hasAttr)('include extended attributes (Debian package attr)', async () => {
    execFileSync('setfattr', ['-n', 'user.colour', '-v', 'red', join(a, 'empty')])
    execFileSync('setfattr', ['-n', 'user.colour', '-v', 'blue', join(b, 'empty')])
    const { found } = await run({ metadata: ['xattrs'], include: ['empty', 'two.bin'] })
    expect(found.map((f) => `${f.key} ${f.outcome}`)).toEqual(['empty mismatch', 'two.bin match'])
    const hex = (text: string) => Buffer.from(text).toString('hex')
    expect(found[0]!.metadata).toEqual([
      { field: 'xattrs', source: `user.colour=${hex('red')}`, replica: `user.colour=${hex('blue')}` },
    ])
  })
})

describe('a baseline', () => {
  it('written by sha256sum verifies the tree, and finds rot in it', async () => {
    const list = execFileSync('sh', ['-c', 'find . -type f -print0 | xargs -0 sha256sum'], { cwd: a, encoding: 'utf8' })
    writeFileSync(join(root, 'SHA256SUMS'), list)
    const against = checksumManifest({ path: join(root, 'SHA256SUMS') })
    const check = async () => {
      const verification = verify({
        source: localDirectory({ path: a, symlinks: 'skip' }),
        against,
        require: 'read',
        strength: 'cryptographic',
      })
      return (await verification.report()).result
    }
    const good = await check()
    expect(good.totals.outcomes).toMatchObject({ match: 3 })
    expect([exitCode(good), good.source.excluded]).toEqual([0, { symlink: 1 }])
    const { atime, mtime } = statSync(join(a, 'two.bin'))
    const bytes = Buffer.alloc(300_000, 7)
    bytes[299_999] = 6
    writeFileSync(join(a, 'two.bin'), bytes)
    utimesSync(join(a, 'two.bin'), atime, mtime)
    const rotten = await check()
    expect(rotten.findings.map((f) => [f.key, f.outcome, f.rotten])).toEqual([['two.bin', 'mismatch', 'source']])
    expect(exitCode(rotten)).toBe(1)
  })

  it('without one a directory proves nothing of itself', async () => {
    const { result } = await verify({ source: localDirectory({ path: a }) }).report()
    expect(result.totals.outcomes).toMatchObject({ match: 0, unverifiable: 4 })
    expect(exitCode(result)).toBe(3)
  })
})

describe('a tree that other users may not read', () => {
  it('has errors, never missing files, and is not proven', () => {
    // Root reads everything, so the comparison runs as another user where this is root.
    mkdirSync(join(a, 'secret'))
    writeFileSync(join(a, 'secret', 'x'), 'x')
    cpSync(join(a, 'secret'), join(b, 'secret'), { recursive: true })
    chmodSync(join(b, 'secret'), 0)
    chmodSync(join(b, 'two.bin'), 0)
    execFileSync('chmod', ['755', root, a, b])
    const program = `
      if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534) }
      const { compare } = await import('@backproof/core')
      const { localDirectory } = await import('@backproof/provider-local')
      const run = compare({ source: localDirectory({ path: process.argv[1] }), replicas: [localDirectory({ path: process.argv[2] })] })
      const found = []
      for await (const page of run) found.push(...page.map((f) => f.key + ' ' + f.outcome + ' ' + (f.error?.code ?? '')))
      console.log(JSON.stringify(found.filter((line) => !line.includes(' match '))))`
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', program, a, b], {
      encoding: 'utf8',
      cwd: import.meta.dirname,
    })
    expect(child.stderr).toBe('')
    expect(JSON.parse(child.stdout)).toEqual([
      'secret/ error access-denied',
      'secret/x error access-denied',
      'two.bin error access-denied',
    ])
    chmodSync(join(b, 'secret'), 0o755)
  })
})
