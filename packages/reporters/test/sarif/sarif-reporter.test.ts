import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  codeScanningReporter,
  documentOf,
  type ReportDocument,
  reportRows,
  sarifReporter,
  statusCounts,
} from '../../src/index.js'
import { expectedOf } from '../support/read-back.js'
import { type Samples, samples } from '../support/samples.js'
import { textOf } from '../support/text-of.js'
import { sarifSchema, validated } from './multitool.js'
import { readSarif, type SarifRun, sarifSays } from './read-sarif.js'

let all: Samples
beforeAll(async () => {
  all = await samples()
})
afterAll(() => all[Symbol.asyncDispose]())

type Options = Parameters<typeof sarifReporter>[0]
const written = (document: ReportDocument, options?: Options): Promise<string> =>
  textOf(sarifReporter(options), document)
const read = async (document: ReportDocument, options?: Options): Promise<SarifRun> =>
  readSarif(await written(document, options))

describe('the file', () => {
  it('is valid by the published schema', async () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
    const isValid = ajv.compile(await sarifSchema())
    const texts = [
      ...(await Promise.all(all.all.map((document) => written(document)))),
      await written(all.audit, { failOnly: true, file: 'policy.yaml', limit: 3 }),
    ]
    for (const text of texts) {
      isValid(JSON.parse(text))
      expect(isValid.errors).toBeNull()
    }
    expect(isValid(JSON.parse((await written(all.audit)).replace('"kind":"fail"', '"kind":"failed"')))).toBe(false)
  })

  it('is without fault to the SARIF multitool, but that the project has no home page', async () => {
    const good = await Promise.all([all.audit, all.compare, all.noAssets].map((document) => written(document)))
    // It does look: this index is not that of the rule.
    const wrong = good[1]!.replace(/"ruleIndex":\d+/, '"ruleIndex":77')
    const said = await validated([...good, wrong])
    expect(said.filter(({ file, rule }) => file < good.length && rule !== 'SARIF2005')).toEqual([])
    expect(said.map(({ file, rule }) => `${file} ${rule}`)).toContain(`${good.length} SARIF1009`)
  })

  it('agrees with the result, read back', async () => {
    for (const document of all.all) expect(sarifSays(await written(document))).toEqual(expectedOf(document))
  })

  it('is the same each time', async () => {
    for (const document of all.all) expect(await written(document)).toBe(await written(document))
  })
})

describe('a result', () => {
  it('has a level only where it fails, by its severity', async () => {
    const { results } = await read(all.audit)
    const levels = { critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note' }
    for (const { kind, level, properties } of results) {
      expect(level).toBe(kind === 'fail' ? levels[properties.severity as 'low'] : 'none')
    }
    expect(new Set(results.map(({ level }) => level))).toEqual(new Set(['error', 'warning', 'note', 'none']))
  })

  it('points at its rule, the line that declares its target, and the target', async () => {
    const { results, tool } = await read(all.audit)
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex!]!.id).toBe(ruleId)
    const one = results.find(({ message }) => message.text.startsWith('asset shop-1 (run 1): '))!
    expect(one.message.text).toBe('asset shop-1 (run 1): run 1 is bad. What to do: Mend what is quoted.')
    expect(one.locations).toEqual([
      {
        physicalLocation: { artifactLocation: { uri: 'shop-1.yaml' }, region: { startLine: 2 } },
        logicalLocations: [{ name: 'shop-1', fullyQualifiedName: 'asset/shop-1/run 1', kind: 'asset' }],
      },
    ])
    expect(one.properties).toMatchObject({
      status: 'fail',
      evidence: ['job-run run 1  2026-11-20T01:00:00.000Z  status=run 1'],
      action: 'Mend what is quoted',
    })
  })

  it('of an object has no file', async () => {
    const { results, tool } = await read(all.compare)
    expect(results.filter(({ locations }) => locations[0]!.physicalLocation !== undefined)).toEqual([])
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex!]!.id).toBe(ruleId)
  })

  it('that is waived fails still, and is suppressed with the reason', async () => {
    const { results } = await read(all.audit)
    const [waived] = results.filter(({ message }) => message.text.startsWith('asset shop-2 '))
    expect(waived).toMatchObject({
      kind: 'fail',
      level: 'warning',
      suppressions: [
        {
          kind: 'external',
          status: 'accepted',
          justification: 'accepted: run 2 (approved by run 2, until 2026-12-01T23:59:59.999Z)',
          properties: { waiver: 'w0', ticket: 'T-1' },
        },
      ],
    })
  })

  it('has the fingerprint of its row', async () => {
    const [fingerprints, rows] = [new Set<string>(), new Set<string>()]
    for (const { partialFingerprints } of (await read(all.verify)).results) {
      fingerprints.add(partialFingerprints['backproofRow/v1']!)
      expect(partialFingerprints['primaryLocationLineHash']).toBe(partialFingerprints['backproofRow/v1'])
    }
    for await (const page of reportRows(all.verify)) {
      for (const row of page) if (row.status !== 'error') rows.add(row.fingerprint)
    }
    expect(fingerprints).toEqual(rows)
  })
})

