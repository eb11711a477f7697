import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ESTATE } from '../../src/audit/target.js'
import { compare } from '../../src/compare/index.js'
import { auditReports, type ProofReport, proofReports, reportFiles } from '../../src/history/index.js'
import { findingLine, ndjsonEnd, ndjsonHeader, type ObjectFinding, type Report } from '../../src/report/index.js'
import { memorySource } from '../../src/testing/index.js'
import { verify } from '../../src/verify/index.js'
import { NOW } from './read-lines.js'

let temp: string
let compared: Report
let verified: Report
let rows: string[]

beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'history-test-'))
  const source = memorySource({ a: 'x', b: 'y' }, { uri: 'memory://a' })
  const replica = memorySource({ a: 'x', b: 'z' }, { uri: 'memory://b' })
  const run = compare({ source, replicas: [replica], require: 'read', now: () => new Date(NOW) })
  const findings: ObjectFinding[] = []
  for await (const page of run) findings.push(...page)
  compared = await run.report()
  verified = await verify({ source: memorySource({ a: 'x' }), require: 'size', now: () => new Date(NOW) }).report()
  rows = [
    ndjsonHeader({ kind: 'compare', source: 'memory://a', replicas: ['memory://b'] }),
    ...findings.map(findingLine),
    ndjsonEnd(compared.result),
  ]
})
afterAll(() => rm(temp, { recursive: true, force: true }))

let count = 0
const file = async (content: string | Uint8Array): Promise<string> => {
  count += 1
  const path = join(temp, `${count}.json`)
  await writeFile(path, content)
  return path
}

const collect = async (...paths: string[]): Promise<readonly ProofReport[]> => {
  const request = { target: ESTATE, tokens: [proofReports], now: NOW, signal: new AbortController().signal }
  const [only, ...others] = await reportFiles({ paths }).collect(request)
  expect(others).toEqual([])
  expect(only).toMatchObject({
    token: proofReports,
    fact: { state: 'known', source: paths.join(', '), observedAt: NOW },
  })
  return (only!.fact as { readonly value: readonly ProofReport[] }).value
}

describe('reports in files', () => {
  it('are what --json prints, and rows with their end, plain and gzip, in the order of the files', async () => {
    const plain = await file(`${JSON.stringify(compared, null, 2)}\n`)
    const short = await file(`\ufeff${JSON.stringify(verified)}`)
    const ndjson = await file(`${rows.join('\n')}\n`)
    const packed = await file(gzipSync(rows.join('\n')))
    const results = await collect(plain, short, ndjson, packed)
    expect(results).toEqual([
      { source: plain, result: JSON.parse(JSON.stringify(compared.result)) as unknown },
      { source: short, result: JSON.parse(JSON.stringify(verified.result)) as unknown },
      { source: ndjson, result: results[0]!.result },
      { source: packed, result: results[0]!.result },
    ])
    expect(results[0]!.result.totals.outcomes).toMatchObject({ match: 1, mismatch: 1 })
  })

  it('stand for the estate', () => {
    const { kinds, provides, id } = reportFiles({ paths: ['a.json', 'b.json'] })
    expect([kinds, provides, id]).toEqual([['estate'], [proofReports, auditReports], 'reports in a.json, b.json'])
  })
})

/** The report of the comparison, with other members in its result. */
const changed = (members: object): string => JSON.stringify({ ...compared, result: { ...compared.result, ...members } })

describe('what is no report', () => {
  it.each<[string, () => string, string, string]>([
    ['nothing', () => ' \n', 'invalid-config', 'it is empty'],
    ['text', () => 'all is well\n', 'invalid-config', 'it is no JSON object with a result'],
    ['another document', () => '{"name":"x"}', 'invalid-config', 'it is no JSON object with a result'],
    ['a list', () => `[${JSON.stringify(compared)}]`, 'invalid-config', 'no JSON object with a result'],
    ['half a report', () => JSON.stringify(compared, null, 2).slice(0, 500), 'invalid-config', 'no JSON object'],
    [
      'a comparison that calls itself an audit',
      () => changed({ schema: 'backproof.audit/v1' }),
      'invalid-config',
      'members of a result of backproof.audit/v1 are missing',
    ],
    ['a document of another schema', () => changed({ schema: 'x/v1' }), 'invalid-config', 'its schema is "x/v1"'],
    [
      'a plan',
      () => '{"schema":"backproof.plan/v1","kind":"compare"}',
      'invalid-config',
      'no JSON object with a result',
    ],
    [
      'a report of later',
      () => changed({ schema: 'backproof.report/v2' }),
      'unsupported',
      'has the schema "backproof.report/v2"',
    ],
    [
      'a report without covered',
      () => changed({ covered: undefined }),
      'invalid-config',
      'members of a result of backproof.report/v1 are missing',
    ],
    ['a report of another kind', () => changed({ kind: 'audit' }), 'invalid-config', 'are missing'],
    ['a report without time', () => changed({ asOf: { from: 'x', to: 'y' } }), 'invalid-config', 'are missing'],
    ['a report without source', () => changed({ source: {} }), 'invalid-config', 'are missing'],
    [
      'rows of another version',
      () => rows.join('\n').replace('report/v1', 'report/v2'),
      'unsupported',
      'has the schema "backproof.report/v2"',
    ],
    [
      'rows without their end',
      () => rows.slice(0, -1).join('\n'),
      'corrupt',
      'Line 4 of the report rows should be the end row',
    ],
    [
      'rows of which one is gone',
      () => [rows[0], rows[1], rows[3]].join('\n'),
      'corrupt',
      'Line 3 of the report rows tells of 2 findings',
    ],
  ])('is told: %s', async (_what, content, code, expected) => {
    const path = await file(content())
    await expect(collect(await file(JSON.stringify(compared)), path)).rejects.toMatchObject({
      code,
      subject: path,
      message: expect.stringContaining(expected),
    })
    await expect(collect(path)).rejects.toMatchObject({ message: expect.stringContaining(path) })
  })

  it('and what cannot be read ends the collecting', async () => {
    await expect(collect(join(temp, 'none.json'))).rejects.toMatchObject({ code: 'not-found' })
    await expect(collect(temp)).rejects.toMatchObject({ code: 'invalid-config' })
  })

  it('is refused before it fills the memory', async () => {
    const path = await file(Buffer.alloc(65 * 1024 * 1024, '\n'))
    await expect(collect(path)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining('more than'),
    })
  })

  it.each([[{}], [{ paths: [] }], [{ paths: [''] }], [{ paths: 'a.json' }], [{ paths: ['a'], path: 'b' }]])(
    'options that cannot work are refused at once: %j',
    (options) => {
      expect(() => reportFiles(options as never)).toThrow('reportFiles')
    },
  )
})
