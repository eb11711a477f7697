import type { AuditFinding } from '@backproof/core/audit'
import { explain, type ObjectFinding } from '@backproof/core/report'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ReportDocument, type ReportRow, reportRows, rowOf, standingOf, statusCounts } from '../../src/index.js'
import { type Assets, auditOf, VERDICTS } from '../support/audits.js'
import { hostileName } from '../support/hostile.js'
import { comparison, STATES, verification } from '../support/proofs.js'

const rowsOf = async (document: ReportDocument): Promise<ReportRow[]> => {
  const rows: ReportRow[] = []
  for await (const page of reportRows(document)) rows.push(...page)
  return rows
}
const findingsOf = async (document: ReportDocument): Promise<(AuditFinding | ObjectFinding)[]> => {
  const findings: (AuditFinding | ObjectFinding)[] = []
  for await (const page of document.rows()) findings.push(...page)
  return findings
}
const states = STATES.map((state) => [state, state] as const)

describe('rows of a comparison', () => {
  it('have the status and the severity of their outcome', async () => {
    await using document = await comparison(states)
    const rows = (await rowsOf(document)).filter(({ subject }) => subject === 'memory://copy')
    expect(rows.map(({ target, rule, status, severity }) => [target.id, rule, status, severity])).toEqual([
      ['changing', 'compare/changed', 'unknown', 'medium'],
      ['damaged', 'compare/unreadable', 'fail', 'critical'],
      ['denied', 'compare/error', 'error', 'medium'],
      ['device', 'compare/mismatch', 'fail', 'critical'],
      ['differs', 'compare/mismatch', 'fail', 'critical'],
      ['extra', 'compare/extra', 'fail', 'medium'],
      ['gone', 'compare/missing', 'fail', 'high'],
      ['same', 'compare/match', 'pass', 'info'],
    ])
  })

  it('do not count what the run allows, neither way', async () => {
    await using document = await comparison([['new', 'extra']], { extras: 'allow' })
    const [row] = await rowsOf(document)
    expect(row).toMatchObject({ status: 'not-applicable', severity: 'info', rule: 'compare/extra' })
    expect(row?.action).toBeUndefined()
  })

  it('are told in the words of explain, and say what to do where nothing is proven', async () => {
    await using document = await verification(states)
    const { result } = document.report
    for (const finding of (await findingsOf(document)) as ObjectFinding[]) {
      const row = rowOf(finding, document)
      const { sentences } = explain(finding, result)
      expect(sentences).toContain(`${row.text}.`)
      expect(row.evidence.filter((line) => !sentences.includes(line))).toEqual([])
      expect(row.action === undefined).toBe(row.status === 'pass')
      expect(row.subject).toBeUndefined()
    }
  })

  it('have the same fingerprint in the next run, and another for another key, copy or outcome', async () => {
    await using first = await comparison(states)
    await using again = await comparison(states)
    const prints = (await rowsOf(first)).map(({ fingerprint }) => fingerprint)
    expect((await rowsOf(again)).map(({ fingerprint }) => fingerprint)).toEqual(prints)
    expect(new Set(prints).size).toBe(prints.length)
    for (const print of prints) expect(print).toMatch(/^[0-9a-f]{32}$/)
    await using other = await comparison([['same', 'differs']])
    expect(prints).not.toContain((await rowsOf(other))[0]!.fingerprint)
  })

  it('take an outcome of a newer version for unknown, never for a pass', async () => {
    await using document = await comparison([['a', 'same']])
    const finding = { key: 'a', replica: 0, outcome: 'sparkling', reason: 'bytes' } as unknown as ObjectFinding
    expect(rowOf(finding, document)).toMatchObject({ status: 'unknown', severity: 'medium', rule: 'compare/sparkling' })
  })
})