describe('rules', () => {
  it('say why they matter and what to do, and relate to clauses', async () => {
    const { tool, taxonomies } = await read(all.audit)
    const rule = tool.driver.rules.find(({ id }) => id === 'told-rule')!
    expect(rule.help!.text).toBe('To be read back. What to do: Mend what is quoted.')
    expect(rule.properties['clauses']).toEqual([{ framework: 'nist-800-53', clause: 'CP-9', strength: 'partial' }])
    expect(rule.properties['security-severity']).toBe('2.0')
    const { target } = rule.relationships![0]!
    expect(taxonomies![target.toolComponent.index]!.name).toBe(target.toolComponent.name)
    expect(taxonomies![target.toolComponent.index]!.taxa[target.index]!.id).toBe(target.id)
  })

  it('all have what GitHub asks of a rule', async () => {
    for (const document of [all.audit, all.compare]) {
      for (const { id, ...rule } of (await read(document)).tool.driver.rules) {
        expect(rule, id).toMatchObject({
          shortDescription: { text: expect.stringMatching(/\w\.$/) as string },
          fullDescription: { text: expect.stringMatching(/\w\.$/) as string },
          help: { text: expect.stringMatching(/\w\.$/) as string },
        })
      }
    }
  })

  it('have the level of what they find', async () => {
    const { tool } = await read(all.compare)
    const levels = Object.fromEntries(tool.driver.rules.map((rule) => [rule.id, rule.defaultConfiguration.level]))
    expect(levels).toMatchObject({
      'compare/mismatch': 'error',
      'compare/missing': 'error',
      'compare/extra': 'warning',
    })
  })
})

