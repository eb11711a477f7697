import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  capacityLines,
  drillLines,
  type HistoryLinesOptions,
  type JobSource,
  jobLines,
  recoveryPointLines,
} from '../../src/history/index.js'
import { NOW, readAll, readItems } from './read-lines.js'

let temp: string
let count = 0
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'history-test-'))
})
afterAll(() => rm(temp, { recursive: true, force: true }))

const file = async (content: string | Uint8Array): Promise<string> => {
  count += 1
  const path = join(temp, `${count}.jsonl`)
  await writeFile(path, content)
  return path
}

const RUN = '{"id":"1","asset":"shop","start":"2026-11-01T03:00:00+01:00","status":"success"}'
const ITEM = { id: '1', asset: 'shop', start: Date.UTC(2026, 10, 1, 2), status: 'success' }
const HEADER = '{"schema":"backproof.history/v1","history":"job.runs"}'

const failure = async (content: string | Uint8Array): Promise<{ readonly code: string; readonly message: string }> => {
  const path = await file(content)
  const error: unknown = await readItems(jobLines({ path })).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ name: 'BackupError', subject: path })
  const { code, message } = error as { readonly code: string; readonly message: string }
  return { code, message: message.replace(path, 'FILE') }
}

describe('a file of job runs', () => {
  it('needs no header: it is in no order, and tells everything until it is read', async () => {
    const path = await file(`${RUN}\n`)
    expect(await readAll(jobLines({ path }))).toEqual({
      traits: { order: 'none', source: path, observedAt: NOW },
      items: [ITEM],
    })
  })

  it.each([
    ['ends of lines of Windows', `${HEADER}\r\n${RUN}\r\n`],
    ['blank lines', `\n  \n${HEADER}\n\n${RUN}\n\t\n\n`],
    ['a byte order mark', `\ufeff${HEADER}\n${RUN}\n`],
    ['a byte order mark and no header', `\ufeff${RUN}\n`],
    ['no newline at the end', `${HEADER}\n${RUN}`],
    ['members of other programs', RUN.replace('"id"', '"x-pid":7,"x-note":{"a":[]},"id"')],
  ])('may have %s', async (_what, content) => {
    expect(await readItems(jobLines({ path: await file(content) }))).toEqual([ITEM])
  })

  it('may be compressed, whatever it is called', async () => {
    const header = HEADER.replace('}', ',"asOf":"2026-11-01T06:00:00Z"}')
    const { traits, items } = await readAll(jobLines({ path: await file(gzipSync(`${header}\n${RUN}`)) }))
    expect([traits.observedAt, items]).toEqual([Date.UTC(2026, 10, 1, 6), [ITEM]])
  })

  it('that says it was made later than now is known until now', async () => {
    const header = HEADER.replace('}', ',"asOf":"2027-01-01T00:00:00Z"}')
    const { traits } = await readAll(jobLines({ path: await file(`${header}\n${RUN}`) }))
    expect(traits.observedAt).toBe(NOW)
  })

  it('may come as lines from elsewhere, which are read twice', async () => {
    const lines = async function* (): AsyncGenerator<string> {
      yield `\ufeff${HEADER}`
      for (let i = 0; i < 1_200; i++) yield RUN
    }
    const { traits, items } = await readAll(jobLines({ lines, id: 'our tracker' }))
    expect(traits.source).toBe('our tracker')
    expect(items).toEqual(Array.from({ length: 1_200 }, () => ITEM))
  })

  it('keeps a status that nobody knows beside `unknown`', async () => {
    const row = (more: object): string => JSON.stringify({ ...(JSON.parse(RUN) as object), ...more })
    const path = await file(
      [
        { status: 'Completed w/ errors' },
        { status: '' },
        { status: 'Weird', rawStatus: null },
        { status: 'Weird', rawStatus: 'WARN' },
        { rawStatus: 'OK' },
      ]
        .map(row)
        .join('\n'),
    )
    const items = await readItems(jobLines({ path }))
    expect(items.map(({ status, rawStatus }) => [status, rawStatus])).toEqual([
      ['unknown', 'Completed w/ errors'],
      ['unknown', ''],
      ['unknown', 'Weird'],
      ['unknown', 'WARN'],
      ['success', 'OK'],
    ])
  })

  it('that holds no run says so in its header', async () => {
    expect(await readItems(jobLines({ path: await file(`${HEADER}\n`) }))).toEqual([])
    const { code, message } = await failure('\n\n')
    expect([code, message]).toEqual(['invalid-config', expect.stringContaining('FILE is empty')])
    await expect(jobLines({ path: await file('') }).describe(options)).rejects.toMatchObject({ code: 'invalid-config' })
  })
})

const options = { signal: new AbortController().signal, now: NOW }

