import { describe, expect, it } from 'vitest'
import { type CompareOptions, compare } from '../../src/compare/index.js'
import { BackupError } from '../../src/errors.js'
import { OUTCOMES } from '../../src/evidence/evidence.js'
import {
  createSampleTally,
  type SampleOptions,
  type SampleResult,
  sampleResult,
  validateSample,
} from '../../src/evidence/index.js'
import {
  findingLine,
  mergeResults,
  ndjsonEnd,
  ndjsonHeader,
  type ObjectFinding,
  type Report,
  type RunResult,
} from '../../src/report/index.js'
import type { Run } from '../../src/run/run.js'
import { faultySource, memorySource } from '../../src/testing/index.js'
import { verify } from '../../src/verify/index.js'
import { closed, compiled, fromRoot, type Json, problems } from './schema-check.js'

const text = fromRoot('docs/schema/report-v1.schema.json')
const page = fromRoot('docs/report-format.md')

const strict = compiled(closed(JSON.parse(text)))
const open = compiled(JSON.parse(text))

const drain = async (run: Run<ObjectFinding, Report>): Promise<{ rows: ObjectFinding[]; report: Report }> => {
  const rows: ObjectFinding[] = []
  for await (const findings of run) rows.push(...findings)
  return { rows, report: await run.report() }
}

const denied = new BackupError({
  code: 'access-denied',
  message: 'No permission.',
  provider: 'test',
  operation: 'read',
  subject: 'error',
})
const stored = { digests: [{ algorithm: 'md5', provenance: 'service' }] } as const
const objects = {
  changed: 'x',
  error: 'x',
  match: 'x',
  'match\udc80': 'y',
  mismatch: 'x',
  missing: 'x',
  unreadable: 'x',
  unverifiable: { kind: 'special' },
} as const
const { missing: _, ...others } = objects

const options = (more: Partial<CompareOptions> = {}): CompareOptions => ({
  source: memorySource(objects, { uri: 'memory://a' }),
  replicas: [
    faultySource(memorySource({ ...others, extra: 'e', mismatch: 'y' }, { uri: 'memory://b' }), [
      { kind: 'error', at: 'read', key: 'error', error: denied },
      { kind: 'changed', key: 'changed' },
      { kind: 'short-body', key: 'unreadable', bytes: 0 },
    ]),
  ],
  record: ['sha256', 'crc32c'],
  retry: { attempts: 1 },
  ...more,
})

describe('the published schema', () => {
  it('describes every row and the report of a comparison, whatever the outcome', async () => {
    const { rows, report } = await drain(compare(options()))
    expect([...new Set(rows.map(({ outcome }) => outcome))].sort()).toEqual([...OUTCOMES].sort())
    for (const row of rows) expect(problems(strict, JSON.parse(findingLine(row)))).toEqual([])
    expect(problems(strict, report)).toEqual([])
    expect(problems(strict, JSON.parse(ndjsonEnd(report.result)))).toEqual([])
    const header = {
      kind: 'compare',
      asOf: report.result.asOf.from,
      source: 'memory://a',
      replicas: ['memory://b'],
      options: {},
    } as const
    expect(problems(strict, JSON.parse(ndjsonHeader(header)))).toEqual([])
  })

  it('describes verifications, stored digests, collisions, parts, merged parts and incomplete results', async () => {
    const reports: Report[] = []
    const take = async (run: Run<ObjectFinding, Report>): Promise<Report> => {
      const report = await run.report()
      reports.push(report)
      return report
    }
    const digests = memorySource({ a: 'x', b: 'y' }, { ...stored, uri: 'memory://d' })
    await take(verify({ source: digests, require: 'stored' }))
    await take(verify({ source: memorySource({ a: 'x' }), against: digests }))
    await take(
      compare({ source: digests, replicas: [memorySource({ a: 'x', b: 'z' }, { ...stored, uri: 'memory://e' })] }),
    )
    await take(
      compare({
        source: memorySource({ A: '1', a: '2' }),
        replicas: [memorySource({ a: '1' }, { uri: 'memory://g' })],
        normalise: 'casefold',
      }),
    )
    const failing = faultySource(memorySource(objects, { uri: 'memory://f' }), [
      { kind: 'error', at: 'list', error: denied },
    ])
    await take(compare(options({ replicas: [failing] })))
    const parts: RunResult[] = []
    for (const index of [0, 1]) parts.push((await take(compare(options({ shard: { index, count: 2 } })))).result)
    await take(compare(options({ range: { from: 'b', to: 'm' } })))
    for (const report of reports) expect(problems(strict, report)).toEqual([])
    expect(problems(strict, { type: 'end', result: mergeResults(...parts) })).toEqual([])
    expect(reports.flatMap(({ result }) => result.incomplete.map(({ reason }) => reason))).toEqual(
      expect.arrayContaining(['failed', 'gap']),
    )
    expect(reports.flatMap(({ result }) => result.findings.map(({ reason }) => reason))).toContain('key-collision')
  })

  it('describes samples, also merged ones', async () => {
    const { report } = await drain(compare(options()))
    const sampleOf = (given: SampleOptions, threshold: number): SampleResult => {
      const tally = createSampleTally(validateSample(given), threshold)
      for (const size of [5, 9, undefined]) tally.population(size)
      tally.sampled(9)
      return tally.snapshot()
    }
    for (const given of [{ fraction: 0.1 }, { bytes: 7 }, { part: 1, of: 2 }, { count: 1, by: 'bytes' }] as const) {
      const one = sampleOf(given, 0.1)
      const all = sampleOf(given, Number.POSITIVE_INFINITY)
      for (const sample of [one, all, sampleResult(one.plan, 0.9, [...one.strata, ...all.strata])]) {
        expect(problems(strict, { ...report, result: { ...report.result, sample } })).toEqual([])
      }
    }
  })

  it('refuses what is no report, and lets readers meet members of a later version', async () => {
    const { report } = await drain(compare(options()))
    expect(problems(open, { ...report, result: { ...report.result, totals: {} } })).not.toEqual([])
    expect(problems(open, { type: 'finding', key: 'a', outcome: 'fine', reason: 'bytes' })).not.toEqual([])
    expect(problems(open, { type: 'finding', outcome: 'match', reason: 'bytes' })).not.toEqual([])
    const later = { type: 'finding', key: 'a', outcome: 'match', reason: 'bytes', tomorrow: 1 }
    expect(problems(open, later)).toEqual([])
    expect(problems(strict, later)).not.toEqual([])
  })
})

describe('docs/report-format.md', () => {
  const defs = (JSON.parse(text) as { $defs: Record<string, Json> }).$defs

  it('names every member and every fixed value of the schema', () => {
    const names = Object.values(defs).flatMap((def) => [
      ...Object.keys((def['properties'] as Json | undefined) ?? {}),
      ...((def['enum'] as string[] | undefined) ?? []),
    ])
    expect(names.length).toBeGreaterThan(90)
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })

  it('names every reason and error code of the types', () => {
    const finding = fromRoot('packages/core/src/report/finding.ts')
    const union = /export type Reason =([\s\S]*?)\n\n/.exec(finding)?.[1] ?? ''
    const reasons = [...union.matchAll(/'([a-z-]+)'/g)].map((match) => match[1]!)
    const codes = (defs['error'] as { properties: { code: { enum: string[] } } }).properties.code.enum
    expect(reasons.length).toBeGreaterThan(15)
    expect([...reasons, ...codes].filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })
})
