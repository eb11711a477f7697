import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compare } from '@backproof/core/compare'
import { isBackupError } from '@backproof/core/errors'
import type { ObjectFinding } from '@backproof/core/report'
import type { ObjectEntry } from '@backproof/core/source'
import { verify } from '@backproof/core/verify'
import { localDirectory, type RcloneListOptions, rcloneList } from '@backproof/provider-local'
import { describe, expect, it } from 'vitest'
import { findFiles, keysOf, listAll, openBelow, tempDirectory, utf8, writeTree } from '../support/tree.js'

const hasRclone = spawnSync('rclone', ['version']).status === 0

/** What rclone writes to its standard output, in a file beside the tree. */
const rclone = (root: string, args: readonly string[], file = 'list'): string => {
  const env = { ...process.env, RCLONE_CONFIG: join(root, 'no-rclone.conf') }
  const output = execFileSync('rclone', [...args, join(root, 'data')], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  writeFileSync(join(root, file), output)
  return join(root, file)
}

/** All that a name can be, but for bytes that rclone replaces and its own quotation mark. */
const NAMES = [
  'plain.txt',
  'with space',
  ' lead',
  'trail ',
  'new\nline',
  'tab\t',
  'cr\r',
  'del\x7f',
  '\x01\x1f',
  'back\\slash',
  'q"uote',
  '*star',
  '...',
  utf8('pic\u240a'),
  utf8('pic\u2421x'),
  utf8('nul\u2400'),
  utf8('full\uff0fslash'),
  utf8('\uff0e'),
  utf8('\u00e9\u{1f600}'),
  'd/e/f',
  '[{"Path":"x"}]',
]

const tree = (): string => {
  const root = tempDirectory()
  writeTree(root, Object.fromEntries(NAMES.map((name, i) => [`data/${name}`, `content ${i}`])))
  mkdirSync(join(root, 'data', 'empty-directory'))
  return root
}

/** Keys of these names, one byte a character. */
const named = (entries: readonly ObjectEntry[]): string[] => entries.map(({ key }) => utf8(key)).sort()

const hashOf = (algorithm: string, name: string): string =>
  createHash(algorithm)
    .update(`content ${NAMES.indexOf(name)}`)
    .digest('hex')

const digestOf = ({ digests = [] }: ObjectEntry, algorithm: string): string | undefined =>
  digests.find((digest) => digest.algorithm === algorithm)?.value

describe('what rclone writes', () => {
  it.skipIf(!hasRclone)('lsjson --hash: names, sizes, times, every hash (rclone)', async () => {
    const root = tree()
    const source = rcloneList({ path: rclone(root, ['lsjson', '-R', '--hash']) })
    const entries = await listAll(source)
    expect(named(entries)).toEqual(findFiles(join(root, 'data')).sort())
    for (const entry of entries) {
      const name = utf8(entry.key)
      expect(entry.size).toBe(`content ${NAMES.indexOf(name)}`.length)
      for (const algorithm of ['md5', 'sha1', 'sha256'])
        expect(digestOf(entry, algorithm)).toBe(hashOf(algorithm, name))
      // Known to rclone alone.
      expect(digestOf(entry, 'quickxor')).toMatch(/^[0-9a-f]{40}$/)
      expect(entry.digests?.every(({ provenance }) => provenance === 'claimed')).toBe(true)
    }
    const plain = entries.find(({ key }) => key === 'plain.txt')
    expect(plain?.modified).toBe(Math.trunc(statSync(join(root, 'data', 'plain.txt')).mtimeMs))
    const { listingDigests, readCost } = await source.describe()
    expect(readCost).toBe('impossible')
    expect(listingDigests).toContainEqual({ algorithm: 'md5', provenance: 'claimed' })
    expect(listingDigests).toContainEqual({ algorithm: 'crc32', provenance: 'claimed' })
  })

  it.skipIf(!hasRclone).each([
    ['md5', ['hashsum', 'md5'], undefined],
    ['sha256', ['hashsum', 'sha256'], undefined],
    ['sha1', ['sha1sum'], undefined],
    ['md5', ['hashsum', 'md5', '--base64'], undefined],
    ['sha256', ['hashsum', 'sha256', '--base64'], 'SHA-256'],
    ['sha1', ['hashsum', 'sha1', '--base64'], 'sha1'],
  ])('%s by %j (rclone)', async (algorithm, args, option) => {
    const root = tree()
    const source = rcloneList({ path: rclone(root, args), algorithm: option })
    const entries = await listAll(source)
    expect(named(entries)).toEqual(findFiles(join(root, 'data')).sort())
    for (const entry of entries) {
      const value = hashOf(algorithm, utf8(entry.key))
      expect(entry).toMatchObject({ kind: 'object', digests: [{ algorithm, value, provenance: 'claimed' }] })
      expect(entry.size).toBeUndefined()
    }
    expect((await source.describe()).listingDigests).toEqual([{ algorithm, provenance: 'claimed' }])
  })

  it.skipIf(!hasRclone)('a hash that only rclone knows, and one that its length does not tell (rclone)', async () => {
    const root = tree()
    const quickxor = rcloneList({ path: rclone(root, ['hashsum', 'quickxor'], 'q'), algorithm: 'quickxor' })
    expect((await listAll(quickxor))[0]?.digests?.[0]).toMatchObject({ algorithm: 'quickxor', provenance: 'claimed' })
    const path = rclone(root, ['hashsum', 'crc32'], 'c')
    await expect(listAll(rcloneList({ path }))).rejects.toThrow('name it by the option algorithm')
    expect(await keysOf(rcloneList({ path, algorithm: 'crc32' }))).toHaveLength(NAMES.length)
  })

  it.skipIf(!hasRclone)('a listing that failed is none (rclone)', async () => {
    const root = tempDirectory()
    const { stdout } = spawnSync('rclone', ['lsjson', '-R', join(root, 'nowhere')])
    writeFileSync(join(root, 'list'), stdout)
    await expect(listAll(rcloneList({ path: join(root, 'list') }))).rejects.toMatchObject({ code: 'corrupt' })
  })
})

describe('compared with what it is of', () => {
  const outcomes = async (
    root: string,
    path: string,
    require: 'claimed' | 'stored' | 'read' | 'size',
  ): Promise<{ outcomes: Record<string, number>; findings: ObjectFinding[] }> => {
    const run = compare({
      source: localDirectory({ path: join(root, 'data') }),
      replicas: [rcloneList({ path })],
      require,
    })
    const findings: ObjectFinding[] = []
    for await (const page of run) findings.push(...page)
    const { result } = await run.report()
    const found = Object.entries(result.totals.outcomes).filter(([, count]) => count > 0)
    return { outcomes: Object.fromEntries(found), findings }
  }

  it.skipIf(!hasRclone)('claimed: by the hashes; stored and read: not proven (rclone)', async () => {
    const root = tree()
    const path = rclone(root, ['lsjson', '-R', '--hash'])
    const count = NAMES.length
    expect((await outcomes(root, path, 'claimed')).outcomes).toEqual({ match: count })
    expect((await outcomes(root, path, 'stored')).outcomes).toEqual({ unverifiable: count })
    expect((await outcomes(root, path, 'read')).outcomes).toEqual({ unverifiable: count })
    const lines = rclone(root, ['hashsum', 'sha256'], 'x.sha256')
    expect((await outcomes(root, lines, 'claimed')).outcomes).toEqual({ match: count })
    expect((await outcomes(root, lines, 'stored')).outcomes).toEqual({ unverifiable: count })
  })

  it.skipIf(!hasRclone)('what was changed, taken away and added since is found (rclone)', async () => {
    const root = tree()
    const path = rclone(root, ['lsjson', '-R', '--hash'])
    const change = (name: string, content: string): void => {
      writeFileSync(join(root, 'data', name), content)
      // Rot: nothing tells that it was written.
      utimesSync(join(root, 'data', name), 1_500_000_000, 1_500_000_000)
    }
    // Another content may be that of a false claim; another size is another object.
    change('...', `CONTENT ${NAMES.indexOf('...')}`)
    change('plain.txt', 'short')
    rmSync(join(root, 'data', 'with space'))
    writeFileSync(join(root, 'data', 'new'), '')
    const { outcomes: found, findings } = await outcomes(root, path, 'claimed')
    const bad = findings.filter(({ outcome }) => outcome !== 'match')
    expect(bad.map(({ key, outcome, reason }) => [key, outcome, reason])).toEqual([
      ['...', 'unverifiable', 'claim-differs'],
      ['new', 'unverifiable', 'newer-than-list'],
      ['plain.txt', 'mismatch', 'size'],
      ['with space', 'extra', 'absent'],
    ])
    expect(found).toEqual({ match: NAMES.length - 3, mismatch: 1, unverifiable: 2, extra: 1 })
  })

  it.skipIf(!hasRclone)('as what is expected of a directory (rclone)', async () => {
    const root = tree()
    const against = rcloneList({ path: rclone(root, ['lsjson', '-R', '--hash']) })
    const source = localDirectory({ path: join(root, 'data') })
    const { result } = await verify({ source, against, require: 'claimed' }).report()
    expect(result.totals.outcomes.match).toBe(NAMES.length)
  })
})

const list = (content: string | Buffer, options: Partial<RcloneListOptions> = {}, name = 'list') => {
  const root = tempDirectory()
  const path = join(root, name)
  writeFileSync(path, content)
  return { path, root, source: rcloneList({ ...options, path }) }
}

describe('lsjson', () => {
  it('what else rows can say', async () => {
    const rows = [
      { Path: 'dir', Name: 'dir', Size: -1, ModTime: '2020-01-01T00:00:00Z', IsDir: true },
      { Path: 'a', Size: -1, ModTime: '', IsDir: false },
      {
        Path: 'b',
        Size: 0,
        ModTime: '2017-05-31T16:15:57.034468261+01:00',
        Tier: 'DEEP_ARCHIVE',
        IsDir: false,
        Hashes: null,
      },
      { Path: 'c', Size: 1, Hashes: { 'SHA-1': 'ab', MD5: '', DropboxHash: 'FF' }, Encrypted: 'x' },
    ]
    expect(await listAll(list(JSON.stringify(rows)).source)).toEqual([
      { key: 'a', ref: 'a', kind: 'object' },
      {
        ...{ key: 'b', ref: 'b', kind: 'object', size: 0, storageClass: 'DEEP_ARCHIVE' },
        modified: Date.UTC(2017, 4, 31, 15, 15, 57, 34),
      },
      {
        ...{ key: 'c', ref: 'c', kind: 'object', size: 1 },
        digests: [
          { algorithm: 'malformed:sha1', value: '6162', provenance: 'claimed', equalityOnly: true },
          { algorithm: 'dropboxhash', value: 'ff', provenance: 'claimed' },
        ],
      },
    ])
  })

  it.each([
    ['[\n{"Size":1}\n]', 'Line 2', 'Path undefined'],
    ['[{"Path":""}]', 'Line 1', 'names no object'],
    ['[{"Path":"a","Size":1.5}]', 'Line 1', 'Size 1.5'],
    ['[{"Path":"a","Size":"1"}]', 'Line 1', 'Size "1"'],
    ['[{"Path":"a","ModTime":"yesterday"}]', 'Line 1', 'ModTime "yesterday"'],
    ['[{"Path":"a","Hashes":["x"]}]', 'Line 1', 'Hashes'],
    ['[\n{"Path":"a"},\n{"Pa', 'Line 3', 'cut short'],
    ['{"Path":"a"}', 'Line 1', 'does not begin an array'],
    [Buffer.from('\ufeff[]', 'utf16le'), 'Line 1', 'UTF-16'],
  ])('%j is corrupt', async (content, line, what) => {
    const { source, root } = list(content)
    const failure: unknown = await listAll(source).catch((error: unknown) => error)
    expect(isBackupError(failure) && failure.code).toBe('corrupt')
    expect(String(failure)).toContain(line)
    expect(String(failure)).toContain(what)
    expect(openBelow(root)).toEqual([])
  })

  it('an empty array is an empty list', async () => {
    expect(await listAll(list('[\n]\n').source)).toEqual([])
  })
})

describe('hashsum', () => {
  it('objects whose hash the place does not know', async () => {
    const blank = ' '.repeat(32)
    const lines = [
      `${blank}  a`,
      `${'UNSUPPORTED'.padStart(32)}  b`,
      `${'ERROR'.padStart(32)}  c`,
      `${'0'.repeat(32)}  d  e`,
    ]
    expect(await listAll(list(`${lines.join('\r\n')}\r\n`).source)).toEqual([
      ...['a', 'b', 'c'].map((key) => ({ key, ref: key, kind: 'object' })),
      {
        ...{ key: 'd  e', ref: 'd  e', kind: 'object' },
        digests: [{ algorithm: 'md5', value: '0'.repeat(32), provenance: 'claimed' }],
      },
    ])
  })

  it('both alphabets of base64', async () => {
    const value = `fbff${'00'.repeat(14)}`
    const text = Buffer.from(value, 'hex').toString('base64')
    const { source } = list(`${text}  a\n${text.replaceAll('+', '-').replaceAll('/', '_')}  b\n`)
    expect((await listAll(source)).map((entry) => digestOf(entry, 'md5'))).toEqual([value, value])
  })

  it('the algorithm of its name, and a hash of another length', async () => {
    const { source } = list(`${'0'.repeat(40)}  a\n`, {}, 'MD5SUMS')
    expect((await listAll(source))[0]?.digests?.[0]?.algorithm).toBe('malformed:md5')
  })

  it.each(['total 12\n', 'MD5 (a) = 00\n', `${'0'.repeat(32)} \n`])('%j is corrupt', async (line) => {
    const failure: unknown = await listAll(list(`${'0'.repeat(32)}  a\n${line}`).source).catch(
      (error: unknown) => error,
    )
    expect(isBackupError(failure) && failure.code).toBe('corrupt')
    expect(String(failure)).toContain('Line 2')
  })
})

describe('as a dated list', () => {
  it('is of the time when it was written, or when it is said to be from', async () => {
    const { path, source } = list('[]')
    utimesSync(path, 1_700_000_000, 1_700_000_000)
    expect((await source.describe()).asOf).toBe(1_700_000_000_000)
    expect((await rcloneList({ path, asOf: 5 }).describe()).asOf).toBe(5)
    expect(source.uri).toBe(`rclone-list+file://${path}`)
  })

  it('has no bytes', async () => {
    const { source } = list('[{"Path":"a"}]')
    await expect(source.read('a')).rejects.toMatchObject({ code: 'unsupported' })
    await expect(source.stat('a')).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('is refused where it was written anew, or is gone', async () => {
    const { path, source } = list('[{"Path":"a"}]\n')
    await source.describe()
    appendFileSync(path, ' ')
    utimesSync(path, 1, 1)
    await expect(listAll(source)).rejects.toMatchObject({ code: 'changed' })
    rmSync(path)
    await expect(rcloneList({ path }).describe()).rejects.toMatchObject({ code: 'not-found' })
  })

  it('leaves nothing open when its reader leaves or ends it', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => ({ Path: `some/path/${i}` }))
    const { source, root } = list(JSON.stringify(rows))
    const controller = new AbortController()
    const reading = async (): Promise<void> => {
      for await (const _ of source.list({ signal: controller.signal })) controller.abort(new Error('enough'))
    }
    await expect(reading()).rejects.toThrow('enough')
    for await (const _ of source.list()) break
    expect(openBelow(root)).toEqual([])
  })

  it.each([
    [{ path: '' }, 'path is ""'],
    [{ path: 'x', asOf: '2026' }, 'asOf is "2026"'],
    [{ path: 'x', format: 'lsf' }, 'format is "lsf"'],
    [{ path: 'x', algorithm: 5 }, 'algorithm is 5'],
    [{ path: 'x', hash: 'md5' }, 'has no option "hash"'],
  ])('refuses %j', (options, message) => {
    expect(() => rcloneList(options as never)).toThrow(message)
  })

  it('refuses an algorithm for lsjson', async () => {
    await expect(listAll(list('[]', { algorithm: 'md5' }).source)).rejects.toMatchObject({ code: 'invalid-config' })
  })

  it('a list that was cut short proves nothing', async () => {
    const md5 = createHash('md5').update('x').digest('hex')
    const rows = ['a', 'b'].map((Path) => ({ Path, Size: 1, Hashes: { md5 } }))
    const { path, root } = list(JSON.stringify(rows))
    writeTree(root, { 'data/a': 'x', 'data/b': 'x' })
    truncateSync(path, statSync(path).size - 1)
    const source = localDirectory({ path: join(root, 'data') })
    const run = compare({ source, replicas: [rcloneList({ path })], require: 'claimed' })
    const pages: ObjectFinding[] = []
    const reading = async (): Promise<void> => {
      for await (const page of run) pages.push(...page)
    }
    await expect(reading()).rejects.toMatchObject({ code: 'corrupt' })
    expect(pages).toEqual([])
  })
})
