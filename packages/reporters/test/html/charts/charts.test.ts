import type { Measured } from '@backproof/core/audit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AuditDocument, htmlReporter, type Kept } from '../../../src/index.js'
import { auditOf } from '../../support/audits.js'
import { comparison } from '../../support/proofs.js'
import { textContent } from '../../support/rendered.js'
import { textOf } from '../../support/text-of.js'
import { MEASURES } from '../measured.js'

let audit: Kept<AuditDocument>
beforeAll(async () => {
  audit = await auditOf([{ id: 'shop', said: 'pass', severity: 'low', quoted: 'run' }])
})
afterAll(() => audit[Symbol.asyncDispose]())

/** The section of charts of an audit that measured this; empty where there is none. */
const measured = async (measures: Readonly<Record<string, Measured>> | undefined): Promise<string> => {
  const { report } = audit
  const text = await textOf(htmlReporter(), { ...audit, report: { ...report, result: { ...report.result, measures } } })
  return /<section id="charts".*?<\/section>/s.exec(text)?.[0] ?? ''
}

const job = { day: '2026-01-01', ended: 50, succeeded: 48, medianMinutes: null, bytes: 3e12 }

describe('charts', () => {
  it('are of everything that was measured, and say in words what they show', async () => {
    const text = await measured(MEASURES)
    expect(text.match(/<svg class="chart"/g)).toHaveLength(5)
    expect(text).toContain(
      'role="img" aria-label="Success rate of backup jobs by day: 3,573 of 3,600 runs succeeded (99.2 %); 3 days are below 98 %."',
    )
    expect(text).toContain('Capacity: only a part of the facts could be read.')
    expect(text).toContain('91.3 % full on 2026-03-01; on 17 days above 80 %.')
    expect(text).toContain('no limit is known')
    expect(text).toContain('2 further stores not shown')
    expect(text).toContain('700 read · 200 stored · 50 claimed · 3 size only · 9 not proven')
    expect(text).toContain('nothing was looked at')
  })

  it('have a table of the same numbers', async () => {
    const text = await measured({ 'job-days': { description: '', value: { days: [job] } as never } })
    const [, row = ''] = /<tbody>\s*<tr>(.*?)<\/tr>/s.exec(text) ?? []
    expect([...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) => cell)).toEqual([
      '2026-01-01',
      '50',
      '48',
      '96 %',
      'not known',
      '3.00 TB',
    ])
  })

  it('say why something is not known, and draw nothing that has another shape', async () => {
    for (const [unknown, why] of [
      ['job.runs: denied', 'job.runs may not be read'],
      ['job.runs: not-collected, other: strange', 'no collector gives job.runs, other: strange'],
      ['the rule of nobody threw: this', 'the rule of nobody threw: this'],
    ] as const)
      expect(await measured({ 'job-days': { description: '', unknown } })).toContain(
        `Backup jobs: not known, as ${why}.`,
      )
    const odd: readonly unknown[] = [
      { days: [{ ...job, ended: -1 }] },
      { days: [{ ...job, day: '<b>' }] },
      { days: [{ ...job, bytes: 'many' }] },
      { days: [{ ...job, succeeded: Number.POSITIVE_INFINITY }] },
      { days: 1 },
      null,
      [],
      'text',
    ]
    for (const value of odd) {
      const text = await measured({ 'job-days': { description: '', value: value as never } })
      expect(text).toContain('Backup jobs: not known, as what job-days came to has a shape that is not known here.')
      expect(text).not.toContain('<svg')
    }
  })

  it('draw no line of what nobody says, which would look like zeros', async () => {
    const text = await measured({
      'job-days': { description: '', value: { days: [{ ...job, bytes: null }] } as never },
    })
    expect(text).toContain('Median of the day; nobody says how much.')
    expect(text).toContain('Bytes read from sources in a day; nobody says how much.')
    expect(text.match(/<svg class="chart"/g)).toHaveLength(1)
  })

  it('say that there is nothing to draw where nothing was measured, and stand nowhere when nobody asked', async () => {
    expect(await measured({ 'job-days': { description: '', value: { days: [] } } })).toContain(
      'there is nothing to draw',
    )
    expect(await measured(undefined)).toBe('')
    expect(await measured({ other: { description: '', value: 1 } })).toBe('')
  })

  it('of a comparison show its own matches by grade', async () => {
    await using document = await comparison([
      ['a', 'same'],
      ['b', 'differs'],
    ])
    const text = textContent(await textOf(htmlReporter(), document))
    expect(text).toMatch(/memory:\/\/copy 2026-11-22 20:00:00 UTC\s+1 read · 1 not proven/)
  })
})
