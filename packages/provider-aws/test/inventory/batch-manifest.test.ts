import { PassThrough, Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { csvTable, inventoryFiles } from '@backproof/core/inventory'
import type { ObjectEntry } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import { type BatchManifestOptions, s3Inventory, writeBatchManifest } from '@backproof/provider-aws'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeListedKey } from '../../src/keys.js'
import { csvInventory, MANIFEST } from './lists.js'

const entry = (key: string, more: Partial<ObjectEntry> = {}): ObjectEntry => ({
  key,
  ref: null,
  kind: 'object',
  ...more,
})

async function* pagesOf(...pages: readonly (readonly ObjectEntry[])[]): AsyncGenerator<readonly ObjectEntry[]> {
  yield* pages
}

const written = async (
  pages: AsyncIterable<readonly ObjectEntry[]>,
  options: BatchManifestOptions,
): Promise<{ readonly rows: number; readonly text: string }> => {
  const stream = new PassThrough()
  const text = buffer(stream)
  const rows = await writeBatchManifest(pages, stream, options)
  expect(stream.destroyed || stream.writableEnded).toBe(false)
  stream.end()
  return { rows, text: (await text).toString() }
}

describe('a manifest of a batch job', () => {
  it('has a row for every object, and for nothing else', async () => {
    const pages = pagesOf(
      [entry('a b/ü,"x"\n'), entry('gone', { kind: 'delete-marker' }), entry('/', { kind: 'special' })],
      [entry('old', { excluded: 'noncurrent-version' })],
      [entry('c', { version: 'v1' })],
    )
    expect(await written(pages, { bucket: 'shop', prefix: 'p/' })).toEqual({
      rows: 2,
      text: 'shop,p/a%20b/%C3%BC%2C%22x%22%0A\nshop,p/c\n',
    })
    const versions = pagesOf([entry('a'), entry('c', { version: 'v1' })])
    expect((await written(versions, { bucket: 'shop', versions: true })).text).toBe('shop,a,null\nshop,c,v1\n')
  })

  it('names the object that is named like the prefix, and one named "/" below it', async () => {
    const rows = [
      { key: 'p/', size: 3 },
      { key: 'q/', size: 3 },
    ]
    const list = s3Inventory({ files: memorySource(csvInventory(rows)), manifest: MANIFEST, prefix: 'p/' })
    expect((await written(list.list(), { bucket: 'shop', prefix: 'p/' })).text).toBe('shop,p/\n')
    expect((await written(pagesOf([entry('/')]), { bucket: 'shop', prefix: 'p/' })).text).toBe('shop,p//\n')
  })

  it('is read back as it was written, whatever the keys are', async () => {
    const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 })
    const version = fc.option(fc.string({ unit: 'grapheme-ascii', minLength: 1 }), { nil: undefined })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(key, version), { minLength: 1, maxLength: 10 }), async (objects) => {
        const entries = objects.map(([name, one]) => entry(name, one === undefined ? {} : { version: one }))
        const { text, rows } = await written(pagesOf(entries), { bucket: 'shop', versions: true })
        expect(rows).toBe(objects.length)
        const files = inventoryFiles(memorySource({ 'm.csv': text }), 'test')
        const columns = ['Bucket', 'Key', 'VersionId']
        const table = csvTable(files, await files.get(['m.csv']), { header: columns, columns })
        const read: unknown[] = []
        for await (const page of table)
          read.push(...page.rows.map(([, name, one]) => [decodeListedKey(String(name)), one]))
        expect(read).toEqual(objects.map(([name, one]) => [name, one ?? 'null']))
      }),
      { numRuns: 200 },
    )
  })

  it('ends with what the listing ends with, with the fault of the stream, and when it is cancelled', async () => {
    const failure = new Error('the listing failed')
    async function* broken(): AsyncGenerator<readonly ObjectEntry[]> {
      yield [entry('a')]
      throw failure
    }
    await expect(writeBatchManifest(broken(), new PassThrough(), { bucket: 'shop' })).rejects.toBe(failure)
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no space')) })
    await expect(writeBatchManifest(pagesOf([entry('a')]), full, { bucket: 'shop' })).rejects.toMatchObject({
      code: 'unavailable',
      retryable: false,
      message: 'The manifest could not be written: no space.',
    })
    const stuck = new Writable({ write: () => undefined })
    const controller = new AbortController()
    const waiting = writeBatchManifest(pagesOf([entry('a')]), stuck, { bucket: 'shop', signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await expect(writeBatchManifest(pagesOf(), stuck, { bucket: 's3://x' })).rejects.toMatchObject({
      code: 'invalid-config',
    })
  })
})
