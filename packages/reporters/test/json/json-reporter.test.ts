import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clauseView } from '@backproof/core/audit'
import { proofReports, reportFiles } from '@backproof/core/history'
import { expect, it } from 'vitest'
import { jsonReporter, reporterOf } from '../../src/index.js'
import { auditOf, FRAMEWORKS } from '../support/audits.js'
import { HOSTILE } from '../support/hostile.js'
import { comparison } from '../support/proofs.js'
import { textOf } from '../support/text-of.js'

it('is the report, and nothing in it drives a terminal', async () => {
  await using document = await comparison(HOSTILE.map((key) => [key, 'gone']))
  const text = await textOf(jsonReporter(), document)
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(document.report)))
  expect(text).not.toMatch(/[^\n -~\u00a0-\u200a\u2010-\u2027\u202f-\u205f\u206a-\ufefe\uff00-\uffff]/u)
  expect(text.endsWith('}\n')).toBe(true)
})

it('is what audits read as evidence', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'backproof-json-'))
  try {
    await using document = await comparison([['a', 'same']])
    const path = join(directory, 'report.json')
    writeFileSync(path, await textOf(jsonReporter(), document))
    const facts = await reportFiles({ paths: [path] }).collect({
      tokens: [proofReports],
      target: { kind: 'estate', id: 'estate' },
      signal: new AbortController().signal,
      now: 0,
    } as never)
    expect(JSON.stringify(facts)).toContain(document.report.result.optionsHash)
  } finally {
    rmSync(directory, { recursive: true })
  }
})

it('tells an audit by the clauses of frameworks, where these are asked for, and nothing else', async () => {
  await using document = await auditOf([{ id: 'shop', said: 'pass', severity: 'high', quoted: '' }])
  const reporter = await reporterOf('json', { frameworks: FRAMEWORKS })
  const told = JSON.parse(await textOf(reporter, document)) as { readonly clauses: unknown }
  expect(told.clauses).toEqual(FRAMEWORKS.map((framework) => clauseView(document.report.result, framework)))
  expect(Object.keys(JSON.parse(await textOf(jsonReporter(), document)) as object)).toEqual(['result', 'telemetry'])
  await using other = await comparison([['a', 'same']])
  expect(Object.keys(JSON.parse(await textOf(reporter, other)) as object)).toEqual(['result', 'telemetry'])
})

it('so does text for people', async () => {
  await using document = await auditOf([{ id: 'shop', said: 'pass', severity: 'high', quoted: '' }])
  const text = await textOf(await reporterOf('terminal', { frameworks: FRAMEWORKS }), document)
  expect(text).toContain('\nWhich rule speaks to which clause is a working proposal, which an auditor has to review.\n')
})
