import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AuditCollector, type AuditFinding, audit, defineRule } from '../../src/audit/index.js'
import {
  jobLines,
  jobRuns,
  proofReports,
  recoveryPoints,
  recoveryPointsOf,
  reportFiles,
} from '../../src/history/index.js'
import { memorySource } from '../../src/testing/index.js'
import { NOW } from './read-lines.js'

let temp: string
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'history-test-'))
})
afterAll(() => rm(temp, { recursive: true, force: true }))

const common = {
  title: 'A rule',
  description: ['Passes whatever it is told.'],
  rationale: 'A test.',
  category: 'jobs',
  severity: 'low',
  since: '0.1.0',
  clauses: [],
  remediation: { action: 'None.', effort: 'small' },
  messages: { told: { status: 'pass', text: '{items} items' } },
} as const

const runs = defineRule({
  ...common,
  id: 'acme/runs',
  scope: 'asset',
  folds: (fold) => ({ history: fold(jobRuns, { init: () => 0, step: (count) => count + 1 }) }),
  evaluate: ({ folds: { history } }) => ({ message: 'told', data: { items: history.value } }),
})
const points = defineRule({
  ...common,
  id: 'acme/points',
  scope: 'asset',
  folds: (fold) => ({ history: fold(recoveryPoints, { init: () => 0, step: (count) => count + 1 }) }),
  evaluate: ({ folds: { history } }) => ({ message: 'told', data: { items: history.value } }),
})
const reports = defineRule({
  ...common,
  id: 'acme/reports',
  scope: 'estate',
  needs: { reports: proofReports },
  evaluate: ({ facts: { reports: fact } }) => ({
    message: 'told',
    data: { items: fact.state === 'known' ? fact.value.length : 0 },
  }),
})

const rowOf = async (rule: 'runs' | 'points' | 'reports', collector: AuditCollector): Promise<AuditFinding> => {
  const rows: AuditFinding[] = []
  const run = audit({
    rules: [{ runs, points, reports }[rule]()],
    targets: [{ kind: 'asset', id: 'shop' }],
    collectors: [collector],
    now: () => new Date(NOW),
  })
  for await (const page of run) rows.push(...page)
  expect(rows).toHaveLength(1)
  return rows[0]!
}

let count = 0
const file = async (...lines: string[]): Promise<string> => {
  count += 1
  const path = join(temp, `${count}.jsonl`)
  await writeFile(path, lines.map((line) => `${line}\n`).join(''))
  return path
}

const header = (more: string): string => `{"schema":"backproof.history/v1","history":"job.runs"${more}}`
const line = (id: string, day: number): string =>
  `{"id":"${id}","asset":"shop","start":"2026-11-0${day}T00:00:00Z","status":"success"}`

describe('an audit', () => {
  it('counts the runs of a file, one that is told twice once', async () => {
    const path = await file(line('b', 2), line('a', 1), line('b', 2))
    expect(await rowOf('runs', jobLines({ path }))).toMatchObject({ status: 'pass', text: '2 items' })
  })

  it.each<[string, string[], RegExp | undefined]>([
    ['a line that cannot be read', [line('a', 1), '{"id":"b"}'], /line 2: it has no member "asset"/],
    ['a header that is wrong', [header(',"order":"time"'), line('a', 1)], /line 1: it has "order"/],
    [
      'an order that was promised and not kept',
      [header(',"order":"target-time"'), line('b', 2), line('a', 1)],
      /line 3: it comes too late for the order "target-time"/,
    ],
    ['a file that is empty', [], /is empty/],
    ['a file of a system that left something out', [header(',"partial":true'), line('a', 1)], undefined],
  ])('never passes on %s', async (_what, lines, detail) => {
    const { status, message, facts } = await rowOf('runs', jobLines({ path: await file(...lines) }))
    expect([status, message]).toEqual(['unknown', detail === undefined ? 'fact-partial' : 'fact-unknown'])
    if (detail !== undefined) expect(facts?.[0]?.detail).toMatch(detail)
  })

  it('never passes on a place that holds more than its pattern says', async () => {
    const objects = { 'shop/2026-11-01/a': 'x', 'shop/2026-11-02.tar': 'x' }
    const pattern = '{asset}/{date:YYYY-MM-DD}/**'
    const read = recoveryPointsOf({ source: memorySource(objects), pattern, others: 'ignore' })
    expect(await rowOf('points', read)).toMatchObject({ status: 'pass', text: '1 items' })
    const { status, facts } = await rowOf('points', recoveryPointsOf({ source: memorySource(objects), pattern }))
    expect(status).toBe('unknown')
    expect(JSON.stringify(facts)).toContain('shop/2026-11-02.tar')
  })

  it('never passes on reports that are not there or are none', async () => {
    for (const path of [join(temp, 'gone.json'), await file('{"result":{}}')]) {
      const { status, facts } = await rowOf('reports', reportFiles({ paths: [path] }))
      expect([status, facts?.[0]]).toMatchObject([
        'unknown',
        { state: 'unknown', detail: expect.stringContaining(path) },
      ])
    }
  })
})
