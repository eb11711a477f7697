import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { BIN, backproof, type Outcome, runProcess } from '../support/cli.js'
import { temporaryDirectory } from '../support/tree.js'

/** One byte a character: escapes, controls, direction, what is not UTF-8; what looks like options. */
const NAMES: readonly string[] = [
  'colour\x1b[31m',
  'title\x1b]0;owned\x07',
  'c1\x9b31m',
  'not utf8\xff\xfe',
  'new\nline',
  'carriage\rreturn',
  'tab\there',
  'back\x08space',
  'delete\x7f',
  ...['c1\u009b31m', 'gnp.\u202etxt', 'isolate\u2066x', 'zero\u200bwidth', 'line\u2028end', '\ufeffbom'].map((name) =>
    Buffer.from(name).toString('latin1'),
  ),
  '--all',
  'back\\slash',
  ' space ',
]

let root: string
const path = (...names: string[]): Buffer => Buffer.from([root, ...names].join('/'), 'latin1')
beforeEach(() => {
  root = temporaryDirectory()
  for (const side of ['a', 'b']) mkdirSync(path(side))
  for (const [i, name] of NAMES.entries()) {
    const isDamaged = i % 3 === 0
    for (const side of ['a', 'b']) {
      writeFileSync(path(side, name), isDamaged ? side : 'same')
      mkdirSync(path(side, `d${name}`))
      writeFileSync(path(side, `d${name}`, name), 'same')
      symlinkSync(Buffer.from(isDamaged ? name + side : name, 'latin1'), path(side, `l${name}`))
    }
    if (i % 3 === 1) rmSync(path('b', name))
    if (i % 3 === 2) rmSync(path('a', name))
  }
})

/** What must not reach a terminal: controls but for line ends, bytes that are not UTF-8, direction and width tricks. */
const raw = (output: string): string[] => {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.from(output, 'latin1'))
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const bad = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffd]/
  return text.split('\n').filter((line) => bad.test(line))
}

const checkClean = ({ stdout, stderr }: Outcome): void => {
  expect(raw(stdout)).toEqual([])
  expect(raw(stderr)).toEqual([])
}

it.each([
  [['compare', 'a', 'b']],
  [['compare', 'a', 'b', '--show', 'all']],
  [['compare', 'a', 'b', '--json']],
  [['compare', 'a', 'b', '--symlinks', 'follow', '--show', 'all']],
  [['verify', 'a', '--show', 'all']],
])('shows hostile names escaped: %j', async (args) => {
  const outcome = await backproof(args, { cwd: root })
  expect([1, 3]).toContain(outcome.code)
  checkClean(outcome)
  // JSON of the command escapes with \u; text with \x.
  expect(outcome.stdout).toMatch(/colour\\(?:x1b|u001b)\[31m/)
})

it.each([
  [['compare', 'a/title\x1b]0;owned\x07', 'b']],
  [['compare', 'no\x1b[31msuch', 'b']],
  [['compare', 'a', 'no\u202esuch']],
  [['verify', 'a', '--against', 'no\x1b[31msuch']],
  [['hash', 'no\x1b[31msuch']],
  [['compare', 'a', 'b', '--no\x1b[31msuch']],
  [['no\x1b[31msuch']],
])('says what is wrong with hostile arguments without repeating their controls: %j', async (args) => {
  const outcome = await backproof(args, { cwd: root })
  expect(outcome.code).toBeGreaterThan(0)
  checkClean(outcome)
})

const hasScript = spawnSync('script', ['--version']).status === 0
it.skipIf(!hasScript)(
  'draws nothing on a terminal but its own colours and lines (Debian package util-linux)',
  async () => {
    execFileSync('truncate', ['-s', '400M', join(root, 'a/big\x1b[5m'), join(root, 'b/big\x1b[5m')])
    const command = `${process.execPath} ${BIN} compare a b --show all`
    const { stdout } = await runProcess('script', ['-qec', command, '/dev/null'], { cwd: root, env: { TERM: 'xterm' } })
    expect(stdout).toContain('big\\x1b[5m')
    // What the command itself draws: colours, and the line that it clears.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const own = /\x1b\[(?:\d+(?:;\d+)*)?m|\r\x1b\[2K|\x1b\[\?25[lh]|\r(?=\n)/g
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const colours = new Set(stdout.match(/\x1b\[[\d;]*m/g))
    expect(colours).not.toContain('\x1b[5m')
    expect(raw(stdout.replace(own, ''))).toEqual([])
  },
)
