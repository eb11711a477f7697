import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { proofReports, reportFiles } from '@backproof/core/history'
import { expect, it } from 'vitest'
import { jsonReporter } from '../../src/index.js'
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
