import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type JobRun,
  type WriteHistoryOptions,
  writeJobLines,
  writeRecoveryPointLines,
} from '../../src/history/index.js'
import { NOW } from './read-lines.js'

const folders: string[] = []
let temp: string
beforeEach(async () => {
  temp = await mkdtemp(join(tmpdir(), 'history-test-'))
  folders.push(temp)
})
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

const run = (more: Partial<JobRun> = {}): JobRun => ({ id: '1', asset: 'shop', start: NOW, status: 'success', ...more })
const HEADER = '{"schema":"backproof.history/v1","history":"job.runs","order":"none"}'
const LINE = '{"id":"1","asset":"shop","start":"2026-11-22T12:00:00.000Z","status":"success"}'

describe('a file of history', () => {
  it('takes the place of an earlier one when it is complete, and keeps its mode and its link', async () => {
    const path = join(temp, 'runs.jsonl')
    await writeFile(path, 'earlier', { mode: 0o600 })
    await symlink('runs.jsonl', join(temp, 'link'))
    const pages = async function* (): AsyncGenerator<readonly JobRun[]> {
      expect(await readFile(path, 'utf8')).toBe('earlier')
      yield [run()]
    }
    await writeJobLines({ pages: pages(), to: join(temp, 'link') })
    expect(await readFile(path, 'utf8')).toBe(`${HEADER}\n${LINE}\n`)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await readdir(temp)).sort()).toEqual(['link', 'runs.jsonl'])
  })

  it('is compressed where its name says so', async () => {
    const path = join(temp, 'runs.jsonl.gz')
    await writeJobLines({ pages: [[run()]], to: path })
    expect(gunzipSync(await readFile(path)).toString()).toBe(`${HEADER}\n${LINE}\n`)
  })

  it.each(['runs.jsonl', 'runs.jsonl.gz'])('is not touched when writing fails: %s', async (name) => {
    const path = join(temp, name)
    await writeFile(path, 'earlier')
    const pages = async function* (): AsyncGenerator<readonly JobRun[]> {
      yield Array.from({ length: 5_000 }, () => run())
      throw new Error('the tracker is down')
    }
    await expect(writeJobLines({ pages: pages(), to: path })).rejects.toThrow('the tracker is down')
    await expect(writeJobLines({ pages: [[run({ start: Number.NaN })]], to: path })).rejects.toThrow('"start": NaN')
    expect(await readFile(path, 'utf8')).toBe('earlier')
    expect(await readdir(temp)).toEqual([name])
  })

  it('that cannot be written is told', async () => {
    await expect(writeJobLines({ pages: [], to: join(temp, 'none', 'runs.jsonl') })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('runs.jsonl could not be written'),
    })
    await expect(writeJobLines({ pages: [], to: '' })).rejects.toMatchObject({ code: 'invalid-config' })
  })
})

describe('a stream', () => {
  /** One that takes 16 KiB, and finishes a write a turn later. */
  const slow = (): { readonly to: Writable; readonly taken: () => number } => {
    let taken = 0
    const to = new Writable({
      highWaterMark: 16_384,
      write: (chunk: Buffer, _encoding, done) => {
        taken += chunk.length
        setImmediate(done)
      },
    })
    return { to, taken: () => taken }
  }

  it('sets the pace, and stays open', async () => {
    const { to, taken } = slow()
    let given = 0
    let most = 0
    function* pages(): Generator<readonly JobRun[]> {
      for (let i = 0; i < 200; i++) {
        most = Math.max(most, given - taken())
        given += 100 * (LINE.length + 1)
        yield Array.from({ length: 100 }, () => run())
      }
    }
    expect(await writeJobLines({ pages: pages(), to })).toEqual({ items: 20_000 })
    expect(taken()).toBe(given + HEADER.length + 1)
    expect(most).toBeLessThan(100_000)
    expect(to.writable).toBe(true)
    expect([to.listenerCount('error'), to.listenerCount('drain')]).toEqual([0, 0])
  })

  it('that fails, and a signal, end the writing', async () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no space left')) })
    await expect(writeJobLines({ pages: [[run()]], to: broken })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('no space left'),
    })
    const stop = new AbortController()
    const stuck = new Writable({ write: () => stop.abort(new Error('enough')) })
    await expect(writeJobLines({ pages: [[run()]], to: stuck, signal: stop.signal })).rejects.toThrow('enough')
  })
})

describe('an item that no row can say', () => {
  const write = (item: object): Promise<unknown> =>
    writeJobLines({ pages: [[run(), item as JobRun]], to: new Writable({ write: (_c, _e, done) => done() }) })

  it.each<[object, string]>([
    [run({ start: NOW + 0.5 }), 'has "start"'],
    [run({ start: 8.64e15 }), 'has "start"'],
    [run({ id: '' }), 'has "id": ""'],
    [{ asset: 'shop', start: NOW, status: 'success' }, 'has "id": undefined'],
    [run({ status: 'done' as 'success' }), 'has "status": "done"; it must be'],
    [{ ...run(), note: 1 }, 'has a member "note" that is not known'],
    [{ ...run(), 'x-note': 1 }, 'has a member "x-note" that is not known'],
    [run({ error: { message: 'm', cause: 1 } as never }), 'has a member "error.cause"'],
    [run({ error: 'text' as never }), 'has "error": "text"; it must be an object'],
    [run({ items: Number.POSITIVE_INFINITY }), 'has "items": Infinity'],
  ])('is refused with its number: %j', async (item, expected) => {
    await expect(write(item)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining(`writeJobLines: the job run number 2 ${expected}`),
    })
  })

  it('or header is refused', async () => {
    const to = new Writable({ write: (_c, _e, done) => done() })
    const pages: readonly (readonly JobRun[])[] = []
    await expect(writeJobLines({ pages, to, from: Number.NaN })).rejects.toThrow('the header has "from": NaN')
    await expect(writeJobLines({ pages, to, order: 'time' as 'none' })).rejects.toThrow('one of target-time, none')
    const wrong = { pages, to, sorted: true } as WriteHistoryOptions<JobRun>
    await expect(writeJobLines(wrong)).rejects.toThrow('has no option "sorted"')
  })

  it('but not one whose members are left out as undefined', async () => {
    const chunks: Buffer[] = []
    const to = new Writable({ write: (chunk: Buffer, _e, done) => done(void chunks.push(chunk)) })
    await writeRecoveryPointLines({
      pages: [[{ id: 'p', asset: 'shop', created: NOW, expires: 'never', keyUsable: null, plan: undefined }]],
      to,
    })
    expect(Buffer.concat(chunks).toString().split('\n')[1]).toBe(
      '{"id":"p","asset":"shop","created":"2026-11-22T12:00:00.000Z","keyUsable":null,"expires":"never"}',
    )
  })
})
