import { execFileSync } from 'node:child_process'
import { chmodSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { BIN, backproof, lastLine, runProcess, shell } from '../support/cli.js'
import { temporaryDirectory, twoTrees, writeTree } from '../support/tree.js'

const MODULES = fileURLToPath(new URL('../../../../node_modules', import.meta.url))
const FILES = { 'a.txt': 'alpha', 'dir/b.txt': 'beta', empty: '' }
const utf8 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8')

/** A project with a provider that opens `mine://WHAT` with checks of its own. */
const project = (): string => {
  const root = temporaryDirectory()
  symlinkSync(MODULES, join(root, 'node_modules'))
  return writeTree(root, {
    'mine.mjs': `
import { BackupError } from '@backproof/core/errors'
import { faultySource, memorySource } from '@backproof/core/testing'
const own = (id, status, rest) => ({ id, title: 'own ' + id, status, detail: 'seen by the provider', ...rest })
const CHECKS = {
  ready: async () => [own('clock', 'ok'), own('list', 'notice', { permission: 'mine:List' })],
  denied: async () => [own('credentials', 'problem', { detail: 'key \\u001b[31m refused', fix: 'Allow mine:List\\nto me.' })],
  broken: async () => { throw new Error('PUT https://host/x?sig=c0ffee: authorization: Basic c0ffee00') },
  hangs: ({ signal }) => new Promise((_, reject) => {
    const connection = setInterval(() => undefined, 1_000)
    signal.addEventListener('abort', () => { clearInterval(connection); reject(signal.reason) })
  }),
}
const fromUri = (uri) => {
  const { host } = new URL(uri.replace('mine:', 'http:'))
  const faults = host === 'denied'
    ? [{ kind: 'error', at: 'list', error: new BackupError({ code: 'access-denied', message: 'no, says ' + uri }) }]
    : []
  const source = faultySource(memorySource({ a: 'alpha' }, { uri: 'mine://' + host }), faults)
  return { ...source, preflight: CHECKS[host] }
}
export const provider = { specVersion: 'v1', name: 'mine', schemes: ['mine'], fromUri }
`,
  })
}
const checkMine = (places: readonly string[], more: readonly string[] = []) =>
  backproof(['check', '--provider', './mine.mjs', ...more, ...places], { cwd: project() })

describe('ready: 0', () => {
  it('directories, archives and manifests, each with its checks', async () => {
    const { root, a, b } = twoTrees(FILES)
    for (const options of ['-cf plain.tar', '-czf packed.tgz'])
      execFileSync('tar', [...options.split(' '), '-C', b, '.'], { cwd: root })
    await shell('$BACKPROOF hash -r a > SUMS', { cwd: root })
    const { code, stdout, stderr } = await backproof(['check', a, 'plain.tar', 'packed.tgz', 'SUMS'], { cwd: root })
    expect(stderr).toBe('')
    const [first, ...others] = utf8(stdout).split('\n\n')
    expect(first).toMatch(new RegExp(`^${a}\n  ✔ ok +reach the place +It answers\\.\n`))
    expect(first).toMatch(/✔ ok +list the objects +It shows 3 entries\./)
    expect(first).toMatch(/✔ ok +read the first bytes of one object +The first 5 bytes of a\.txt came\./)
    expect(first).toMatch(/! notice +digests .*`size`/)
    expect(others[0]).toMatch(/^plain\.tar\n.*! notice +list the objects +Not tried: .*✔ ok +read the first/s)
    expect(others[2]).toMatch(/sha256 \(recorded\)/)
    expect(lastLine(utf8(stdout))).toMatch(/^Ready: all 4 places can be used; \d+ things to know\.$/)
    expect(code).toBe(0)
  })

  it('a place of another provider, with its own checks', async () => {
    const { code, stdout } = await checkMine(['mine://ready'])
    expect(utf8(stdout)).toMatch(/^ {2}✔ ok +own clock +seen by the provider$/m)
    expect(stdout).not.toContain('list the objects')
    expect(code).toBe(0)
  })

  it('an empty directory: ready, and it says that there is nothing to prove', async () => {
    const { code, stdout } = await backproof(['check', temporaryDirectory()])
    expect(utf8(stdout)).toMatch(/! notice +list the objects +It is empty: there is nothing to prove\./)
    expect(code).toBe(0)
  })
})

describe('not ready: 3, with what to do', () => {
  it('a place that is not there; the others are tried all the same', async () => {
    const { a } = twoTrees(FILES)
    const { code, stdout } = await backproof(['check', join(a, 'nowhere'), a])
    expect(utf8(stdout)).toMatch(/✘ problem +reach the place .*does not exist.*\n +do: Correct the name/)
    expect(utf8(stdout)).toContain('✔ ok')
    expect(lastLine(stdout)).toBe('NOT ready: 1 problem.')
    expect(code).toBe(3)
  })

  it('a directory that permission hides', async () => {
    const { root, a } = twoTrees({ 'open/f': 'x', 'closed/g': 'x' })
    for (const path of [root, a]) chmodSync(path, 0o755)
    chmodSync(join(a, 'closed'), 0o000)
    const asNobody = `process.setgid?.(65534); process.setuid?.(65534); await import(${JSON.stringify(BIN)})`
    const node = process.getuid?.() === 0 ? ['--input-type=module', '-e', asNobody, '--', 'backproof'] : [BIN]
    const { code, stdout, stderr } = await runProcess(process.execPath, [...node, 'check', a])
    chmodSync(join(a, 'closed'), 0o755)
    expect(stderr).toBe('')
    expect(utf8(stdout)).toMatch(
      /✘ problem +list the objects +Of 2 entries, 1 cannot be shown in full.*closed\/.*\n +do: /,
    )
    expect(code).toBe(3)
  })

  it('an archive that is cut before its first byte', async () => {
    const { root, b } = twoTrees({ f: 'x'.repeat(5_000) })
    execFileSync('tar', ['-cf', 'cut.tar', '-C', b, 'f'], { cwd: root })
    truncateSync(join(root, 'cut.tar'), 512)
    const { code, stdout } = await backproof(['check', 'cut.tar'], { cwd: root })
    expect(utf8(stdout)).toMatch(/✘ problem +read the first bytes/)
    expect(code).toBe(3)
  })

  it('what a provider says: escaped, on one line', async () => {
    const { code, stdout } = await checkMine(['mine://denied'])
    expect(utf8(stdout)).toMatch(/✘ problem +own credentials +key \\x1b\[31m refused\n +do: Allow mine:List to me\.\n/)
    expect(lastLine(stdout)).toBe('NOT ready: 2 problems.')
    expect(code).toBe(3)
  })

  it('no secret is shown: neither of the URI, nor of what a provider throws', async () => {
    for (const more of [[], ['--json']]) {
      const given = ['mine://me:c0ffee@denied/x?sig=c0ffee', 'mine://broken']
      const { code, stdout, stderr } = await checkMine(given, more)
      expect(stdout).toContain('mine://denied')
      expect(stdout + stderr).not.toContain('c0ffee')
      expect(code).toBe(3)
    }
  })
})

it('prints one JSON document', async () => {
  const { code, stdout } = await checkMine(['mine://ready', 'mine://denied'], ['--json'])
  const { ok, places } = JSON.parse(stdout)
  expect([ok, places[0].ok, places[1].ok, code]).toEqual([false, true, false, 3])
  expect(places[0]).toMatchObject({ schema: 'backproof.preflight/v1', source: 'mine://ready' })
  expect(places[0].checks).toContainEqual({
    id: 'list',
    title: 'own list',
    status: 'notice',
    detail: 'seen by the provider',
    permission: 'mine:List',
  })
})

it('prints the program that does the same', async () => {
  const root = project()
  writeTree(root, { 'tree/f': 'x' })
  const args = ['check', '--provider', './mine.mjs', 'tree', 'mine://denied']
  const printed = await backproof([...args, '--code'], { cwd: root })
  expect([printed.code, printed.stderr]).toEqual([0, ''])
  expect(printed.stdout).toContain(`localDirectory({ path: '${join(root, 'tree')}' })`)
  writeFileSync(join(root, 'program.mjs'), printed.stdout)
  const program = await runProcess(process.execPath, [join(root, 'program.mjs')])
  expect([program.code, program.stderr]).toEqual([3, ''])
  expect(program.stdout.match(/^(ok|notice|problem) /gm)?.length).toBeGreaterThan(8)
})

it('wrong usage is 2', async () => {
  for (const [args, said] of [
    [['check'], /needs a place/],
    [['check', 's4://bucket'], /Did you mean s3/],
    [['check', '.', '--require', 'read'], /unknown option --require/],
  ] as const) {
    const { code, stdout, stderr } = await backproof(args, { cwd: temporaryDirectory() })
    expect(stderr).toMatch(said)
    expect([code, stdout]).toEqual([2, ''])
  }
})

it('an interrupt ends it at once: 130', async () => {
  const { code, stderr } = await backproof(['check', '--provider', './mine.mjs', '.', 'mine://hangs'], {
    cwd: project(),
    // The first place has been told: the second hangs.
    onStart: (child) => child.stdout?.once('data', () => setTimeout(() => child.kill('SIGINT'), 200)),
  })
  expect(stderr).toContain('interrupted')
  expect(code).toBe(130)
})

it('output that cannot be written is 70', async () => {
  const { code } = await shell('$BACKPROOF check . > /dev/full', { cwd: temporaryDirectory() })
  expect(code).toBe(70)
})
