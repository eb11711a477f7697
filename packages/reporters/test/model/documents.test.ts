import { compare } from '@backproof/core/compare'
import { BackupError } from '@backproof/core/errors'
import type { ObjectFinding } from '@backproof/core/report'
import { faultySource, memorySource } from '@backproof/core/testing'
import { expect, it } from 'vitest'
import { documentFromRows, documentOf, keepRun, type ReportDocument, statusCounts } from '../../src/index.js'
import { auditOf } from '../support/audits.js'
import { comparison } from '../support/proofs.js'

const count = async (document: ReportDocument): Promise<number> => {
  let rows = 0
  for await (const page of document.rows()) rows += page.length
  return rows
}

it('keeps all rows of a run, which can be read again and again', async () => {
  await using document = await comparison([
    ['a', 'same'],
    ['b', 'gone'],
  ])
  expect([document.kind, document.rowsOmitted]).toEqual(['compare', 0])
  expect([await count(document), await count(document)]).toEqual([4, 4])
})

it('of a report alone has the rows that it holds, and counts the others', async () => {
  await using kept = await comparison([
    ['a', 'same'],
    ['b', 'gone'],
  ])
  const document = documentOf(kept.report)
  expect([await count(document), document.rowsOmitted]).toEqual([1, 3])
  expect(statusCounts(document)).toEqual(statusCounts(kept))
  await using audited = await auditOf([{ id: 'a', said: 'pass', severity: 'low', quoted: 'q' }])
  expect([documentOf(audited.report).kind, documentOf(audited.report).rowsOmitted]).toEqual(['audit', 2])
})

it('takes rows that the caller kept', async () => {
  await using kept = await comparison([['a', 'gone']])
  const rows: ObjectFinding[] = []
  for await (const page of kept.rows()) rows.push(...page)
  const document = documentFromRows(kept.report, async function* () {
    yield rows
  })
  expect([await count(document), document.rowsOmitted]).toEqual([2, 0])
})

it('of a run that was cancelled says that it is incomplete', async () => {
  const controller = new AbortController()
  const run = compare({
    source: memorySource(Array.from({ length: 3_000 }, (_, i) => [`k${i}`, 'x'] as const)),
    replicas: [faultySource(memorySource({}, { uri: 'memory://b' }), [{ kind: 'stall', at: 'list' }])],
    signal: controller.signal,
  })
  setTimeout(() => controller.abort(), 20)
  await using document = await keepRun(run)
  expect(document.report.result.complete).toBe(false)
})

it('rejects as the run does where nothing could be started', async () => {
  const broken = faultySource(memorySource({}), [
    { kind: 'error', at: 'describe', error: new BackupError({ code: 'not-found', message: 'no such place' }) },
  ])
  const run = compare({ source: broken, replicas: [memorySource({}, { uri: 'memory://b' })] })
  await expect(keepRun(run)).rejects.toMatchObject({ code: 'not-found' })
})
