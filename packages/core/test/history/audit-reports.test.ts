import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditFinding, AuditReport } from '../../src/audit/index.js'
import { ESTATE } from '../../src/audit/target.js'
import { compare } from '../../src/compare/index.js'
import { auditReports, EARLIER_ROWS, type EarlierAudit, proofReports, reportFiles } from '../../src/history/index.js'
import { createAuditNdjsonWriter } from '../../src/report/index.js'
import { memorySource } from '../../src/testing/index.js'
import { asset, counting, enough, known, run } from '../audit/engine/parts.js'
import { NOW } from './read-lines.js'

let temp: string
let report: AuditReport
let rows: readonly AuditFinding[]
let ndjson: string

const linesOf = async (findings: readonly AuditFinding[], { result }: AuditReport): Promise<string> => {
  const sink = new PassThrough()
  const written = text(sink)
  const writer = createAuditNdjsonWriter(sink, { kind: 'audit', rules: ['enough'] })
  await writer.write(findings)
  await writer.end(result)
  sink.end()
  return written
}

/** Passes on `a`, fails on `b` and `c`, of which the second is waived, and nobody knows about `d`. */
const audited = () =>
  run([enough()], [counting(({ id }) => (id === 'd' ? undefined : known(id === 'a' ? 9 : 1)))], {
    targets: ['a', 'b', 'c', 'd'].map((id) => asset(id)),
    waivers: [
      { id: 'w', select: { target: 'c' }, reason: 'is replaced', approver: 'CISO', expires: '2026-11-30' },
      { id: 'late', select: { target: 'b' }, reason: 'was replaced', approver: 'CISO', expires: '2026-10-30' },
    ],
  })

beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'history-test-'))
  ;({ report, rows } = await audited())
  ndjson = await linesOf(rows, report)
})
afterAll(() => rm(temp, { recursive: true, force: true }))

let count = 0
const file = async (content: string | Uint8Array): Promise<string> => {
  count += 1
  const path = join(temp, `${count}.json`)
  await writeFile(path, content)
  return path
}

const collect = (...paths: string[]) =>
  reportFiles({ paths }).collect({
    target: ESTATE,
    tokens: [auditReports, proofReports],
    now: NOW,
    signal: new AbortController().signal,
  })

const audits = async (...paths: string[]): Promise<readonly EarlierAudit[]> => {
  const found = (await collect(...paths)).find(({ token }) => token.name === auditReports.name)
  expect(found?.fact).toMatchObject({ state: 'known', source: paths.join(', '), observedAt: NOW })
  return (found!.fact as { readonly value: readonly EarlierAudit[] }).value
}

