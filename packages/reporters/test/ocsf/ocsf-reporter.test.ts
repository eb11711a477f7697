import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentOf, ocsfReporter, type ReportDocument, reportRows } from '../../src/index.js'
import { expectedOf } from '../support/read-back.js'
import { type Samples, samples } from '../support/samples.js'
import { textOf } from '../support/text-of.js'
import { type OcsfEvent, ocsfSays, readOcsf } from './read-ocsf.js'
import { CAPTIONS, COMPLIANCE_CAPTIONS, complianceFinding } from './schema.js'

let all: Samples
beforeAll(async () => {
  all = await samples()
})
afterAll(() => all[Symbol.asyncDispose]())

const written = (document: ReportDocument): Promise<string> => textOf(ocsfReporter(), document)
const eventsOf = async (document: ReportDocument): Promise<readonly OcsfEvent[]> => readOcsf(await written(document))

describe('the file', () => {
  it('has events that the schema of the class permits, and nothing that it does not know', async () => {
    const isValid = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(complianceFinding)
    for (const document of all.all) {
      for (const event of await eventsOf(document)) {
        isValid(event)
        expect(isValid.errors).toBeNull()
      }
    }
    const [event] = await eventsOf(all.audit)
    expect(isValid({ ...event, unmapped: {} })).toBe(false)
    expect(isValid({ ...event, time: '2026' })).toBe(false)
  })

  it('agrees with the result, read back', async () => {
    for (const document of all.all) expect(ocsfSays(await written(document))).toEqual(expectedOf(document))
  })

  it('is the same each time', async () => {
    for (const document of all.all) expect(await written(document)).toBe(await written(document))
  })

  it('is one array when asked for', async () => {
    for (const document of all.all) {
      const array = JSON.parse(await textOf(ocsfReporter({ form: 'array' }), document)) as unknown
      expect(array).toEqual(await eventsOf(document))
    }
    expect(ocsfReporter({ form: 'array' })).toMatchObject({ mediaType: 'application/json', extension: 'json' })
    expect(ocsfReporter()).toMatchObject({ mediaType: 'application/x-ndjson', extension: 'ndjson' })
  })
})

describe('an event', () => {
  it('says beside each id what it is called', async () => {
    for (const event of [...(await eventsOf(all.audit)), ...(await eventsOf(all.compare))]) {
      for (const [id, [beside, captions]] of Object.entries(CAPTIONS)) {
        expect(event[beside]).toBe(captions[event[id] as number])
      }
      expect(event.type_uid).toBe(event.class_uid * 100 + event.activity_id)
      const { status_id, status } = event.compliance
      expect(status).toBe(status_id && COMPLIANCE_CAPTIONS[status_id])
    }
  })

  const about = async (id: string): Promise<OcsfEvent> =>
    (await eventsOf(all.audit)).find(({ resources, compliance }) => {
      return resources[0].uid === id && compliance.control === (id === 'shop-6' ? 'needy-rule' : 'told-rule')
    })!

  it.each([
    ['shop-0', 'pass', 1, 1],
    ['shop-1', 'fail', 3, 4],
    ['shop-3', 'review', 2, 2],
    ['shop-4', 'not-applicable', undefined, 1],
    ['shop-5', 'error', 2, 2],
    ['shop-6', 'unknown', 2, 2],
  ])('of %s is %s: status %s, severity %s', async (id, code, status, severity) => {
    const { compliance, status_id, status_code, severity_id } = await about(id)
    expect({ code: status_code, status: compliance.status_id, severity: severity_id, status_id }).toEqual({
      ...{ code, status, severity },
      status_id: 1,
    })
    expect(compliance.checks[0].status_id).toBe(status ?? 99)
  })

  it('that is waived is suppressed, and fails still', async () => {
    const { status_id, compliance, status_detail } = await about('shop-2')
    expect(status_id).toBe(3)
    expect(compliance).toMatchObject({ status_id: 3, status: 'Fail', status_code: 'fail' })
    expect(status_detail).toBe('waived until 2026-12-01T23:59:59.999Z: accepted: run 2 (waiver w0, approved by run 2)')
  })

  it('has clauses, parameters, evidence, what to do and the target', async () => {
    const event = await about('shop-1')
    expect(event.compliance).toMatchObject({
      standards: ['NIST SP 800-53, security and privacy controls (revision 5)'],
      requirements: ['nist-800-53 CP-9'],
      status_details: ['run 1 is bad', 'job-run run 1  2026-11-20T01:00:00.000Z  status=run 1'],
      category: 'jobs',
    })
    expect(event.remediation).toEqual({ desc: 'Mend what is quoted' })
    expect(event.resources).toEqual([{ uid: 'shop-1', name: 'shop-1', type: 'asset', labels: ['run 1'] }])
    expect(event.message).toBe('asset shop-1 (run 1): run 1 is bad')
    expect(event.time).toBe(Date.parse('2026-11-22T20:00:00Z'))
    expect(event.metadata).toMatchObject({ version: '1.5.0', product: { name: 'Backproof', version: '0.0.0' } })
  })

  it('has the fingerprint of its row, in the order of the run', async () => {
    const rows: string[] = []
    for await (const page of reportRows(all.verify)) rows.push(...page.map(({ fingerprint }) => fingerprint))
    expect((await eventsOf(all.verify)).slice(1).map(({ finding_info }) => finding_info.uid)).toEqual(rows)
  })
})

describe('the first event', () => {
  const verdictOf = async (document: ReportDocument): Promise<OcsfEvent> => (await eventsOf(document))[0]!

  it('is the run as a whole, which passes only when all is proven', async () => {
    expect((await verdictOf(all.proven)).compliance).toMatchObject({ control: 'backproof/verdict', status: 'Pass' })
    expect((await verdictOf(all.nothing)).compliance.status).toBe('Warning')
    expect((await verdictOf(all.noAssets)).compliance.status).toBe('Warning')
    expect(await verdictOf(all.audit)).toMatchObject({ severity: 'High', compliance: { status: 'Fail' } })
    expect((await verdictOf(all.compare)).message).toMatch(/^NOT proven/)
  })

  it('has the same uid for the same run, and another for another', async () => {
    const uids = await Promise.all(all.all.map(async (one) => (await verdictOf(one)).finding_info.uid))
    expect(uids[1]).toBe(uids[3])
    expect(new Set(uids.slice(0, 3)).size).toBe(3)
  })

  it('says how many rows are not in the file', async () => {
    const { report } = all.compare
    const omitted = report.result.totals.findings - report.result.findings.length
    const { compliance } = await verdictOf(documentOf(report))
    expect(compliance.status_details).toContain(`${omitted} rows of the run are not in this report`)
  })
})
