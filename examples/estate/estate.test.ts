import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type AuditFinding, type AuditResult, audit, givenHistory } from '@backproof/core/audit'
import { capacitySamples, drills, jobRuns, recoveryPoints, reportFiles } from '@backproof/core/history'
import { parsePolicy } from '@backproof/core/policy'
import { exitCode, summarizeAudit } from '@backproof/core/report'
import { recommended } from '@backproof/rules/presets'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NOW } from './calendar.js'
import { buildEstate, type Estate, writeEstate } from './estate.js'
import { type ExpectedRow, FAULTS, type FaultId } from './faults.js'

const here = import.meta.dirname
const { rules } = recommended()

let temp = ''
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'backproof-estate-test-'))
})
afterAll(() => rm(temp, { recursive: true, force: true }))

interface Audited {
  readonly result: AuditResult
  /** That are neither in order nor accepted. */
  readonly rows: readonly AuditFinding[]
}

/** Histories from memory: reading them from files fifty times is not what is tried here. */
const auditOf = async ({ policy: text, jobs, points, drills: restores, capacity, reports }: Estate): Promise<Audited> => {
  const { policy } = parsePolicy(text, { file: join(temp, 'policy.yaml') })
  const told = { observedAt: NOW }
  const run = audit({
    policy,
    rules,
    collectors: [
      givenHistory(jobRuns, jobs, told),
      givenHistory(recoveryPoints, points, told),
      givenHistory(drills, restores, told),
      givenHistory(capacitySamples, capacity, told),
      reportFiles({ paths: reports.map(({ name }) => join(temp, name)) }),
    ],
    now: () => new Date(NOW),
  })
  const rows: AuditFinding[] = []
  for await (const findings of run) rows.push(...findings.filter(isWrong))
  const { result } = await run.report()
  return { result, rows }
}

const isWrong = ({ status, waiver }: AuditFinding): boolean =>
  status !== 'pass' && status !== 'not-applicable' && waiver === undefined

const estateWith = async (ids: readonly FaultId[]): Promise<Audited> => {
  const estate = buildEstate(new Set(ids))
  await writeEstate({ ...estate, jobs: [], points: [], drills: [], capacity: [] }, temp)
  return auditOf(estate)
}

/** Rows that nobody labelled, and labels that no row is for: both have to be empty. */
const differences = (rows: readonly AuditFinding[], labels: readonly ExpectedRow[]) => {
  const lacking = [...labels]
  const unexpected = rows.filter((row) => {
    const at = lacking.findIndex((label) => isFor(label, row))
    if (at >= 0) lacking.splice(at, 1)
    return at < 0
  })
  return { unexpected: unexpected.map(({ rule, target, subject, text }) => [rule, target.id, subject, text]), lacking }
}

const isFor = ({ rule, target, subject, message, status = 'fail' }: ExpectedRow, row: AuditFinding): boolean =>
  row.rule === rule &&
  row.target.id === target &&
  row.message === message &&
  row.status === status &&
  (subject === undefined || row.subject === subject)

const NOTHING = { unexpected: [], lacking: [] }

describe('the estate', () => {
  it('without faults passes: nothing is undecided, and what fails was accepted', async () => {
    const { result, rows } = await estateWith([])
    expect(rows).toEqual([])
    expect(exitCode(result)).toBe(0)
    expect(result.totals).toMatchObject({ statuses: { fail: 1, unknown: 0, review: 0, error: 0 }, waived: 1 })
    expect(result.totals.statuses.pass).toBeGreaterThan(500)
    expect(summarizeAudit(result).sentence).toMatch(/^Proven but for 1 waived failure: /)
    expect(result.histories.map(({ unassigned, duplicates }) => unassigned + duplicates)).toEqual([0, 0, 0, 0])
  })

  it('with all faults shows exactly these, each with evidence and what to do', async () => {
    const { result, rows } = await estateWith(FAULTS.map(({ id }) => id))
    expect(differences(rows, FAULTS.flatMap((fault) => fault.rows))).toEqual(NOTHING)
    expect(exitCode(result)).toBe(1)
    for (const { rule, status, evidence = [], action } of rows) {
      expect(evidence.length, rule).toBeGreaterThan(0)
      if (status === 'fail') expect(action, rule).not.toBe('')
    }
    const failed = new Set(rows.map(({ rule }) => rule))
    expect(rules.map(({ name }) => name).filter((name) => !failed.has(name))).toEqual([])
  })

  it.each(FAULTS)('with one fault left shows that one: $wrong', async ({ id, rows: labels }) => {
    const { rows } = await estateWith([id])
    expect(differences(rows, labels)).toEqual(NOTHING)
  })

  it('is the same for the same faults', () => {
    const faults = new Set(FAULTS.map(({ id }) => id))
    expect(buildEstate(faults)).toEqual(buildEstate(faults))
  })

  it('shares no code with the rules: its modules import types and writers, and each other', async () => {
    const files = (await readdir(here)).filter((name) => !/^audit-estate|test\.ts$/.test(name) && name.endsWith('.ts'))
    const imports = new Set<string>()
    for (const file of files) {
      const text = await readFile(join(here, file), 'utf8')
      for (const [, types, from = ''] of text.matchAll(/^import (type )?[^'"]*?from '([^']+)'/gms))
        imports.add(types === undefined ? from : `type ${from}`)
      expect(text, file).not.toMatch(/import\(|require\(|export [^'"\n]* from/)
    }
    expect([...imports].filter((from) => !/^(?:type )?(?:\.\/|node:)/.test(from)).toSorted()).toEqual([
      '@backproof/core/history',
      'type @backproof/core/audit',
      'type @backproof/core/history',
      'type @backproof/core/report',
      'yaml',
    ])
  })
})

/** As users do, against the built packages. */
const execute = async (...command: readonly string[]) => {
  const done = promisify(execFile)(process.execPath, command, { cwd: join(here, '../..'), maxBuffer: 2 ** 24 })
  return done.then(
    ({ stdout }) => ({ code: 0, lines: stdout.trimEnd().split('\n') }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, lines: stdout.trimEnd().split('\n') }),
  )
}

describe('the program of the guide', () => {
  beforeAll(() => {
    for (const name of ['core', 'reporters', 'rules', 'cli'])
      if (!existsSync(join(here, '../../packages', name, 'dist/index.js')) && name !== 'cli')
        throw new Error(`packages/${name} is not built, and examples run against built packages: npm run build`)
  })

  it('prints the report, and writes it as a page', async () => {
    const page = join(temp, 'estate.html')
    const program = join(here, 'audit-estate.ts')
    const { code, lines } = await execute('--import', 'tsx', program, 'retention-gap', `html=${page}`)
    expect(code).toBe(1)
    expect(lines[0]).toMatch(/^fail +medium +retention-schedule-complete +asset Drawings and programs/)
    expect(lines.at(-1)).toMatch(/^NOT proven: 1 of \d+ checks fails \(1 medium\); 1 more fails and is waived; /)
    expect(await readFile(page, 'utf8')).toContain('month 2026-03')
  })

  it('says what the command says of the same files', async () => {
    await writeEstate(buildEstate(new Set(['rot'])), temp)
    const bin = join(here, '../../packages/cli/dist/bin.js')
    const policy = join(temp, 'policy.yaml')
    const { code, lines } = await execute(bin, 'audit', policy, '--preset', 'recommended', '--at', '2026-11-01T06:00Z')
    expect(code).toBe(1)
    expect(lines.filter((line) => line.startsWith('fail'))).toHaveLength(2)
    expect(lines.at(-1)).toMatch(/^NOT proven: 2 of /)
  })
})
