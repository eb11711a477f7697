import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { BIN, backproof, lastLine, runProcess, shell } from '../support/cli.js'
import { temporaryDirectory, twoTrees } from '../support/tree.js'

describe('2: wrong usage or configuration, with what was wrong and what to do', () => {
  const wrong = async (args: readonly string[], ...said: readonly RegExp[]): Promise<void> => {
    const { code, stdout, stderr } = await backproof(args, { cwd: temporaryDirectory() })
    for (const one of said) expect(stderr).toMatch(one)
    expect(stderr).toMatch(/^backproof: .+\n/)
    expect(stderr).not.toMatch(/ at .*\.js/)
    expect([code, stdout]).toEqual([2, ''])
  }
  it.each([
    ['no such command', ['compair', 'a', 'b'], /unknown command "compair"/, /backproof compare/],
    ['no such option', ['compare', 'a', 'b', '--exlude', 'x'], /unknown option --exlude/, /--exclude/],
    ['no such short option', ['compare', '-z', 'a', 'b'], /unknown option -z/, /help compare/],
    ['no value', ['compare', 'a', 'b', '--require'], /--require/, /help compare/],
    ['an option as value', ['compare', 'a', 'b', '--require', '--json'], /--require/, /--name=VALUE/],
    ['a value for a flag', ['compare', 'a', 'b', '--json=yes'], /--json/, /help compare/],
    ['twice', ['compare', 'a', 'b', '--require', 'read', '--require', 'size'], /given twice/, /once/],
    ['no such grade', ['compare', 'a', 'b', '--require', 'raed'], /"raed"/, /Did you mean read\?/],
    ['no such attribute', ['compare', 'a', 'b', '--metadata', 'mode,onwer'], /"onwer"/, /owner/],
    ['no such algorithm', ['compare', 'a', 'b', '--record', 'sha257'], /sha257/, /sha256/],
    ['no whole number', ['compare', 'a', 'b', '--workers', 'many'], /--workers many/, /whole number/],
    ['shard 0', ['compare', 'a', 'b', '--shard', '0/4'], /--shard 0\/4/, /1\/4/],
    ['shard past the end', ['compare', 'a', 'b', '--shard', '5/4'], /--shard 5\/4/, /K\/N/],
    ['empty range', ['compare', '.', '/usr/share', '--from', 'b', '--to', 'a'], /range|from/, /./],
    ['one place', ['compare', 'a'], /at least one replica/, /backproof compare \/srv/],
    ['no place', ['verify'], /needs a place/, /against/],
    ['two places to verify', ['verify', 'a', 'b'], /2 were given/, /compare/],
    ['an empty argument', ['compare', '', 'b'], /argument is empty/, /directory/],
    [
      'unknown scheme',
      ['compare', 's4://bucket/x', '.'],
      /s4:\/\//,
      /Did you mean s3:\/\/\?.*file:\/\/, s3:\/\/, azblob:\/\/, gs:\/\//,
    ],
    ['no such directory', ['compare', '/nonexistent/a', '.'], /nonexistent/, /./],
    ['json and quiet', ['compare', '.', '/usr/share', '--json', '--quiet'], /exclude each other/, /one/],
    ['nothing to hash', ['hash'], /at least one file/, /hash report/],
    ['two trees to hash', ['hash', '-r', 'a', 'b'], /one directory/, /each/],
    ['tree option without tree', ['hash', '--symlinks', 'skip', 'a'], /--symlinks needs -r/, /help hash/],
    ['demo with arguments', ['demo', 'x'], /no arguments/, /--tree/],
    ['demo on nothing', ['demo', '--tree', '.'], /at least 1000/, /--tree/],
    ['ndjson to -', ['compare', '.', '/usr/share/doc', '--ndjson', '-'], /needs a file/, /dev\/stdout/],
  ] as const)('%s', async (_, args, what, todo) => {
    await wrong(args, what, todo)
  })

  it('both sides the same place, however it is spelt', async () => {
    const { a } = twoTrees({ f: 'x' })
    for (const other of [a, `${a}/../a/`, `file://${a}`]) await wrong(['compare', a, other], /same place/, /./)
  })

  it('a file for a directory, a directory for a file', async () => {
    const { a } = twoTrees({ f: 'x' })
    await wrong(['compare', join(a, 'f'), a], /file/, /./)
    await wrong(['verify', a, '--against', a], /not a file/, /backproof compare/)
    await wrong(['verify', a, '--against', join(a, 'nowhere')], /nowhere/, /./)
    await wrong(['hash', '-r', join(a, 'f')], /is a file/, /-r/)
  })

  it('no arguments at all: the overview, on standard error', async () => {
    const { code, stdout, stderr } = await backproof([])
    expect(stderr).toContain('Usage: backproof')
    expect([code, stdout]).toEqual([2, ''])
  })
})

