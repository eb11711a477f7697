import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createNdjsonWriter,
  findingLine,
  type NdjsonHeader,
  type NdjsonRow,
  ndjsonEnd,
  ndjsonHeader,
  readNdjson,
} from '../../src/report/index.js'
import { makeFinding, makeResult, matches } from './make-result.js'

const header: NdjsonHeader = {
  kind: 'compare',
  source: 'file:///a',
  replicas: ['file:///b'],
  options: { extras: 'fail' },
}
const findings = [
  makeFinding('bad\udc80name', 'mismatch', { keyBytes: '626164806e616d65' }),
  makeFinding('line\nbreak\u2028', 'match'),
  makeFinding('😀', 'missing'),
]
const result = makeResult({ findings })
const rows = (): string[] => [ndjsonHeader(header), ...findings.map(findingLine), ndjsonEnd(result)]

const readAll = async (lines: Iterable<string> | AsyncIterable<string>): Promise<NdjsonRow[]> => {
  const out: NdjsonRow[] = []
  for await (const row of readNdjson(lines)) out.push(row)
  return out
}

let temp: string
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'ndjson-test-'))
})
afterAll(() => rm(temp, { recursive: true, force: true }))

describe('NDJSON rows', () => {
  it('come back from a file as they went in, with keys that are not UTF-8', async () => {
    const path = join(temp, 'rows.ndjson')
    const sink = createWriteStream(path)
    const writer = createNdjsonWriter(sink, header)
    await writer.write(findings.slice(0, 1))
    await writer.write([])
    await writer.write(findings.slice(1))
    await writer.end(result)
    expect(sink.listenerCount('error')).toBe(0)
    await finished(sink.end())
    expect(
      await readAll(createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })),
    ).toEqual([
      { type: 'header', header },
      ...findings.map((finding) => ({ type: 'finding', finding })),
      { type: 'end', result },
    ])
  })

  it('have header and end also without a finding', async () => {
    const chunks: string[] = []
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        chunks.push(String(chunk))
        done()
      },
    })
    const empty = makeResult()
    await createNdjsonWriter(sink, header).end(empty)
    expect(await readAll(chunks.join('').trimEnd().split('\n'))).toEqual([
      { type: 'header', header },
      { type: 'end', result: empty },
    ])
  })

  it('wait for a slow sink', async () => {
    const pending: (() => void)[] = []
    const sink = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => {
        pending.push(done)
      },
    })
    const writer = createNdjsonWriter(sink, header)
    let written = false
    const write = writer.write(findings).then(() => {
      written = true
    })
    await new Promise(setImmediate)
    expect(written).toBe(false)
    pending[0]?.()
    await write
    expect(written).toBe(true)
  })

  it('surface what a sink fails with, then and later, as an error of the report', async () => {
    const sink = createWriteStream('/dev/full')
    const writer = createNdjsonWriter(sink, header)
    const failed = { code: 'unavailable', retryable: false, message: expect.stringContaining('ENOSPC') }
    await expect(writer.write(findings)).rejects.toMatchObject(failed)
    await expect(writer.end(result)).rejects.toMatchObject(failed)
  })

  it('surface a sink that breaks between two calls', async () => {
    const path = join(temp, 'closed.ndjson')
    await (await open(path, 'w')).close()
    const sink = createWriteStream(path)
    const writer = createNdjsonWriter(sink, header)
    await writer.write(findings)
    sink.destroy(new Error('pulled out'))
    await new Promise(setImmediate)
    await expect(writer.write(findings)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('pulled out'),
    })
  })
})

describe('readNdjson', () => {
  const damaged: readonly [string, string[], RegExp][] = [
    ['an empty file', [], /^Line 1 .*cut short/],
    ['a missing end row', rows().slice(0, -1), /^Line 5 .*should be the end row.*cut short/],
    ['a row that was cut', [...rows().slice(0, 2), rows()[2]!.slice(0, 20)], /^Line 3 .*not JSON/],
    ['a missing finding', rows().filter((_, i) => i !== 2), /^Line 4 .*tells of 3 findings, but 2 rows/],
    ['a repeated finding', rows().toSpliced(2, 0, rows()[2]!), /^Line 6 .*tells of 3 findings, but 4 rows/],
    ['a missing header', rows().slice(1), /^Line 1 .*should be the header/],
    ['a second header', rows().toSpliced(1, 0, rows()[0]!), /^Line 2 .*second header/],
    ['a row after the end', [...rows(), rows()[1]!], /^Line 6 .*after the end row/],
    [
      'another schema',
      [rows()[0]!.replace('/v1', '/v9'), ...rows().slice(1)],
      /^Line 1 .*schema "backproof.report\/v9"/,
    ],
    ['a header without sides', ['{"schema":"backproof.report/v1","type":"header"}'], /^Line 1 .*without source/],
    [
      'a finding without key',
      [rows()[0]!, '{"type":"finding","outcome":"match","reason":"bytes"}'],
      /^Line 2 .*without key/,
    ],
    ['an unknown row', [rows()[0]!, '{"type":"summary"}'], /^Line 2 .*type "summary"/],
    ['an end without result', [rows()[0]!, '{"type":"end"}'], /^Line 2 .*without a result/],
    ['something that is no object', ['[1]'], /^Line 1 .*not a JSON object/],
    ['a blank line inside', [rows()[0]!, '', ...rows().slice(1)], /^Line 2 .*not JSON/],
  ]
  it.each(damaged)('says where %s is', async (_, lines, message) => {
    await expect(readAll(lines)).rejects.toMatchObject({ code: 'corrupt', message: expect.stringMatching(message) })
  })

  it('takes fewer rows from a run that was stopped, and blank lines at the end', async () => {
    const stopped = makeResult({
      findings: matches(5),
      more: { complete: false, incomplete: [{ reason: 'left-early' }] },
    })
    const lines = [ndjsonHeader(header), ...matches(4).map(findingLine), ndjsonEnd(stopped), '']
    expect(await readAll(lines)).toHaveLength(6)
  })
})
