import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import {
  type AuditHeader,
  type AuditRow,
  createAuditNdjsonWriter,
  createNdjsonWriter,
  readAuditNdjson,
  readNdjson,
} from '../../src/report/index.js'
import { makeAuditFinding, makeAuditResult } from './make-audit-result.js'
import { makeResult } from './make-result.js'

const header: AuditHeader = { kind: 'audit', asOf: '2026-11-22T20:00:00.000Z', policy: 'p.yaml', rules: ['a', 'b'] }
const shorts = ['fail high', 'fail low waived', 'pass', 'unknown'] as const
const findings = shorts.map((short) => makeAuditFinding(short, `line\u2028end \udc80 \n${short}`))
const result = makeAuditResult(shorts)

const sinkOf = (lines: string[]): Writable =>
  new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(...String(chunk).trimEnd().split('\n'))
      done()
    },
  })
const written = async (): Promise<string[]> => {
  const lines: string[] = []
  const writer = createAuditNdjsonWriter(sinkOf(lines), header)
  await writer.write(findings.slice(0, 1))
  await writer.write(findings.slice(1))
  await writer.end(result)
  return lines
}
const readAll = async (lines: Iterable<string>): Promise<AuditRow[]> => {
  const rows: AuditRow[] = []
  for await (const row of readAuditNdjson(lines)) rows.push(row)
  return rows
}

describe('NDJSON rows of an audit', () => {
  it('come back as they went in', async () => {
    expect(await readAll(await written())).toEqual([
      { type: 'header', header },
      ...findings.map((finding) => ({ type: 'finding', finding })),
      { type: 'end', result },
    ])
  })

  it('are as many as the result counts, unless it was stopped', async () => {
    const lines = await written()
    await expect(readAll(lines.toSpliced(2, 1))).rejects.toMatchObject({
      code: 'corrupt',
      message: 'Line 5 of the report rows tells of 4 findings, but 3 rows of findings come before it.',
    })
    const end = (more: object): string => JSON.stringify({ type: 'end', result: { ...result, ...more } })
    const stopped = lines.toSpliced(2, 1).toSpliced(-1, 1, end({ incomplete: [{ reason: 'aborted' }] }))
    expect(await readAll(stopped)).toHaveLength(5)
    const undiscovered = lines.toSpliced(2, 1).toSpliced(-1, 1, end({ incomplete: [{ reason: 'discovery' }] }))
    await expect(readAll(undiscovered)).rejects.toThrow('4 findings')
  })

  it.each([
    ['a header without rules', 0, '{"schema":"backproof.audit/v1","type":"header"}', /^Line 1 .*without rules/],
    ['a finding without target', 1, '{"type":"finding","rule":"a","status":"pass"}', /^Line 2 .*without rule, target/],
    ['an end of another schema', 5, '{"type":"end","result":{"schema":"x"}}', /^Line 6 .*backproof\.audit\/v1/],
  ])('say where %s is', async (_, at, line, message) => {
    await expect(readAll((await written()).toSpliced(at, 1, line))).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(message),
    })
  })

  it('are told apart from those of a comparison', async () => {
    const lines: string[] = []
    await createNdjsonWriter(sinkOf(lines), { kind: 'compare', source: 'a', replicas: [] }).end(makeResult())
    await expect(readAll(lines)).rejects.toThrow(
      'has the schema "backproof.report/v1"; this version reads backproof.audit/v1',
    )
    await expect(readNdjson(await written()).next()).rejects.toThrow('this version reads backproof.report/v1')
  })
})