describe('rows of an audit', () => {
  const assets: Assets = VERDICTS.map((said) => ({ id: said, said, severity: 'high', quoted: 'q' }))

  it('say what the finding says, with the title of its rule and where its target is declared', async () => {
    await using document = await auditOf(assets)
    const rows = await rowsOf(document)
    expect(rows.find(({ status }) => status === 'fail')).toEqual({
      status: 'fail',
      severity: 'high',
      rule: 'told-rule',
      title: 'What is said of an asset',
      target: { kind: 'asset', id: 'fail' },
      subject: 'q',
      message: 'bad',
      text: 'q is bad',
      evidence: ['job-run q  2026-11-20T01:00:00.000Z  status=q'],
      evidenceOmitted: 0,
      action: 'Mend what is quoted',
      location: { file: 'fail.yaml', line: 2 },
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
    expect(rows.find(({ waiver }) => waiver !== undefined)).toMatchObject({
      status: 'fail',
      waiver: { id: 'w0', approver: 'q', expires: '2026-12-01T23:59:59.999Z' },
    })
  })

  it('say what to do unless they pass or do not apply, and which fact is lost', async () => {
    await using document = await auditOf(assets)
    for (const { status, action } of await rowsOf(document))
      expect(action === undefined).toBe(status === 'pass' || status === 'not-applicable')
    const lost = (await rowsOf(document)).find(({ status }) => status === 'unknown')
    expect(lost?.evidence).toEqual(['store.lock is unknown: not-collected'])
  })

  it('say what would decide them, where nothing failed', async () => {
    await using document = await auditOf([{ id: 'a', said: 'lost', severity: 'high', quoted: 'q' }])
    const findings = (await findingsOf(document)) as AuditFinding[]
    const lost = findings.find(({ status }) => status === 'unknown')!
    const actionOf = (...facts: readonly Partial<(typeof lost.facts & object)[number]>[]): string | undefined =>
      rowOf({ ...lost, facts: facts.map((fact) => ({ ...lost.facts![0]!, ...fact })) }, document).action
    expect(actionOf({ token: 'job.runs' }, { token: 'other', state: 'known' })).toBe(
      'Add histories.jobs, for example `- file: runs.jsonl`, to the policy',
    )
    expect(actionOf({ reason: 'timeout' }, { reason: 'throttled' }, { reason: 'stale' })).toBe(
      'Run again later; give one that was made later, or accept its age (`maxAge`)',
    )
    expect(actionOf({ reason: 'failed' })).toBe('Give the audit what it could not read, and audit again')
    expect(actionOf({ state: 'known' })).toBe(
      'Add to the policy or the histories what it says is missing, and audit again',
    )
  })

  it('name a missing permission as what to grant', async () => {
    await using document = await auditOf([{ id: 'a', said: 'lost', severity: 'high', quoted: 'q' }])
    const findings = (await findingsOf(document)) as AuditFinding[]
    const lost = findings.find(({ status }) => status === 'unknown')!
    const denied = {
      ...lost,
      facts: [{ ...lost.facts![0]!, reason: 'denied', missingPermission: 's3:GetBucketVersioning' }],
    }
    expect(rowOf(denied, document)).toMatchObject({
      action: 'Grant s3:GetBucketVersioning',
      evidence: ['store.lock is unknown: denied; s3:GetBucketVersioning is missing'],
    })
  })

  it('say that they rest on a sample', async () => {
    await using document = await auditOf([{ id: 'a', said: 'pass', severity: 'high', quoted: 'q' }])
    const finding = ((await findingsOf(document)) as AuditFinding[]).find(({ status }) => status === 'pass')!
    const { evidence } = rowOf({ ...finding, sampled: { taken: 5, of: 100 } }, document)
    expect(evidence).toEqual(['it rests on a sample: 5 of 100'])
  })

  it('hold no secret', async () => {
    const secret = 'https://x.example/?sig=c2VjcmV0'
    await using document = await auditOf([{ id: 'a', said: 'waived', severity: 'high', quoted: secret }])
    const finding = ((await findingsOf(document)) as AuditFinding[]).find(({ status }) => status === 'fail')!
    const leaking = {
      ...finding,
      text: secret,
      action: secret,
      evidence: [{ kind: 'x', id: secret }],
      waiver: { ...finding.waiver!, reason: secret, approver: secret },
    }
    expect(JSON.stringify(rowOf(leaking, document))).not.toContain('c2VjcmV0')
  })

  it('have a title for findings about waivers', async () => {
    const waiver = { id: 'w', select: { rule: 'told-rule' }, reason: 'r', approver: 'a', expires: '2026-12-01' }
    await using document = await auditOf([], { waivers: [waiver] })
    expect((await rowsOf(document)).find(({ rule }) => rule === 'waiver-valid')?.title).toBe('Waivers hold')
  })
})

it('counts of the result are those of the rows, and a standing is that of its row', async () => {
  const run = async (document: ReportDocument): Promise<void> => {
    const rows = await rowsOf(document)
    const { statuses, waived, failing, findings } = statusCounts(document)
    expect(findings).toBe(rows.length)
    for (const [status, count] of Object.entries(statuses))
      expect(rows.filter((row) => row.status === status)).toHaveLength(count)
    expect(rows.filter(({ waiver }) => waiver !== undefined)).toHaveLength(waived)
    for (const [severity, count] of Object.entries(failing))
      expect(
        rows.filter((row) => row.status === 'fail' && row.severity === severity && row.waiver === undefined),
      ).toHaveLength(count)
    for (const [i, finding] of (await findingsOf(document)).entries()) {
      const { status, severity, waiver } = rows[i]!
      expect(standingOf(finding, document)).toEqual({ status, severity, waived: waiver !== undefined })
    }
  }
  const keys = fc.uniqueArray(hostileName, { maxLength: 6 })
  const state = fc.constantFrom(...STATES)
  await fc.assert(
    fc.asyncProperty(keys, fc.array(state, { minLength: 6, maxLength: 6 }), fc.boolean(), async (names, all, allow) => {
      const choices = { extras: allow ? 'allow' : 'fail' } as const
      await using document = await comparison(
        names.map((name, i) => [name, all[i]!]),
        choices,
      )
      await run(document)
    }),
    { numRuns: 20 },
  )
  await using audited = await auditOf(VERDICTS.map((said) => ({ id: said, said, severity: 'high', quoted: 'q' })))
  await run(audited)
})
