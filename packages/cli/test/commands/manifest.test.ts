import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { BIN, backproof, lastLine, runProcess, shell } from '../support/cli.js'
import { temporaryDirectory, twoTrees, writeTree } from '../support/tree.js'

const FILES = { 'a.txt': 'alpha', 'dir/b.bin': Buffer.alloc(300_000, 7), 'new\nline\\and\rmore': 'x', empty: '' }

const keys = (root: string): { readonly secret: string; readonly open: string } => {
  const [secret, open] = [join(root, 'key.pem'), join(root, 'key.pub')]
  execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', secret])
  execFileSync('openssl', ['pkey', '-in', secret, '-pubout', '-out', open])
  return { secret, open }
}

it('records a tree, and verify proves it and finds damage', async () => {
  const { root, a } = twoTrees(FILES)
  symlinkSync('a.txt', join(a, 'link'))
  const file = join(root, 'm')
  const { code, stdout, stderr } = await backproof(['manifest', a, '-o', file])
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: '',
    stderr: `backproof: recorded 5 entries (300 kB) of file://${a}\n`,
  })
  const proven = await backproof(['verify', a, '--against', file])
  expect(lastLine(proven.stdout)).toMatch(/^Proven/)
  expect(proven.code).toBe(0)
  writeFileSync(join(a, 'a.txt'), 'alphA')
  const found = await backproof(['verify', a, '--against', file])
  expect(found.stdout).toMatch(/^mismatch +a\.txt/m)
  expect(found.code).toBe(1)
})

it('goes to standard output, in any algorithm, and is a side of compare', async () => {
  const { root, a, b } = twoTrees(FILES)
  const { code, stdout } = await shell('$BACKPROOF manifest a -a blake3,md5 > m', { cwd: root })
  expect([code, stdout]).toEqual([0, ''])
  const header = JSON.parse(readFileSync(join(root, 'm'), 'utf8').split('\n')[0]!)
  expect(header).toMatchObject({ schema: 'backproof.manifest/v1', algorithms: ['blake3', 'md5'] })
  const compared = await backproof(['compare', join(root, 'm'), b])
  expect(lastLine(compared.stdout)).toMatch(/^Proven/)
  expect((await backproof(['compare', a, join(root, 'm')])).code).toBe(2)
})

it('a signed manifest is accepted with its key only', async () => {
  const { root, a } = twoTrees(FILES)
  const [mine, other] = [keys(root), keys(temporaryDirectory())]
  const file = join(root, 'm')
  expect((await backproof(['manifest', a, '--sign', mine.secret, '-o', file])).code).toBe(0)
  expect((await backproof(['verify', a, '--against', file, '--public-key', mine.open])).code).toBe(0)
  const foreign = await backproof(['verify', a, '--against', file, '--public-key', other.open])
  expect(foreign.stdout + foreign.stderr).toContain('is signed by the key')
  expect(foreign.code).toBe(1)
  const secret = await backproof(['verify', a, '--against', file, '--public-key', mine.secret])
  expect(secret.stderr).toContain('must be an Ed25519 public key')
  expect(secret.code).toBe(2)
  expect((await backproof(['verify', a, '--public-key', mine.open])).code).toBe(2)
  const program = (await backproof(['verify', a, '--against', file, '--public-key', mine.open, '--code'])).stdout
  expect(program).toContain('publicKey:')
})

it('a manifest that was cut short or changed is refused', async () => {
  const { root, a } = twoTrees(FILES)
  const file = join(root, 'm')
  await backproof(['manifest', a, '-o', file])
  const whole = readFileSync(file, 'utf8')
  for (const damaged of [
    whole.slice(0, -30),
    whole.split('\n').toSpliced(1, 1).join('\n'),
    whole.replace('"size":5', '"size":6'),
  ]) {
    writeFileSync(file, damaged)
    const { code, stdout, stderr } = await backproof(['verify', a, '--against', file])
    expect(stdout + stderr).toContain('Nothing in it can be trusted')
    expect(code).toBe(1)
  }
})

it('a checksum file satisfies sha256sum -c; others say how they are read', async () => {
  const { root, a } = twoTrees(FILES)
  symlinkSync('a.txt', join(a, 'link'))
  const told = await backproof(['manifest', a, '--format', 'checksum', '-o', join(root, 'SUMS')])
  expect(told.stderr).toContain('1 entry left out, for which the format has no place: symlink')
  expect(spawnSync('sha256sum', ['--strict', '--quiet', '-c', '../SUMS'], { cwd: a }).status).toBe(0)
  const blake = await backproof(['manifest', a, '--format', 'checksum', '-a', 'blake3', '-o', join(root, 'list')])
  expect(blake.stderr).toContain('read it with --algorithm blake3')
})

it('what could not be read is told and decides the exit code', async () => {
  const { root, a } = twoTrees(FILES)
  mkdirSync(join(a, 'closed'), { mode: 0 })
  // Root reads everything: the directory is closed for another user.
  const command = `setpriv --reuid=65534 --clear-groups ${process.execPath} ${BIN} manifest a`
  const asUser = process.getuid?.() === 0 ? command : `${process.execPath} ${BIN} manifest a`
  const { code, stdout, stderr } = await runProcess('bash', ['-c', `chmod 755 . a; ${asUser}`], { cwd: root })
  expect(stderr).toMatch(/not recorded: closed\/: error: .*denied/)
  expect(stderr).toContain('1 could NOT be recorded')
  expect(JSON.parse(lastLine(stdout))).toMatchObject({ type: 'end', omitted: 1 })
  expect(code).toBe(3)
})

