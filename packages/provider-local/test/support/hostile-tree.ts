import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { below, utf8 } from './tree.js'

/** Names that file systems allow and programs stumble over, one byte a character. */
export const HOSTILE_NAMES: readonly string[] = [
  // Not UTF-8: stray bytes, a cut sequence, an overlong slash, a surrogate in three bytes, C1 controls as bytes.
  'bad\xff\xfe',
  'cut\xe2\x82',
  'overlong\xc0\xaf',
  'surrogate\xed\xa0\x80',
  'c1\x9b31m',
  '\x80',
  // Controls and terminal escapes.
  'new\nline',
  '\n',
  'carriage\rreturn',
  'tab\there',
  'colour\x1b[31m',
  'title\x1b]0;owned\x07',
  'back\x08space',
  'delete\x7f',
  utf8('c1\u009b31m'),
  // Looks like something else: direction, nothing, line ends of Unicode, a byte order mark.
  utf8('gnp.\u202etxt'),
  utf8('isolate\u2066x'),
  utf8('zero\u200bwidth'),
  utf8('\u2028line'),
  utf8('\ufeffbom'),
  // Shells, globs, lists of checksums, URIs, Windows.
  '-rf',
  '--help',
  ' leading',
  'trailing ',
  'trailing.',
  ' ',
  '...',
  '..a',
  '.hidden',
  'back\\slash',
  '\\',
  '\\n',
  "single'quote",
  'double"quote',
  '`id`',
  '$(id)',
  '*',
  '[a-z]',
  '{a,b}',
  '!x',
  '#x',
  '~',
  '%2F',
  '%41',
  'a:b',
  'CON',
  '0123  file',
  // Equal to some eyes and some file systems.
  utf8('é'.normalize('NFC')),
  utf8('é'.normalize('NFD')),
  'case',
  'Case',
  'CASE',
  // As long as a name may be.
  'n'.repeat(255),
  utf8('ü'.repeat(127)),
  '\xff'.repeat(255),
  // Above the surrogates, where UTF-16 and UTF-8 order differ.
  utf8('\uffee'),
  utf8('😀'),
]

/** A tree in which every hostile name is a file, and a directory with a file of that name. Contents differ from file to file. */
export const makeHostileTree = (root: string): void => {
  mkdirSync(root)
  for (const [i, name] of HOSTILE_NAMES.entries()) {
    writeFileSync(below(root, name), `content ${i}\n`)
    mkdirSync(below(root, `dir/${name}`), { recursive: true })
    writeFileSync(below(root, `dir/${name}/${name}`), Buffer.alloc(i * 1_000, i))
  }
}

/** The regular files below `a` of which `cmp` says that those below `b` are not the same. One byte a character. */
export const cmpDiffers = (a: string, b: string): string[] => {
  const script =
    'find . -type f -exec sh -c \'for f; do cmp -s -- "$f" "$0/$f" || printf "%s\\\\0" "$f"; done\' "$0" {} +'
  return execFileSync('sh', ['-c', script, b], { cwd: a })
    .toString('latin1')
    .split('\0')
    .slice(0, -1)
    .map((path) => path.slice(2))
    .sort()
}
