import { cpSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compare } from '@backproof/core/compare'
import { isBackupError } from '@backproof/core/errors'
import type { ObjectFinding } from '@backproof/core/report'
import type { BackupSource, NativeDigest } from '@backproof/core/source'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failureOf, listAll } from '../reading.js'
import { type ListToWrite, type Row, tempDirectory, writeKey } from './lists.js'

/** How a platform lists the objects of a place in files with a manifest, and what reads them. */
export interface InventoryHarness {
  /** Of the manifest: its key, and the time that it says, milliseconds since 1970. */
  readonly manifest: string
  readonly asOf: number
  /** Writes a list of the place `shop` below a directory of its own; gives its path. */
  write(list: ListToWrite): string
  /** The list as a source. */
  open(options: Readonly<Record<string, unknown>>): BackupSource
  /** The options without which keys begin with `shop`. Default none. */
  readonly scope?: Readonly<Record<string, unknown>> | undefined
  /** A directory as a source. */
  directory(path: string): BackupSource
  /** Layouts of files, with their titles. */
  readonly layouts: readonly (readonly [title: string, layout: Partial<ListToWrite>])[]
  /** The row of an object in `shop`. */
  rowOf(key: string, content: string, more?: Row): Promise<Row>
  /** The row of an empty object in `shop`, with no more than its name and size. */
  emptyRow(key: string): Row
  /** Rows of other places, whose names resemble those of `shop`. Default none. */
  readonly outside?: readonly Row[] | undefined
  /** Columns without sizes and digests, and with one digest. */
  readonly columns: { readonly bare: readonly string[]; readonly digest: readonly string[] }
  readonly digest: NativeDigest
  /** The strongest grade that the digests of the list prove. */
  readonly proves: 'claimed' | 'stored'
  /** What a row says that has a CRC and no MD5. */
  readonly withoutMd5: Row
  /** What is found of an object of the same size and other content. */
  readonly differs: { readonly outcome: string; readonly reason: string }
  /** Name of the file of rows of a list in CSV, and of the second where there are two. */
  readonly fileNames: readonly [only: string, second: string]
  /** Cuts the end off a file of rows in CSV. */
  cut(path: string): void
  /** Members of a manifest that is refused, and how. */
  readonly refused: readonly (readonly [Readonly<Record<string, unknown>>, code: string, message: string])[]
  /** Rows of CSV that cannot be read, and what is told of them; columns and line of the second row of a file. */
  readonly corrupt: {
    readonly rows: readonly (readonly [Row, message: string])[]
    readonly columns?: readonly string[] | undefined
    readonly line: number
  }
  readonly options: {
    /** Options that are refused at once, beside `files` and `manifest`. */
    readonly wrong: readonly (readonly [Readonly<Record<string, unknown>>, message: string])[]
    /** Options beside `files`, which is the directory `/`, and the URI. */
    readonly uri: readonly [options: Readonly<Record<string, unknown>>, uri: string]
  }
}

/** Registers what must hold of every list that a service writes of a place. */
export const inventorySuite = (harness: InventoryHarness): void => {
  describe.each(harness.layouts)('a list in %s', (_, layout) => files(harness, layout))
  describe('compared with what it is of', () => compared(harness))
  describe('names in a list', () => names(harness))
  describe('the manifest of a list', () => manifests(harness))
  describe('a row that cannot be read', () => corruptRows(harness))
  describe('options of a list', () => options(harness))
}

const openAt = ({ open, directory, manifest, scope }: InventoryHarness, root: string, more: object = {}) =>
  open({ files: directory(root), manifest, ...scope, ...more })

const openList = (harness: InventoryHarness, list: ListToWrite, more?: object): BackupSource =>
  openAt(harness, harness.write(list), more)

/** What it is rejected with, which must be an error of ours. */
const refusal = async (work: Promise<unknown>): Promise<{ code: string; message: string }> => {
  const error = await failureOf(work)
  expect(isBackupError(error)).toBe(true)
  return error
}

const files = (harness: InventoryHarness, layout: Partial<ListToWrite>): void => {
  it('may be in several files, and of columns that are not there nothing is said', async () => {
    const { bare, digest } = harness.columns
    const keys = ['a', 'b', 'c', 'd', 'e']
    const rows = await Promise.all(keys.map((key) => harness.rowOf(key, key)))
    const entries = await listAll(openList(harness, { rows, ...layout, columns: bare, files: 3 }))
    expect(entries.map(({ key }) => key)).toEqual(keys)
    expect(entries[0]?.size).toBeUndefined()
    expect(entries[0]?.digests).toBeUndefined()
    const source = openList(harness, { rows, ...layout, columns: digest })
    expect((await source.describe()).listingDigests).toEqual([harness.digest])
  })
}

const CONTENT = { 'a.txt': 'hello', 'd/b': 'world', empty: '' }
const GRADES = ['claimed', 'stored', 'read'] as const