it('an earlier manifest stays until the new one is complete', async () => {
  const { root, a } = twoTrees(FILES)
  const file = join(root, 'out/m')
  mkdirSync(join(root, 'out'))
  writeFileSync(file, 'precious', { mode: 0o600 })
  symlinkSync('out/m', join(root, 'link'))
  expect((await backproof(['manifest', join(root, 'nowhere'), '-o', file])).code).toBe(2)
  expect(readFileSync(file, 'utf8')).toBe('precious')
  expect((await backproof(['manifest', a, '-o', join(root, 'link')])).code).toBe(0)
  expect(readFileSync(file, 'utf8')).toMatch(/^\{"schema"/)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(root, 'out'))).toEqual(['m'])
})

it('output that cannot be written is exit code 70', async () => {
  const { root } = twoTrees(FILES)
  const full = await shell('$BACKPROOF manifest a > /dev/full', { cwd: root })
  expect(full.stderr).toContain('the disk is full')
  expect(full.code).toBe(70)
  expect((await shell('$BACKPROOF manifest a -o /dev/full', { cwd: root })).code).toBe(70)
  expect((await shell('$BACKPROOF manifest a -o nowhere/m', { cwd: root })).code).toBe(70)
})

it('interrupted: says so, leaves the earlier manifest and no half of a new one', async () => {
  const { root, a } = twoTrees({ 'a.txt': 'x', 'big.bin': '' })
  truncateSync(join(a, 'big.bin'), 400_000_000_000)
  writeFileSync(join(root, 'm'), 'precious')
  const { code, stderr } = await backproof(['manifest', a, '-o', join(root, 'm')], {
    onStart: (child) => void setTimeout(() => child.kill('SIGINT'), 1200),
  })
  expect(stderr).toContain('interrupted')
  expect(code).toBe(130)
  expect(readFileSync(join(root, 'm'), 'utf8')).toBe('precious')
  expect(readdirSync(root).sort()).toEqual(['a', 'b', 'm'])
})

it('is refused inside of what it records, and for nothing', async () => {
  const { root, a } = twoTrees(FILES)
  const inside = await backproof(['manifest', a, '-o', join(a, 'dir/m')])
  expect(inside.stderr).toContain('lies inside of')
  expect(inside.code).toBe(2)
  expect(existsSync(join(a, 'dir/m'))).toBe(false)
  symlinkSync(a, join(root, 'alias'))
  expect((await backproof(['manifest', a, '-o', join(root, 'alias/m')])).code).toBe(2)
  const empty = await backproof(['manifest', temporaryDirectory()])
  expect(empty.stderr).toContain('nothing to record')
  expect(empty.code).toBe(3)
  expect((await backproof(['manifest'])).code).toBe(2)
  expect((await backproof(['manifest', a, '--shard', '1/2'])).code).toBe(2)
})

it.skipIf(spawnSync('hashdeep', ['-V']).status !== 0)(
  'a list of hashdeep (Debian package hashdeep) is read, with the root that its names have in front',
  async () => {
    const { root, a, b } = twoTrees({ 'a,b': 'x', 'd/c': 'y' })
    await shell('hashdeep -r a > list', { cwd: root })
    const list = join(root, 'list')
    const proven = await backproof(['verify', b, '--against', list, '--root', a])
    expect(lastLine(proven.stdout)).toMatch(/^Proven/)
    const absolute = await backproof(['verify', b, '--against', list])
    expect(absolute.stdout + absolute.stderr).toContain('absolute path')
    expect(absolute.code).toBe(2)
    expect((await backproof(['verify', b, '--root', a])).code).toBe(2)
    await shell('cd a && hashdeep -r -l . > ../relative', { cwd: root })
    expect((await backproof(['compare', join(root, 'relative'), b])).code).toBe(0)
  },
)

it('a BagIt bag is verified against itself, or a copy against it', async () => {
  const root = temporaryDirectory()
  const digest = createHash('sha256').update('x').digest('hex')
  const bag = writeTree(join(root, 'bag'), {
    'bagit.txt': 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n',
    'manifest-sha256.txt': `${digest} data/a\n`,
    'data/a': 'x',
  })
  const proven = await backproof(['verify', bag, '--against', bag])
  expect(lastLine(proven.stdout)).toMatch(/^Proven/)
  expect(proven.code).toBe(0)
  const copy = writeTree(join(root, 'copy'), { 'data/a': 'y', 'data/b': '' })
  const found = await backproof(['verify', copy, '--against', bag])
  expect(found.stdout).toMatch(/^mismatch +data\/a/m)
  expect(found.stdout).toMatch(/^extra +data\/b/m)
  expect(found.code).toBe(1)
  const program = (await backproof(['verify', copy, '--against', bag, '--code'])).stdout
  expect(program).toContain(`source: bag({ path: '${bag}', copy: '${copy}' }).source`)
  writeFileSync(join(bag, 'fetch.txt'), 'https://example.org/a 1 data/a\n')
  rmSync(join(bag, 'data/a'))
  const unfetched = await backproof(['verify', bag, '--against', bag, '--json'])
  expect(unfetched.stdout).toContain('was not fetched')
  expect(unfetched.code).toBe(1)
})