describe('a line that is no job run', () => {
  const with1 = (member: string, value: unknown): string =>
    `${HEADER}\n\n${JSON.stringify({ ...(JSON.parse(RUN) as object), [member]: value })}\n`

  it.each<[string, string, string]>([
    ['start', '"2026-11-01 03:00"', 'it has "start": "2026-11-01 03:00"; it must be a time with an offset'],
    ['start', '"2026-11-01T03:00:00"', 'a time with an offset, such as 2026-11-01T03:00:00Z'],
    ['start', '"2026-02-29T03:00:00Z"', 'it has "start"'],
    ['start', '"2026-11-31T03:00:00Z"', 'it has "start"'],
    ['start', '"2026-11-01T24:00:00Z"', 'it has "start"'],
    ['start', '1761966000000', 'it has "start": 1761966000000'],
    ['start', 'null', 'it has "start": null'],
    ['end', '0', 'it has "end": 0'],
    ['asset', '""', 'it has "asset": ""; it must be a text that is not empty'],
    ['asset', '["shop"]', 'it has "asset": a list'],
    ['status', '3', 'it has "status": 3; it must be a text'],
    ['kind', '"synthetic"', 'it must be one of full, incremental, differential, log, copy'],
    ['bytesProcessed', '-1', 'it must be a whole number from 0'],
    ['bytesProcessed', '9007199254740992', 'it must be a whole number from 0'],
    ['items', '1.5', 'it must be a whole number from 0'],
    ['entropy', '8.1', 'it must be a number from 0 to 8'],
    ['encrypted', '"yes"', 'it must be true or false'],
    ['error', '"disk full"', 'it must be an object with code, message'],
    ['error', '{"code":"E1"}', 'it has no member "error.message"'],
    ['error', '{"message":"m","mesage":"n"}', 'it has a member "error.mesage" that is not known'],
    ['skippedItems', '{"count":1,"paths":[1]}', 'it has "skippedItems.paths": a list; it must be a list of texts'],
    ['sart', '1', 'it has a member "sart" that is not known; known are id, asset, plan'],
    ['__proto__', '1', 'it has a member "__proto__" that is not known'],
  ])('is told with its member %s: %s', async (member, value, expected) => {
    const { code, message } = await failure(with1(member, '?').replace('"?"', value))
    expect(code).toBe('invalid-config')
    expect(message).toContain('FILE, line 3: it has')
    expect(message).toContain(expected)
  })

  it('is told where it is, whatever came before', async () => {
    const blank = '\r\n\r\n'
    const many = `${RUN}\r\n`.repeat(4_000)
    const { message } = await failure(`${many}${blank}${RUN.replace('"id":"1",', '')}\n${many}`)
    expect(message).toBe('FILE, line 4003: it has no member "id"; it must be a text that is not empty.')
  })

  it.each([
    ['text', 'hello\n', 'is not JSON: "hello"'],
    ['a list', `[${RUN}]\n`, 'is a list; it must be an object, one job run a line'],
    ['an array that was pretty-printed', '[\n', 'is not JSON'],
    ['nothing', 'null\n', 'is null; it must be an object'],
    ['a second header', `${RUN}\n${HEADER}\n`, 'line 2: it is a header, which only the first line may be'],
  ])('is told: %s', async (_what, content, expected) => {
    const { code, message } = await failure(content)
    expect(code).toBe('invalid-config')
    expect(message).toContain(expected)
  })

  it('shows no more of a value than is needed', async () => {
    const { message } = await failure(with1('start', 'x'.repeat(100_000)))
    expect(message.length).toBeLessThan(300)
  })
})

describe('a file that is damaged', () => {
  it.each([
    ['within its last line', `${RUN}\n${RUN.slice(0, 40)}`, 'FILE, line 2: it is cut short'],
    ['within a word', `${RUN}\n${RUN.slice(0, -1)}`, 'FILE, line 2: it is cut short'],
  ])('because it was cut %s is corrupt', async (_where, content, expected) => {
    const { code, message } = await failure(content)
    expect([code, message]).toEqual(['corrupt', expect.stringContaining(expected)])
  })

  it.each([
    ['Latin-1', Buffer.from(`${RUN}\n${RUN.replace('shop', 'b\xfcro')}\n${RUN}\n`, 'latin1'), 'in line 2'],
    ['UTF-16', Buffer.from(`\ufeff${RUN}\n`, 'utf16le'), 'in line 1'],
  ])('because it is %s is corrupt', async (_what, content, expected) => {
    const { code, message } = await failure(content)
    expect([code, message]).toEqual(['corrupt', expect.stringContaining(`FILE is not UTF-8 ${expected}`)])
  })

  it('because its gzip data is cut or changed is corrupt', async () => {
    const packed = gzipSync(`${RUN}\n`.repeat(1_000))
    const changed = Uint8Array.from(packed)
    changed[packed.length - 6]! ^= 1
    for (const content of [packed.subarray(0, -9), changed]) {
      const path = await file(content)
      await expect(readItems(jobLines({ path }))).rejects.toMatchObject({ code: 'corrupt' })
    }
  })

  it('or compressed with zstd is not read', async () => {
    const { code, message } = await failure(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0))
    expect([code, message]).toEqual(['unsupported', expect.stringContaining('zstd')])
  })

  it('or one endless line is refused before it fills the memory', async () => {
    const { code, message } = await failure(Buffer.alloc(9 * 1024 * 1024, 'x'))
    expect([code, message]).toEqual([
      'invalid-config',
      expect.stringContaining('a line of more than 8388608 bytes, line 1'),
    ])
  })
})

