import { expect, it } from 'vitest'
import { csvReporter, documentOf, reportRows } from '../../src/index.js'
import { auditOf } from '../support/audits.js'
import { HOSTILE } from '../support/hostile.js'
import { comparison } from '../support/proofs.js'
import { textOf } from '../support/text-of.js'
import { readCsv } from './read-csv.js'

it('has a line for every row, in the order of the run, with everything that tells rows apart', async () => {
  await using document = await auditOf([
    { id: 'shop', said: 'waived', severity: 'high', quoted: 'q' },
    { id: 'wiki', said: 'pass', severity: 'low', quoted: 'q' },
  ])
  const lines = readCsv(await textOf(csvReporter(), document))
  const rows = []
  for await (const page of reportRows(document)) rows.push(...page)
  expect(lines.map(({ fingerprint }) => fingerprint)).toEqual(rows.map(({ fingerprint }) => fingerprint))
  expect(lines.find(({ waived }) => waived === 'yes')).toEqual({
    status: 'fail',
    waived: 'yes',
    severity: 'high',
    rule: 'told-rule',
    title: 'What is said of an asset',
    target_kind: 'asset',
    target_id: 'shop',
    target_name: 'name of shop',
    subject: 'q',
    message: 'bad',
    text: 'q is bad',
    evidence: 'job-run q  2026-11-20T01:00:00.000Z  status=q',
    evidence_omitted: '0',
    action: 'Mend what is quoted',
    waiver_id: 'w0',
    waiver_reason: 'accepted: q',
    waiver_approver: 'q',
    waiver_expires: '2026-12-01T23:59:59.999Z',
    file: 'shop.yaml',
    line: '1',
    fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
  })
})

it('keeps names apart and on one line, and gives a spreadsheet nothing to run', async () => {
  await using document = await comparison(HOSTILE.map((key) => [key, 'gone']))
  const text = await textOf(csvReporter(), document)
  const lines = readCsv(text)
  expect(text.split('\r\n')).toHaveLength(lines.length + 2)
  expect(new Set(lines.map(({ target_id }) => target_id)).size).toBe(HOSTILE.length)
  for (const line of lines) for (const cell of Object.values(line)) expect(cell).not.toMatch(/^\s*[=+\-@]|^[\t\r\n]/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  expect(text).not.toMatch(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u202e\u200b\udcff]/)
})

it('says how many rows it lacks, and begins with a mark where that is asked for', async () => {
  await using document = await comparison([
    ['a', 'same'],
    ['b', 'gone'],
  ])
  const lines = readCsv(await textOf(csvReporter(), documentOf(document.report)))
  expect(lines.map(({ status }) => status)).toEqual(['fail', 'omitted'])
  expect(lines.at(-1)!['text']).toBe('3 rows of the run are not in this table')
  expect((await textOf(csvReporter({ byteOrderMark: true }), document)).startsWith('\ufeff"status",')).toBe(true)
})

it('says that the run proved nothing, where its rows do not', async () => {
  await using nothing = await comparison([])
  const [line, ...more] = readCsv(await textOf(csvReporter(), nothing))
  expect(more).toEqual([])
  expect(line).toMatchObject({
    status: 'run',
    message: 'exit-code-3',
    text: 'NOT proven: there was nothing to compare (0 objects).',
  })
  const { result, telemetry } = nothing.report
  const broken = { result: { ...result, complete: false, incomplete: [{ reason: 'aborted' as const }] }, telemetry }
  expect(readCsv(await textOf(csvReporter(), documentOf(broken))).map(({ status }) => status)).toEqual(['run'])
  await using fine = await comparison([['a', 'same']])
  expect(readCsv(await textOf(csvReporter(), fine)).map(({ status }) => status)).toEqual(['pass', 'pass'])
})
