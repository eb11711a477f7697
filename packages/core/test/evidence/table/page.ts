import { REQUIRED, type Required, type Table } from './cells.js'
import { PART_SIZES, SIZE } from './content.js'
import type { Family, Place } from './places.js'
import type { Cell } from './prove-cell.js'

const MIB = 1024 * 1024

/** Columns of a grid, so that a page is wide enough for them. */
const GRIDS: readonly (readonly Family[])[] = [
  ['Disks', 'Cloud Storage'],
  ['Azure'],
  ['Lists'],
  ['S3, one upload'],
  ['S3, in parts'],
  ['S3, in parts, SSE-KMS'],
]

/** The page of the documentation that the table becomes. */
export const pageOf = (table: Table): string =>
  [
    '# Which proof',
    '',
    'How Backproof proves that two places hold the same object: what it asks, what it reads, and the grade of the match. This page is',
    'what the code does: a test computes every cell with the functions that decide in a run, and fails when the page says something else',
    '(`npm run docs:proofs` writes it anew).',
    '',
    `The object has ${SIZE / MIB} MiB; where it was uploaded in parts, they have ${PART_SIZES.map((size) => size / MIB).join(', ')} MiB. All places hold the same bytes.`,
    'Requests and bytes cost what clouds usually charge for their usual class. Objects so small that reading them costs no more than asking about them are read instead.',
    '',
    '## How to read a cell',
    '',
    'The row is the source, the column the replica.',
    '',
    ...LEGEND,
    '',
    'Places:',
    '',
    ...NOTES,
    '',
    '## `require: stored` (the default)',
    '',
    'Grade `stored`, or `read` where the cell is bold.',
    '',
    ...GRIDS.flatMap((families) => grid(table, families)),
    ...differences(table, 'read'),
    ...differences(table, 'claimed'),
    '## In short',
    '',
    ...counts(table),
    '',
  ].join('\n')

const LEGEND: readonly string[] = [
  '| cell | meaning |',
  '|---|---|',
  '| `md5` | Both sides store this digest. Nothing is read. |',
  '| `md5/p` | The same, of a digest over the digests of parts. |',
  '| `∑crc32c` | The digest of the whole is put together from those of the parts. Nothing is read. |',
  '| `?` | After asking about the objects (one side or both); without it, the listings tell enough. |',
  '| `← md5` | The source is read, and has the digest that the replica stores. |',
  '| `↑ md5` | The replica is read, and has the digest that the source stores. |',
  '| `←↑` | Both are read. |',
  '| `tar md5` | The archive was read when it was listed, once, whatever it is compared with; nothing else is read. |',
  '| **bold** | The grade is `read`. |',
  '| *italic* | The grade is `claimed`. |',
  '| `–` | Not proven: `unverifiable`. |',
]

const NOTES: readonly string[] = [
  '- S3: CRC64NVME is what S3 computes where no checksum was asked for. "Parts" are multipart uploads; ETag only: from before S3 kept checksums of',
  '  its own. GLACIER: its bytes cannot be read before a restore.',
  '- GCS composed: `compose` and multipart uploads; they have a CRC32C and no MD5. GCS inventory: Storage Insights.',
  '- Azure: what a blob has of `Content-MD5` and of the `Content-CRC64` of listings. Both are claims.',
  '- local: a directory. archive: tar or zip. manifest: a file of digests that the caller trusts.',
  '- list, MD5 claimed: an inventory of Azure, or a list that rclone made.',
]

const grid = ({ places, at }: Table, families: readonly Family[]): readonly string[] => {
  const columns = families.flatMap((family) => places.filter((place) => place.family === family))
  return [
    `### Against ${families.join(' and ')}`,
    '',
    `| | ${columns.map(shortName).join(' | ')} |`,
    `|---|${columns.map(() => '---').join('|')}|`,
    ...places.map(
      (source) =>
        `| ${source.name} | ${columns.map((replica) => codeOf(at(source, replica, 'stored'), 'stored')).join(' | ')} |`,
    ),
    '',
  ]
}

