import { createHash } from 'node:crypto'
import { nist80053 } from '@backproof/core/audit'
import type { ObjectFinding } from '@backproof/core/report'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { STANDINGS } from '../../src/html/page-data.js'
import { documentOf, htmlReporter, statusCounts } from '../../src/index.js'
import { expectedOf } from '../support/read-back.js'
import { type Samples, samples } from '../support/samples.js'
import { textOf } from '../support/text-of.js'
import { readHtml, rowsOf } from './read-html.js'

let all: Samples
beforeAll(async () => {
  all = await samples()
})
afterAll(() => all[Symbol.asyncDispose]())

describe('htmlReporter', () => {
  it('holds every row, and the verdict of the run', async () => {
    for (const document of all.all) {
      expect(readHtml(await textOf(htmlReporter(), document))).toEqual(expectedOf(document))
    }
  })

  it('gives the same bytes for the same document', async () => {
    for (const document of all.all) {
      expect(await textOf(htmlReporter(), document)).toBe(await textOf(htmlReporter(), document))
    }
  })

  it('names its one style and its one script by their hashes, and lets nothing else in', async () => {
    const text = await textOf(htmlReporter(), all.audit)
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1]?.replaceAll('&#39;', "'") ?? ''
    const hash = (inner: string): string => `'sha256-${createHash('sha256').update(inner).digest('base64')}'`
    const scripts = [...text.matchAll(/<script>(.*?)<\/script>/gs)].map(([, inner]) => hash(inner!))
    const styles = [...text.matchAll(/<style>(.*?)<\/style>/gs)].map(([, inner]) => hash(inner!))
    expect([scripts.length, styles.length]).toEqual([1, 1])
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${styles[0]}`,
      `script-src ${scripts[0]}`,
      "base-uri 'none'",
      "form-action 'none'",
    ])
  })

  it('leaves out what passes first where a run has more rows than the file may hold, and says so', async () => {
    const { statuses, waived, findings } = statusCounts(all.audit)
    const open = findings - statuses.pass - statuses['not-applicable']
    const enough = rowsOf(await textOf(htmlReporter({ rows: open + 1 }), all.audit)).map(
      ({ standing }) => STANDINGS[standing],
    )
    expect(enough.filter((standing) => standing === 'pass')).toHaveLength(1)
    expect(enough.filter((standing) => standing === 'waived')).toHaveLength(waived)
    const few = await textOf(htmlReporter({ rows: 2 }), all.audit)
    expect(rowsOf(few).map(({ standing }) => STANDINGS[standing])).toEqual(['fail', 'fail'])
    expect(few).toContain(`${findings - 2} rows of ${findings} are not in this file.`)
  })

  it('says which rows a result did not keep', async () => {
    const { result, telemetry } = all.compare.report
    const few = documentOf({
      result: { ...result, findings: result.findings.slice(0, 3), findingsOmitted: result.findings.length - 3 },
      telemetry,
    })
    expect(few.rowsOmitted).toBe(result.totals.findings - 3)
    expect(await textOf(htmlReporter(), few)).toContain(
      `${few.rowsOmitted} rows of ${result.totals.findings} are not in this file.`,
    )
  })

  it('shows clauses of the frameworks that are asked for, by default of those that rules speak to', async () => {
    const frameworks = async (...options: Parameters<typeof htmlReporter>): Promise<number> =>
      (await textOf(htmlReporter(...options), all.audit)).split('<details class="framework').length - 1
    expect(await frameworks()).toBe(1)
    expect(await frameworks({ frameworks: [] })).toBe(0)
    expect(
      await frameworks({ frameworks: [nist80053, { id: 'own', title: 'Our own', version: '1', clauses: { a: 'b' } }] }),
    ).toBe(2)
  })

  it('refuses a number of rows that is none', () => {
    for (const rows of [0, -1, 1.5, Number.NaN]) {
      expect(() => htmlReporter({ rows })).toThrowError(expect.objectContaining({ code: 'invalid-config' }))
    }
  })

  it('goes through the rows twice, as they come, and holds none but the first open ones', async () => {
    const { report } = all.proven
    const { totals } = report.result
    const pages = 30
    const findings = Array.from(
      { length: 50 },
      (_, i) => ({ ...report.result.findings[0], key: `k${i}` }) as ObjectFinding,
    )
    const many = findings.map((finding) => ({ ...finding, outcome: 'match' as const, reason: 'digest' as const }))
    const outcomes = { ...totals.outcomes, match: pages * many.length }
    const result = { ...report.result, totals: { ...totals, findings: outcomes.match, outcomes } }
    let given = 0
    async function* rows(): AsyncGenerator<readonly ObjectFinding[]> {
      for (let i = 0; i < pages; i++) {
        given += 1
        yield many
      }
    }
    let written = 0
    for await (const piece of htmlReporter().render({ ...all.proven, report: { ...report, result }, rows })) {
      if (!piece.startsWith('<script type="application/json"')) continue
      written += 1
      expect(given).toBe(pages + written)
    }
    expect([given, written]).toEqual([2 * pages, pages])
  })
})
