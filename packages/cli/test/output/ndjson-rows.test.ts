import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createNdjsonWriter } from '@backproof/core/report'
import { describe, expect, it } from 'vitest'
import { ndjsonRows } from '../../src/output/rows.js'
import { temporaryDirectory, writeTree } from '../support/tree.js'

const openRows = (path: string): Promise<unknown> =>
  ndjsonRows(path, (sink) => createNdjsonWriter(sink, { kind: 'verify', source: 'file:///a', replicas: [] } as never))

const HEADER = '{"schema":"backproof.report/v1","type":"header","kind":"compare"}\n'

describe('--ndjson', () => {
  it.each([
    ['a policy', 'schema: backproof.policy/v1\nassets: [{ id: shop }]\n'],
    ['a history', '{"schema":"backproof.history/v1","history":"job.runs"}\n'],
    ['a manifest', `${'0'.repeat(64)}  a.txt\n`],
    ['a report', '{\n  "result": {\n    "schema": "backproof.audit/v1"\n'],
    ['a byte', 'x'],
  ])('does not write over %s', async (_, text) => {
    const path = join(writeTree(temporaryDirectory(), { 'it\u0007': text }), 'it\u0007')
    await expect(openRows(path)).rejects.toThrow(/it\\x07: there is a file which holds something else\n/)
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it.each([
    ['earlier rows', HEADER],
    ['rows of an audit', HEADER.replace('report', 'audit')],
    ['an empty file', ''],
  ])('takes the place of %s', async (_, text) => {
    const path = join(writeTree(temporaryDirectory(), { rows: text }), 'rows')
    await openRows(path)
    expect(readFileSync(path, 'utf8')).toBe('')
  })

  it('writes to what is no file, and to what is not there yet', async () => {
    await openRows('/dev/null')
    const path = join(temporaryDirectory(), 'rows')
    await openRows(path)
    expect(existsSync(path)).toBe(true)
  })
})