describe('3: not proven, and no difference found either', () => {
  it('empty directories are never "all proven"', async () => {
    const { a, b } = twoTrees({})
    const { code, stdout } = await backproof(['compare', a, b])
    expect(lastLine(stdout)).toMatch(/^NOT proven/)
    expect(code).toBe(3)
  })

  it('a filter that leaves nothing', async () => {
    const { a, b } = twoTrees({ f: 'x' })
    expect((await backproof(['compare', a, b, '--include', 'g'])).code).toBe(3)
  })

  it('a directory without recorded digests', async () => {
    const { a } = twoTrees({ f: 'x' })
    const { code, stdout } = await backproof(['verify', a])
    expect(stdout).toMatch(/^unverifiable +f /m)
    expect(code).toBe(3)
  })

  it('a directory that permission hides', async () => {
    const { root, a, b } = twoTrees({ 'open/f': 'x', 'closed/g': 'x' })
    for (const path of [root, a, b]) chmodSync(path, 0o755)
    chmodSync(join(b, 'closed'), 0o000)
    const asNobody = `process.setgid?.(65534); process.setuid?.(65534); await import(${JSON.stringify(BIN)})`
    const args = ['--input-type=module', '-e', asNobody, '--', 'backproof', 'compare', a, b]
    const { code, stdout, stderr } = await runProcess(
      process.execPath,
      process.getuid?.() === 0 ? args : [BIN, 'compare', a, b],
    )
    chmodSync(join(b, 'closed'), 0o755)
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^error +closed\//m)
    expect(stdout).not.toMatch(/^missing/m)
    expect(code).toBe(3)
  })
})

describe('70: output that could not be written', () => {
  it.each([
    ['standard output on a full disk', '$BACKPROOF compare a b > /dev/full'],
    ['JSON on a full disk', '$BACKPROOF compare a b --json > /dev/full'],
    ['rows on a full disk', '$BACKPROOF compare a b --ndjson /dev/full'],
    ['rows where no file can be', '$BACKPROOF compare a b --ndjson no/such/directory/rows'],
    ['digests on a full disk', '$BACKPROOF hash a/f > /dev/full'],
    ['help on a full disk', '$BACKPROOF help > /dev/full'],
    ['the version on a full disk', '$BACKPROOF --version > /dev/full'],
  ])('%s', async (_, command) => {
    const { root } = twoTrees({ f: 'x' })
    const { code, stderr } = await shell(command, { cwd: root })
    expect(stderr).toMatch(/could not be written/)
    expect(code).toBe(70)
  })

  it('a difference that was found does not hide it', async () => {
    const { root, b } = twoTrees({ f: 'x' })
    rmSync(join(b, 'f'))
    expect((await shell('$BACKPROOF compare a b --ndjson /dev/full', { cwd: root })).code).toBe(70)
  })

  it('a reader that went away: told by the code only', async () => {
    const files = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`${'long-name-'.repeat(8)}${i}`, 'x']))
    const { root, b } = twoTrees(files)
    rmSync(b, { recursive: true })
    mkdirSync(b)
    const command = 'set -o pipefail; $BACKPROOF compare a b --findings 3000 | head -1'
    const { code, stderr } = await shell(command, { cwd: root })
    expect([code, stderr]).toEqual([70, ''])
  })
})

it('help and version are success', async () => {
  const help = await backproof(['help'])
  expect(help.code).toBe(0)
  for (const name of ['compare', 'verify', 'hash', 'demo']) {
    expect(help.stdout).toContain(name)
    const one = await backproof(['help', name])
    expect(one.stdout).toContain(`Usage: backproof ${name}`)
    expect(one.stdout).toContain('Examples:')
    expect(await backproof([name, '--help'])).toEqual(one)
    for (const line of one.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(130)
  }
  expect((await backproof(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/)
})

it('an error nobody foresaw is 70, never 1', async () => {
  const script = join(temporaryDirectory(), 'boom.mjs')
  writeFileSync(script, 'throw new Error("boom")\n')
  const { code, stderr } = await runProcess(process.execPath, ['--import', pathToFileURL(BIN).href, script])
  expect(stderr).toMatch(/internal error: Error: boom/)
  expect(code).toBe(70)
})