describe('the invocation', () => {
  it('fails where a rule or an object ended in an error, and tells each', async () => {
    const [{ executionSuccessful, toolExecutionNotifications }] = (await read(all.audit)).invocations
    expect(executionSuccessful).toBe(false)
    expect(toolExecutionNotifications).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: {
          text: 'asset shop-5: the rule failed: broken by run 5. What to do: See to what the message says, and audit again.',
        },
        descriptor: { id: 'rule-threw' },
        associatedRule: { id: 'told-rule', index: 1 },
      }),
    )
  })

  it('has the exit code of the run and its sentence', async () => {
    expect((await read(all.proven)).invocations[0]).toMatchObject({
      executionSuccessful: true,
      exitCode: 0,
      toolExecutionNotifications: [],
    })
    const nothing = (await read(all.nothing)).invocations[0]
    expect(nothing.exitCode).toBe(3)
    expect(nothing.exitCodeDescription).toMatch(/^NOT proven/)
  })

  it('fails where the run is incomplete, and says so', async () => {
    const { report } = all.proven
    const result = { ...report.result, complete: false, incomplete: [{ reason: 'aborted' as const }] }
    const [invocation] = (await read(documentOf({ ...report, result }))).invocations
    expect(invocation).toMatchObject({ executionSuccessful: false, exitCode: 3 })
    expect(invocation.toolExecutionNotifications.map(({ level, descriptor }) => [level, descriptor.id])).toEqual([
      ['error', 'incomplete/aborted'],
      ['warning', 'rows-omitted'],
    ])
  })

  it('tells an alert of the run', async () => {
    const { report } = all.proven
    const alerts = [{ alert: 'mass-change' as const, by: ['objects' as const], message: 'MASS CHANGE: look' }]
    const [invocation] = (await read(documentOf({ ...report, result: { ...report.result, alerts } }))).invocations
    expect(invocation.toolExecutionNotifications).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        descriptor: { id: 'mass-change' },
        message: { text: 'MASS CHANGE: look.' },
      }),
    )
  })
})

describe('failOnly', () => {
  it('leaves what fails without a waiver, each with a file', async () => {
    const { results } = await read(all.audit, { failOnly: true, file: 'backproof.yaml' })
    const { statuses, waived } = statusCounts(all.audit)
    expect(results).toHaveLength(statuses.fail - waived)
    expect(results.filter(({ kind, suppressions }) => kind !== 'fail' || suppressions !== undefined)).toEqual([])
    const objects = (await read(all.compare, { failOnly: true, file: 'a b.yaml' })).results
    expect(new Set(objects.map(({ locations }) => JSON.stringify(locations[0]!.physicalLocation)))).toEqual(
      new Set(['{"artifactLocation":{"uri":"a%20b.yaml"},"region":{"startLine":1}}']),
    )
  })
})

describe('the file for code scanning', () => {
  it('is that of what fails, and every result has a file', async () => {
    for (const document of all.all) {
      const text = await textOf(codeScanningReporter(), document)
      expect(text).toBe(await written(document, { failOnly: true, file: 'backproof' }))
      const { results } = readSarif(text)
      expect(results.filter(({ locations }) => locations[0]?.physicalLocation === undefined)).toEqual([])
    }
    expect(codeScanningReporter().format).toBe('code-scanning')
  })
})

describe('limit', () => {
  it('keeps the most severe, and says how many are left out', async () => {
    const { results } = await read(all.audit, { failOnly: true })
    const ranks = ['critical', 'high', 'medium', 'low', 'info']
    const rankOf = ({ properties }: SarifRun['results'][number]): number => ranks.indexOf(properties.severity)
    for (const limit of [0, 1, 4, results.length - 1]) {
      const run = await read(all.audit, { failOnly: true, limit })
      expect(run.results.map(rankOf)).toEqual(
        results
          .map(rankOf)
          .sort((a, b) => a - b)
          .slice(0, limit),
      )
      expect(run.invocations[0].toolExecutionNotifications).toContainEqual(
        expect.objectContaining({
          level: 'warning',
          message: { text: `${results.length - limit} results are left out for the limit of the file.` },
        }),
      )
    }
  })

  it('changes nothing where all fit', async () => {
    expect(await written(all.audit, { limit: 1000 })).toBe(await written(all.audit))
  })

  it('keeps what fails before all else', async () => {
    const { results } = await read(all.audit, { limit: 1000 })
    const failing = results.filter(({ kind }) => kind === 'fail')
    const kept = (await read(all.audit, { limit: failing.length })).results
    expect(kept.every(({ kind }) => kind === 'fail')).toBe(true)
  })

  it('has to be a whole number', () => {
    for (const limit of [-1, 1.5, Number.NaN]) expect(() => sarifReporter({ limit })).toThrow(/whole number/)
    expect(() => sarifReporter({ limit: Number.POSITIVE_INFINITY })).not.toThrow()
  })
})