const shortName = ({ name, family }: Place): string => (family.startsWith('S3') ? bare(name) : name)

/** A cell in few characters. */
const codeOf = (cell: Cell, require: Required): string => {
  if (cell.method === 'none') return '–'
  const code = `${howOf(cell)}${cell.asked[0] + cell.asked[1] > 0 ? ' ?' : ''}`
  if (cell.grade === 'read') return require === 'read' ? code : `**${code}**`
  return cell.grade === 'claimed' ? `*${code}*` : code
}

const howOf = ({ method, algorithm = '', read }: Cell): string => {
  const name = algorithm.replace(' of parts', '/p')
  if (read.length === 2) return '←↑'
  if (read.length === 1) return `${read[0] === 'reference' ? '←' : '↑'} ${name}`
  if (method === 'one-sided-read' || method === 'two-sided-read') return `tar ${name}`
  return method === 'derived-digest' ? `∑${name}` : name
}

const INTRODUCTION: Readonly<Record<Exclude<Required, 'stored'>, readonly string[]>> = {
  read: [
    'The bytes of both sides are read, or of the one that is held against a manifest: `←↑` wherever both can be read. What differs from that:',
  ],
  claimed: ['As with `stored`, but for these:'],
}

/** The cells that another requirement changes, those of a row that are alike together. */
const differences = ({ places, at }: Table, require: Exclude<Required, 'stored'>): readonly string[] => {
  const lines = places.flatMap((source) => {
    const groups = new Map<string, string[]>()
    for (const replica of places) {
      const code = codeOf(at(source, replica, require), require)
      const usual = require === 'read' ? '←↑' : codeOf(at(source, replica, 'stored'), 'stored')
      if (code === usual) continue
      groups.set(code, [...(groups.get(code) ?? []), replica.name])
    }
    return [...groups].map(([code, names]) => ({ source: source.name, code, names: gathered(places, names) }))
  })
  // Places that are changed in the same way share a row.
  const rows = new Map<string, string[]>()
  for (const { source, code, names } of lines) {
    const name = `| ${code} | ${names} |`
    rows.set(name, [...(rows.get(name) ?? []), source])
  }
  return [
    `## \`require: ${require}\``,
    '',
    ...INTRODUCTION[require],
    '',
    '| source | cell | replica |',
    '|---|---|---|',
    ...[...rows].map(([row, sources]) => `| ${gathered(places, sources)} ${row}`),
    '',
  ]
}

/** Names of places, by family where most of one are among them. */
const gathered = (places: readonly Place[], names: readonly string[]): string => {
  const families = [...new Set(places.map(({ family }) => family))]
  return families
    .flatMap((family) => {
      const members = places.filter((place) => place.family === family).map(({ name }) => name)
      const there = members.filter((name) => names.includes(name))
      const lacking = members.filter((name) => !names.includes(name))
      if (there.length < 3 || lacking.length > 2) return there
      return lacking.length === 0 ? `all of ${family}` : `${family} but ${lacking.map(bare).join(' and ')}`
    })
    .join('; ')
}

const bare = (name: string): string => name.replace(/^S3 parts, |^S3 |^Azure, |(?<=, .*), SSE-KMS$/g, '')

const counts = ({ places, at }: Table): readonly string[] => [
  '| pairs of places | nothing read | one side read | both read | not proven |',
  '|---|---|---|---|---|',
  ...REQUIRED.map((require) => {
    const cells = places.flatMap((source) => places.map((replica) => at(source, replica, require)))
    const proven = cells.filter(({ method }) => method !== 'none')
    const reading = (sides: number): number => proven.filter(({ read }) => read.length === sides).length
    return `| \`${require}\` | ${reading(0)} | ${reading(1)} | ${reading(2)} | ${cells.length - proven.length} |`
  }),
]
