import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import type { BackupSource, CallOptions, ObjectInfo } from '@backproof/core/source'
import { keyFromBytes } from '@backproof/core/source'
import { below, utf8, writeTree } from '../../support/tree.js'

/** Whether a tool is there. */
export const has = (tool: string): boolean => spawnSync(tool, ['--version']).error === undefined

export interface Scanned {
  readonly info: ObjectInfo
  readonly bytes: Buffer
}

/** Every entry with its bytes. */
export const scanAll = async (source: BackupSource, call?: CallOptions): Promise<Scanned[]> => {
  const all: Scanned[] = []
  for await (const { info, body } of source.scan!(call)) {
    const chunks: Buffer[] = []
    for await (const chunk of body) chunks.push(Buffer.from(chunk))
    all.push({ info, bytes: Buffer.concat(chunks) })
  }
  return all
}

/** What an archive of a tree must hold: a line a file or link, by key. */
export type Picture = Readonly<Record<string, string>>

const fileLine = (bytes: Uint8Array): string =>
  `file ${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`

/** A tree as it lies on disk. */
export const pictureOfTree = (root: string): Picture => {
  const picture: Record<string, string> = {}
  const walk = (path: string): void => {
    for (const item of readdirSync(path === '' ? root : below(root, path), {
      withFileTypes: true,
      encoding: 'latin1' as never,
    })) {
      const name = item.name as unknown as string
      const full = path === '' ? name : `${path}/${name}`
      const key = keyFromBytes(Buffer.from(full, 'latin1'))
      if (item.isDirectory()) walk(full)
      else if (item.isSymbolicLink()) {
        const target = keyFromBytes(readlinkSync(below(root, full), { encoding: 'buffer' }))
        picture[key] = `symlink ${target}`
      } else if (item.isFile()) picture[key] = fileLine(readFileSync(below(root, full)))
      else picture[key] = 'special'
    }
  }
  walk('')
  return picture
}

/** The same of what a scan gave. Hard links have the bytes of their target; a problem is shown as such. */
export const pictureOfScan = (all: readonly Scanned[]): Picture => {
  const bytes = new Map(all.map((one) => [one.info.key, one.bytes]))
  return Object.fromEntries(
    all.map(({ info, bytes: own }): [string, string] => {
      if (info.problem !== undefined) return [info.key, `problem ${info.problem.code}`]
      if (info.kind === 'symlink') return [info.key, `symlink ${info.linkTarget}`]
      if (info.kind !== 'object') return [info.key, info.kind]
      if (info.linkTo === undefined && info.size !== own.length) return [info.key, 'wrong size']
      return [info.key, fileLine(info.linkTo === undefined ? own : bytes.get(info.linkTo)!)]
    }),
  )
}

/**
 * A tree that is hard on archivers. With `links`: hard and symbolic links, a FIFO. With `bytes`: names that are not
 * UTF-8. Times are whole seconds, so that archives are the same whenever they are made.
 */
export const writeHostileTree = (root: string, what: { links?: boolean; bytes?: boolean; sparse?: boolean }): void => {
  mkdirSync(root, { recursive: true })
  const long = `${'l'.repeat(120)}/${'m'.repeat(200)}`
  writeTree(root, {
    empty: '',
    'one block': 'x'.repeat(512),
    'one byte more': 'y'.repeat(513),
    ' leading and trailing ': 'blanks',
    '-leading-hyphen': 'option?',
    'new\nline': 'n',
    'back\\slash': 'b',
    '"quoted" \'name\' $(id) `id`': 'q',
    '\x1b[31mred\x1b[0m': 'escape',
    'trailing.': 'dot',
    '.hidden': 'h',
    '...': 'three',
    '..a/b..': 'not a parent',
    'A/case': 'upper',
    'a/case': 'lower',
    [utf8('\u00e9')]: 'nfc',
    [utf8('e\u0301')]: 'nfd',
    [utf8('\u{1f600}/\u4e2d\u6587')]: 'wide',
    [`${'n'.repeat(255)}`]: 'longest name',
    [`${long}/${'o'.repeat(99)}`]: 'long path',
    [`${'p'.repeat(99)}`]: '99',
    [`${'p'.repeat(100)}`]: '100',
    [`${'p'.repeat(101)}`]: '101',
    big: 'The quick brown fox. '.repeat(60_000),
    ...(what.bytes && { 'raw\xff\xfe': 'raw', 'dir\x80/\xe9': 'latin1' }),
  })
  if (what.links === true) {
    linkSync(`${root}/big`, `${root}/a/hard`)
    linkSync(`${root}/${long}/${'o'.repeat(99)}`, `${root}/zz-long-hard`)
    symlinkSync('../nowhere', `${root}/a/dangling`)
    symlinkSync(`${'t'.repeat(150)}/${'u'.repeat(150)}`, `${root}/long-target`)
    symlinkSync('/etc/passwd', `${root}/absolute`)
    execFileSync('mkfifo', [`${root}/fifo`])
  }
  if (what.sparse === true) {
    const fd = openSync(`${root}/sparse`, 'w')
    for (let i = 0; i < 40; i++) writeSync(fd, `piece ${i}`, i * 256 * 1024 + 100)
    ftruncateSync(fd, 16 * 1024 * 1024)
    closeSync(fd)
    writeFileSync(`${root}/hole`, '')
    execFileSync('truncate', ['-s', '3000000', `${root}/hole`])
  }
  execFileSync('find', [root, '-exec', 'touch', '-h', '-d', '2024-05-06T07:08:09Z', '{}', '+'])
  utimesSync(`${root}/empty`, 1_700_000_000.5, 1_700_000_000.5)
}