describe('a header', () => {
  it.each([
    [
      'of another history',
      HEADER.replace('job.runs', 'restore.drills'),
      'invalid-config',
      'holds "restore.drills", but job.runs',
    ],
    ['of another version', HEADER.replace('/v1', '/v9'), 'unsupported', 'has the schema "backproof.history/v9"'],
    ['without the history', '{"schema":"backproof.history/v1"}', 'invalid-config', 'has no member "history"'],
    ['with a wrong order', HEADER.replace('}', ',"order":"time"}'), 'invalid-config', 'one of target-time, none'],
    ['with a wrong time', HEADER.replace('}', ',"asOf":"yesterday"}'), 'invalid-config', 'it has "asOf": "yesterday"'],
    ['with a member that is not known', HEADER.replace('}', ',"sorted":true}'), 'invalid-config', '"sorted"'],
  ])('%s is refused by both calls', async (_what, header, code, expected) => {
    const path = await file(`${header}\n${RUN}\n`)
    const source = jobLines({ path })
    const error = { code, message: expect.stringMatching(/, line 1: /) as unknown }
    await expect(source.describe(options)).rejects.toMatchObject(error)
    await expect(readItems(source)).rejects.toMatchObject({ ...error, message: expect.stringContaining(expected) })
  })

  it('belongs to the file that is read', async () => {
    const path = await file(`${HEADER}\n${RUN}\n`)
    const source = jobLines({ path })
    await source.describe(options)
    await appendFile(path, `${RUN}\n`)
    await expect(readItems(source)).rejects.toMatchObject({ code: 'changed' })
    await source.describe(options)
    await rename(await file(`${HEADER}\n${RUN}\n`), path)
    await expect(readItems(source)).rejects.toMatchObject({ code: 'changed' })
    expect((await readAll(source)).items).toHaveLength(1)
  })
})

describe('other histories', () => {
  it('have rows of their own', async () => {
    const drill = '{"id":"d","asset":"shop","started":"2026-11-01T00:00:00Z","outcome":"COMPLETED","validation":null}'
    expect(await readItems(drillLines({ path: await file(drill) }))).toEqual([
      { id: 'd', asset: 'shop', started: Date.UTC(2026, 10, 1), outcome: 'unknown', validation: null },
    ])
    const point =
      '{"id":"p","asset":"shop","created":"2026-11-01T00:00:00.1239Z","expires":"never","digest":{"algorithm":"md5","value":"00"},"keyUsable":null}'
    expect(await readItems(recoveryPointLines({ path: await file(point) }))).toEqual([
      {
        id: 'p',
        asset: 'shop',
        created: Date.UTC(2026, 10, 1) + 123,
        expires: 'never',
        digest: { algorithm: 'md5', value: '00' },
        keyUsable: null,
      },
    ])
    const sample = '{"store":"basement","at":"2026-11-01T00:00:00Z","usedBytes":5,"limitBytes":null}'
    expect(await readItems(capacityLines({ path: await file(sample) }))).toEqual([
      { store: 'basement', at: Date.UTC(2026, 10, 1), usedBytes: 5, limitBytes: null },
    ])
  })
})

describe('reading', () => {
  it('rejects with what is wrong with the file', async () => {
    await expect(readItems(jobLines({ path: join(temp, 'none') }))).rejects.toMatchObject({ code: 'not-found' })
    await mkdir(join(temp, 'folder'))
    await expect(readItems(jobLines({ path: join(temp, 'folder') }))).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining('give a file of JSON lines'),
    })
  })

  it('ends with the signal', async () => {
    const stop = new AbortController()
    const path = await file(`${RUN}\n`.repeat(5_000))
    const pages = (source: JobSource): AsyncIterator<unknown> =>
      source.read({ ...options, signal: stop.signal })[Symbol.asyncIterator]()
    const both = [pages(jobLines({ path })), pages(jobLines({ lines: () => Array.from({ length: 5_000 }, () => RUN) }))]
    for (const reading of both) expect((await reading.next()).done).toBe(false)
    stop.abort(new Error('enough'))
    for (const reading of both) await expect(reading.next()).rejects.toThrow('enough')
  })
})

describe('options', () => {
  it.each<[unknown, string]>([
    [{}, 'give either path or lines'],
    [{ path: 'a', lines: () => [] }, 'give either path or lines'],
    [{ path: '' }, 'path is ""'],
    [{ lines: [] }, 'lines must be a function'],
    [{ file: 'a' }, 'has no option "file"'],
    [{ path: 'a', id: '' }, 'id is ""'],
    [undefined, 'takes one options object'],
  ])('that cannot work are refused at once: %j', (given, expected) => {
    expect(() => jobLines(given as HistoryLinesOptions)).toThrow(expected)
  })
})