const compared = (harness: InventoryHarness): void => {
  const { proves, asOf, directory } = harness

  /** A directory that was last written before the list was made. */
  const data = (): string => {
    const root = tempDirectory()
    for (const [key, content] of Object.entries(CONTENT)) {
      writeKey(root, key, content)
      utimesSync(join(root, key), 1_700_000_000, 1_700_000_000)
    }
    return root
  }

  const judge = async (root: string, list: ListToWrite, require: (typeof GRADES)[number] = proves) => {
    const run = compare({ source: directory(root), replicas: [openList(harness, list)], require })
    const findings: ObjectFinding[] = []
    for await (const page of run) findings.push(...page)
    const { result } = await run.report()
    const outcomes = Object.entries(result.totals.outcomes).filter(([, count]) => count > 0)
    return { outcomes: Object.fromEntries(outcomes), findings }
  }

  const rows = (more?: Row): Promise<Row[]> =>
    Promise.all(Object.entries(CONTENT).map(([key, content]) => harness.rowOf(key, content, more)))

  it.each(['csv', 'parquet'] as const)('%s: proven as far as its digests prove', async (format) => {
    const root = data()
    const list = { rows: await rows(), format }
    const { findings } = await judge(root, list)
    expect(findings.map(({ grade }) => grade)).toEqual([proves, proves, proves])
    const sides = Object.values(findings[0]?.sides ?? {})
    expect(sides.some((side) => side.asOf === asOf)).toBe(true)
    for (const require of GRADES) {
      const enough = GRADES.indexOf(require) <= GRADES.indexOf(proves)
      expect((await judge(root, list, require)).outcomes, require).toEqual({ [enough ? 'match' : 'unverifiable']: 3 })
    }
  })

  it('by its CRC alone', async () => {
    expect((await judge(data(), { rows: await rows(harness.withoutMd5) })).outcomes).toEqual({ match: 3 })
  })

  it('finds what is gone, another size, another content', async () => {
    const root = data()
    writeFileSync(join(root, 'a.txt'), 'other')
    writeFileSync(join(root, 'd/b'), 'longer than before')
    for (const key of ['a.txt', 'd/b']) utimesSync(join(root, key), 1_700_000_000, 1_700_000_000)
    rmSync(join(root, 'empty'))
    const { findings } = await judge(root, { rows: await rows() })
    expect(findings.map(({ key, outcome, reason }) => ({ key, outcome, reason }))).toEqual([
      { key: 'a.txt', ...harness.differs },
      { key: 'd/b', outcome: 'mismatch', reason: 'size' },
      { key: 'empty', outcome: 'extra', reason: 'absent' },
    ])
  })

  it('is cut short: nothing is proven by it', async () => {
    const root = harness.write({ rows: await rows() })
    harness.cut(besideManifest(harness, root, harness.fileNames[0]))
    const pages: unknown[] = []
    const reading = async (): Promise<void> => {
      const run = compare({ source: directory(data()), replicas: [openAt(harness, root)], require: proves })
      for await (const page of run) pages.push(...page)
    }
    expect(await refusal(reading())).toMatchObject({ code: 'corrupt' })
    expect(pages).toEqual([])
  })
}

const folderOf = (key: string): string => key.slice(0, key.lastIndexOf('/'))
const nameOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1)
const besideManifest = ({ manifest }: InventoryHarness, root: string, name: string): string =>
  join(root, folderOf(manifest), name)

const names = (harness: InventoryHarness): void => {
  it('property: are taken as they are', async () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { minLength: 1, maxLength: 8 }), async (keys) => {
        const source = openList(harness, { rows: keys.map(harness.emptyRow) })
        expect((await listAll(source)).map(({ key }) => key)).toEqual(keys)
      }),
      { numRuns: 20 },
    )
  })

  it('are without the prefix, and of other places and prefixes there are none', async () => {
    const rows = [...['p/a', 'p/', 'q/a', 'pa'].map(harness.emptyRow), ...(harness.outside ?? [])]
    const entries = await listAll(openList(harness, { rows }, { prefix: 'p/' }))
    expect(entries.map(({ key, excluded }) => [key, excluded])).toEqual([
      ['a', undefined],
      ['/', 'folder-marker'],
    ])
  })
}

const manifests = (harness: InventoryHarness): void => {
  it.each(harness.refused)('with %j: %s', async (manifest, code, message) => {
    const failure = await refusal(openList(harness, { rows: [], manifest }).describe())
    expect(failure.code).toBe(code)
    expect(failure.message).toContain(message)
    expect(failure.message).toContain(nameOf(harness.manifest))
  })

  it.each(['', 'lists/'])('may lie beside its files, wherever they were copied to: "%s"', async (folder) => {
    const root = harness.write({ rows: ['a', 'b'].map(harness.emptyRow), files: 2 })
    const copy = tempDirectory()
    cpSync(join(root, folderOf(harness.manifest)), join(copy, folder), { recursive: true })
    const source = openAt(harness, copy, { manifest: folder + nameOf(harness.manifest) })
    expect(await listAll(source)).toHaveLength(2)
    rmSync(join(copy, folder, harness.fileNames[1]))
    expect(await refusal(listAll(source))).toMatchObject({ code: 'not-found' })
  })
}

const corruptRows = (harness: InventoryHarness): void => {
  const { rows, columns, line } = harness.corrupt
  it.each(rows)('%j is corrupt, with file and line', async (row, message) => {
    const failure = await refusal(listAll(openList(harness, { rows: [harness.emptyRow('0'), row], columns })))
    expect(failure.code).toBe('corrupt')
    expect(failure.message).toContain(harness.fileNames[0])
    expect(failure.message).toContain(`line ${line}`)
    expect(failure.message).toContain(message)
  })
}

const options = ({ open, directory, options }: InventoryHarness): void => {
  const files = directory('/')
  const wrong: InventoryHarness['options']['wrong'] = [
    [{ files: undefined }, 'files is undefined'],
    [{ manifest: '' }, 'manifest is ""'],
    ...options.wrong,
  ]

  it.each(wrong)('%j: refused', (one, message) => {
    expect(() => open({ files, manifest: 'm', ...one })).toThrow(message)
  })

  it('are in the URI, which says that it is a list', () => {
    const [given, uri] = options.uri
    expect(open({ files, ...given }).uri).toBe(uri)
  })
}
