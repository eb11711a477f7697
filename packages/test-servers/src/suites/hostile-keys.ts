/** Keys that break careless code. All of them are keys of S3: 1 to 1,024 bytes of UTF-8. */
export const HOSTILE_KEYS: readonly string[] = [
  // Characters that XML cannot carry, or only changes.
  ...Array.from({ length: 32 }, (_, code) => `control-${String.fromCharCode(code)}-${code}`),
  '\u0001',
  'delete\u007f',
  'next line\u0085',
  'fffe\ufffe',
  'ffff\uffff',
  '\uffff',
  'line end\r\n',
  ' ',
  ' leading',
  'trailing ',
  'in  the middle',
  '<key>&amp;"\'</key>',
  ']]>',
  // What URLs and forms act on.
  '%',
  '%2F',
  '%252F',
  '%zz',
  'a%20b',
  '+',
  'a+b',
  'a b',
  'a%2Bb',
  '?versionId=1',
  '#fragment',
  'a&b=c;d',
  '~!*()',
  // What paths act on.
  '/',
  '//',
  '/leading',
  '//leading',
  'a/',
  'a//',
  'a//b',
  'a/b',
  'a-b',
  '.',
  '..',
  './a',
  '../a',
  'a/.',
  'a/..',
  'a/./b',
  'a/../b',
  'a/../../b',
  'folder/',
  'folder/.hidden',
  'back\\slash',
  'C:\\x',
  'con',
  // Unicode: two forms of one letter, order of UTF-8 against UTF-16, the last character, an emoji of several.
  'é',
  'e\u0301',
  'z\uff5e',
  'z\u{1f600}',
  'z\ufffd',
  '\u{10ffff}',
  '\u{10ffff}/\u{10ffff}',
  '👩‍👩‍👧‍👦.jpg',
  '\ufeffbyte order mark',
  'right\u202eto left',
  // As long as a key can be, in one, two, three and four bytes.
  'x'.repeat(1_024),
  'é'.repeat(512),
  `${'語'.repeat(341)}x`,
  '😀'.repeat(256),
  `${'d/'.repeat(511)}ff`,
]

/** `count` keys that are put together from pieces of hostile ones: clusters, long common prefixes, wide gaps. */
export const manyHostileKeys = (count: number): readonly string[] => {
  const pieces = HOSTILE_KEYS.filter((key) => key.length < 12)
  const keys = new Set<string>(HOSTILE_KEYS)
  for (let i = 0; keys.size < count; i++) {
    const piece = (seed: number): string => pieces[Math.imul(i + seed, 2_654_435_761) % pieces.length] ?? pieces[0]!
    const folder = i % 3 === 0 ? '' : `${piece(i >> 5).repeat(i % 5)}/`
    keys.add(`${folder}${piece(7)}${i % 2 === 0 ? i : String(i).padStart(9, '0')}${piece(1)}`)
  }
  return [...keys]
}
