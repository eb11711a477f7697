import { bytesOf, evenSizes, MIB } from './place.js'

/** How an object comes into the bucket; parts by their sizes. rclone keeps the MD5 of a multipart upload as metadata, or not. */
export type Upload =
  | { readonly by: 'one request' }
  | { readonly by: 'parts'; readonly sizes: readonly number[] }
  | { readonly by: 'rclone' | 'rclone without md5' }

/** How the bucket's object differs from the file: not there, there alone, other bytes of the same size, or another size. */
export type Fault = 'missing' | 'extra' | 'content' | 'size'

export interface MixedObject {
  readonly key: string
  readonly upload: Upload
  readonly fault: Fault | undefined
  /** Bytes of the file; `undefined` where there is none. */
  readonly file: () => Uint8Array | undefined
  /** Bytes of the object; `undefined` where there is none. */
  readonly stored: () => Uint8Array | undefined
}

interface Plan {
  readonly key: string
  readonly size: number
  readonly upload?: Upload
  readonly fault?: Fault
}

/** Names that a directory and a bucket can both have, and that tools have stumbled over. */
const HOSTILE: readonly string[] = [
  ...[
    ' leading',
    'trailing ',
    'in side',
    '  two  ',
    "it's",
    '"quoted"',
    "'",
    '`ticks`',
    '$HOME',
    '$(true)',
    '\\back\\slash',
  ],
  ...[
    '100%',
    '%41',
    '%2F',
    '%',
    '%%',
    'a%20b',
    'a+b',
    '+',
    'a b+c',
    '&',
    '&amp;',
    '<tag>',
    'a=b',
    'a?b',
    'a#b',
    'a;b',
    'a,b',
  ],
  ...[
    '*',
    '[a]',
    '{b}',
    '(c)',
    '!',
    '@',
    '^',
    '~',
    '|',
    ':',
    'a:b',
    '://',
    'dot.',
    'dots..',
    '.hidden',
    '..two',
    '...',
    '_',
    '__',
  ],
  ...[
    '-rf',
    '--help',
    '-',
    '--',
    'é',
    'e\u0301',
    'Å',
    'A\u030a',
    '\u212b',
    '각',
    '\u1100\u1161\u11a8',
    'ﬁ',
    'ß',
    'ẞ',
    'İ',
  ],
  ...['日本語', 'עברית', 'عربى', '\u{1F600}', '\u{1F468}\u200d\u{1F469}\u200d\u{1F467}', '\u{1F3F4}\u{E0067}\u{E0062}'],
  ...['\uFFFD', '\uE000', '\u{10FFFD}', '\u00a0', '\u200b', '\ufeff', 'a\u00ad', 'CON', 'nul.txt', 'x'.repeat(200)],
].filter((name) => !name.includes('/'))

const single: Upload = { by: 'one request' }
const even = (size: number, mib: number): Upload => ({ by: 'parts', sizes: evenSizes(size, mib * MIB) })

/** Around the least size of a part, and in parts of the sizes that upload tools use. */
const LARGE: readonly Plan[] = [
  { key: 'edge/5MiB-1', size: 5 * MIB - 1, upload: single },
  { key: 'edge/5MiB', size: 5 * MIB, upload: single },
  { key: 'edge/5MiB+1', size: 5 * MIB + 1, upload: single },
  { key: 'edge/content', size: 5 * MIB, upload: single, fault: 'content' },
  ...[5, 8, 16].flatMap((mib) => [
    { key: `parts/${mib}/one`, size: mib * MIB, upload: even(mib * MIB, mib) },
    { key: `parts/${mib}/one and a byte`, size: mib * MIB + 1, upload: even(mib * MIB + 1, mib) },
    { key: `parts/${mib}/short`, size: mib * MIB - 1, upload: even(mib * MIB - 1, mib) },
  ]),
  { key: 'parts/5/three', size: 15 * MIB, upload: even(15 * MIB, 5) },
  { key: 'parts/5/content', size: 11 * MIB, upload: even(11 * MIB, 5), fault: 'content' },
  { key: 'parts/5/size', size: 11 * MIB, upload: even(11 * MIB, 5), fault: 'size' },
  { key: 'parts/5/missing', size: 6 * MIB, upload: even(6 * MIB, 5), fault: 'missing' },
  { key: 'parts/5/extra', size: 6 * MIB, upload: even(6 * MIB, 5), fault: 'extra' },
  { key: 'parts/8/content', size: 8 * MIB, upload: even(8 * MIB, 8), fault: 'content' },
  { key: 's3cmd/two', size: 15 * MIB + 1, upload: even(15 * MIB + 1, 15) },
  { key: 'parts/odd', size: 16 * MIB, upload: { by: 'parts', sizes: [5 * MIB, 6 * MIB + 1, 5 * MIB - 1] } },
  {
    key: 'parts/odd content',
    size: 16 * MIB,
    upload: { by: 'parts', sizes: [6 * MIB, 5 * MIB, 5 * MIB] },
    fault: 'content',
  },
  ...(['rclone', 'rclone without md5'] as const).flatMap((by): Plan[] => [
    { key: `${by}/small`, size: 100, upload: { by } },
    { key: `${by}/parts`, size: 11 * MIB + 3, upload: { by } },
    { key: `${by}/content`, size: 6 * MIB, upload: { by }, fault: 'content' },
    { key: `${by}/size`, size: 6 * MIB, upload: { by }, fault: 'size' },
  ]),
]

/** `1 in 40` of the small ones has a fault, each kind in turn. */
const FAULTS: readonly Fault[] = ['content', 'size', 'missing', 'extra']
const faultOf = (index: number): Fault | undefined => (index % 40 === 39 ? FAULTS[((index - 39) / 40) % 4] : undefined)

/** Sizes of small objects: none, a byte, some. */
const smallSize = (index: number): number => [0, 1, 17 + (index % 1_000), 4_096][index % 4]!

const smallPlan = (key: string, index: number): Plan => {
  const fault = faultOf(index)
  // Nothing has no other content, and nothing shorter.
  const size = fault === undefined ? smallSize(index) : smallSize(index) + 1
  return { key, size, ...(fault !== undefined && { fault }) }
}

/** Objects by their keys, in no order: `count` of them, about 330 MiB. The same each time. */
export const mixedObjects = (count: number): readonly MixedObject[] => {
  const hostile = HOSTILE.flatMap((name) => [`hostile/${name}`, `hostile/${name}.d/${name}`, `hostile/in/${name} .txt`])
  const plans = [...LARGE, ...hostile.map((key, index) => smallPlan(key, index))]
  for (let index = 0; plans.length < count; index++) {
    plans.push(smallPlan(`small/${String(index % 23).padStart(2, '0')}/file ${index}.txt`, index))
  }
  return plans.map((plan, seed) => mixed(plan, seed))
}

const mixed = ({ key, size, upload = single, fault }: Plan, seed: number): MixedObject => ({
  key,
  upload,
  fault,
  file: () => (fault === 'extra' ? undefined : bytesOf(size, seed)),
  stored: () => {
    if (fault === 'missing') return undefined
    const bytes = bytesOf(size, seed)
    if (fault === 'size') return bytes.subarray(0, size - 1)
    if (fault === 'content') bytes[Math.floor(size / 2)]! ^= 1
    return bytes
  },
})

/** What a comparison of the directory with the bucket has to find. */
export const expectedOutcome = ({ fault }: MixedObject): string =>
  fault === undefined ? 'match' : fault === 'missing' || fault === 'extra' ? fault : 'mismatch'
