import { objectOf } from './content.js'
import type { ConformanceObject } from './types.js'

export interface HostileGroup {
  /** The case is `key-` and this. */
  readonly name: string
  readonly title: string
  readonly objects: readonly ConformanceObject[]
}

const group = (name: string, title: string, keys: readonly string[]): HostileGroup => ({
  name,
  title: `lists and opens keys with ${title}, as they are`,
  objects: keys.map((key) => objectOf(key)),
})

/** Names that break careless code, after those with which rclone tests its backends (fstest/fstests, `InternalTestFiles`). */
export const HOSTILE_GROUPS: readonly HostileGroup[] = [
  group('spaces', 'spaces in front, at the end, alone', [' leading', 'trailing ', 'in  the middle', ' ', 'dir /in it']),
  group('dots', 'dots in front and at the end', ['.hidden', '...', 'a..b', '..a', 'trailing.', 'dir./x', '.x/y']),
  group('case', 'names that are equal but for case', ['Case', 'case', 'CASE', 'stra\u00dfe', 'STRASSE']),
  group('unicode-forms', 'composed characters next to decomposed ones', [
    '\u00e9.txt',
    'e\u0301.txt',
    '\u212b',
    '\u00c5',
  ]),
  group('astral', 'characters beyond U+FFFF next to U+FFxx', [
    'x\uff5e',
    'x\u{1f600}',
    'x\ufffd',
    'xz',
    '\u{10ffff}/y',
  ]),
  group('control', 'control characters and terminal escapes', [
    '\u0001',
    'a\tb',
    'a\u007fb',
    '\u001b[31mred',
    'a\u0085b',
  ]),
  group('newline', 'line ends', ['a\nb', '\n', 'a\rb', 'a\r\nb', 'ends\n']),
  group('quotes', 'quotes and what shells and globs act on', [
    "it's",
    'say "x"',
    '`id`',
    '$(id)',
    'a&b|c;d',
    'a*b?',
    '[a]{b}',
    '<a>',
    'a:b',
    '#a',
    '~',
    'a+b=c',
    '!a,@b',
  ]),
  group('percent', 'percent signs', ['%', '%20', '%2F', 'a%', '100%25', '%zz', '%00']),
  group('backslash', 'backslashes', ['a\\b', '\\', 'ends\\', '\\n', '\\\\two']),
  group('drive', 'what looks like a drive of Windows in front', ['c:\\x', 'd:/y']),
  group('dash', 'a dash in front', ['-', '-rf', '--help', 'dir/-x']),
  group('invisible', 'bidirectional and zero-width characters', [
    'a\u202eb',
    'a\u200bb',
    '\ufeffa',
    'a\u2028b',
    'a\u00adb',
  ]),
  group('long-name', 'components of 255 bytes', [
    'n'.repeat(255),
    `${'\u00e9'.repeat(127)}x`,
    `dir/${'m'.repeat(255)}`,
  ]),
  group('long-path', 'a path of 1,024 bytes', [`${'d'.repeat(99)}/`.repeat(10) + 'f'.repeat(24)]),
  group('bytes', 'bytes that are not UTF-8', ['a\udcff', '\udc80b', 'caf\udce9', 'a\u00e9\udcc3', 'dir\udcfe/x']),
]