describe('reports of audits in files', () => {
  it('tell what they counted, failing rows without waiver, and what was not decided', async () => {
    const path = await file(JSON.stringify(report))
    const [audit, ...others] = await audits(path)
    expect(others).toEqual([])
    const { asOf, optionsHash, complete, totals } = report.result
    const { statuses, waived } = report.result.rules[0]!
    const [failing, late] = ['b', 'late'].map((id) => rows.find(({ target }) => target.id === id)!)
    const told = ({ rule, target: { kind, id }, severity, message, fingerprint }: AuditFinding) => ({
      rule,
      target: { kind, id },
      severity,
      message,
      fingerprint,
    })
    expect(audit).toEqual({
      source: path,
      result: {
        asOf,
        optionsHash,
        complete,
        totals,
        rules: [{ rule: 'enough', id: 'enough', statuses, waived }],
      },
      failing: [told(failing!), told(late!)],
      failingOmitted: 0,
      undecided: [told(rows.find(({ target }) => target.id === 'd')!)],
      undecidedOmitted: 0,
    })
    expect(statuses).toMatchObject({ pass: 1, fail: 2, unknown: 1 })
  })

  it('say the same as rows, plain and gzip', async () => {
    const paths = [await file(JSON.stringify(report)), await file(ndjson), await file(gzipSync(ndjson))]
    const found = await audits(...paths)
    expect(found.map(({ source }) => source)).toEqual(paths)
    for (const { source: _, ...audit } of found) expect({ ...audit, source: paths[0] }).toEqual(found[0])
    // A year of audits of one estate holds each row once.
    for (const { failing } of found) expect(failing[0]).toBe(found[0]!.failing[0])
  })

  it('stand beside those of comparisons, each in its own list', async () => {
    const source = memorySource({ a: 'x' }, { uri: 'memory://a' })
    const replicas = [memorySource({ a: 'x' }, { uri: 'memory://b' })]
    const compared = await compare({ source, replicas, require: 'size', now: () => new Date(NOW) }).report()
    const paths = [await file(JSON.stringify(report)), await file(JSON.stringify(compared)), await file(ndjson)]
    const facts = await collect(...paths)
    expect(facts.map(({ token, fact }) => [token.name, (fact as { value: unknown[] }).value.length])).toEqual([
      ['proof.reports', 1],
      ['audit.reports', 2],
    ])
  })

  it('count the failing rows that the report itself left out', async () => {
    const result = { ...report.result, findings: report.result.findings.filter(({ status }) => status === 'unknown') }
    const [audit] = await audits(await file(JSON.stringify({ ...report, result })))
    expect(audit).toMatchObject({ failing: [], failingOmitted: 2, undecided: [{}], undecidedOmitted: 0 })
  })

  it('keep the most severe of too many failing rows, in the order of the report', async () => {
    const row = rows.find(({ status, waiver }) => status === 'fail' && waiver === undefined)!
    const many = Array.from({ length: EARLIER_ROWS + 5 }, (_, i) => ({
      ...row,
      severity: i % 5 === 4 ? ('critical' as const) : row.severity,
      fingerprint: `row-${i}`,
    }))
    const statuses = { ...report.result.totals.statuses, fail: many.length, unknown: 0 }
    const totals = { findings: many.length, statuses, waived: 0 }
    const written = await linesOf(many, { ...report, result: { ...report.result, totals } })
    const [audit] = await audits(await file(written))
    expect(audit!.failing).toHaveLength(EARLIER_ROWS)
    expect(audit!.failingOmitted).toBe(5)
    const kept = audit!.failing.map(({ severity, fingerprint }) => `${severity} ${fingerprint}`)
    expect(kept.slice(0, 2)).toEqual(['critical row-4', 'critical row-9'])
    expect(kept.slice(201, 204)).toEqual([0, 1, 2].map((i) => `${row.severity} row-${i}`))
  })
})

const changed = (members: object): string => JSON.stringify({ ...report, result: { ...report.result, ...members } })
const otherRow = (members: object): string => changed({ findings: [{ ...report.result.findings[0], ...members }] })

describe('what is no report of an audit', () => {
  it.each<[string, () => string, string, string]>([
    ['one of later', () => changed({ schema: 'backproof.audit/v2' }), 'unsupported', 'reads backproof.audit/v1'],
    ['one without rules', () => changed({ rules: undefined }), 'invalid-config', 'are missing'],
    ['one without time', () => changed({ asOf: 'x' }), 'invalid-config', 'are missing'],
    ['a rule without counts', () => changed({ rules: [{ rule: 'a', id: 'a' }] }), 'invalid-config', 'are missing'],
    ['counts below zero', () => changed({ totals: { ...report.result.totals, waived: -1 } }), 'invalid-config', 'are'],
    ['a row without fingerprint', () => otherRow({ fingerprint: undefined }), 'invalid-config', 'are missing'],
    ['a row of an unknown severity', () => otherRow({ severity: 'urgent' }), 'invalid-config', 'are missing'],
    ['rows of later', () => ndjson.replaceAll('audit/v1', 'audit/v2'), 'unsupported', 'reads backproof.audit/v1'],
    ['rows that were cut short', () => ndjson.split('\n').slice(0, -2).join('\n'), 'corrupt', 'the end row'],
    [
      'a row of a finding without fingerprint',
      () => ndjson.replace(/"fingerprint":"\w+"/, '"x":1'),
      'invalid-config',
      'a row of it has no severity, or no fingerprint',
    ],
  ])('is told: %s', async (_what, content, code, expected) => {
    const path = await file(content())
    await expect(collect(path)).rejects.toMatchObject({
      code,
      subject: path,
      message: expect.stringContaining(expected),
    })
    await expect(collect(path)).rejects.toMatchObject({ message: expect.stringContaining(path) })
  })
})
