import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  type AuditFinding,
  type AuditResult,
  audit,
  type FactCollector,
  givenFacts,
  givenHistory,
} from '@backproof/core/audit'
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
const auditOf = async ({
  policy: text,
  jobs,
  points,
  drills: restores,
  capacity,
  reports,
}: Estate): Promise<Audited> => {
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
      await reportsOf(reports),
    ],
    now: () => new Date(NOW),
  })
  const rows: AuditFinding[] = []
  for await (const findings of run) rows.push(...findings.filter(isWrong))
  const { result } = await run.report()
  return { result, rows }
}

const read = new Map<string, Promise<FactCollector>>()

/** Most faults leave the reports as they are: those are read once. */
const reportsOf = (reports: Estate['reports']): Promise<FactCollector> => {
  const text = JSON.stringify(reports)
  const known = read.get(text) ?? readReports(reports, join(temp, String(read.size)))
  read.set(text, known)
  return known
}

const readReports = async (reports: Estate['reports'], folder: string): Promise<FactCollector> => {
  const target = { kind: 'estate', id: 'estate' }
  await writeEstate({ policy: '', jobs: [], points: [], drills: [], capacity: [], reports }, folder)
  const { provides: tokens, collect } = reportFiles({ paths: reports.map(({ name }) => join(folder, name)) })
  const facts = await collect({ target, tokens, now: NOW, signal: new AbortController().signal })
  return givenFacts(facts.map((one) => ({ target, ...one })))
}

const isWrong = ({ status, waiver }: AuditFinding): boolean =>
  status !== 'pass' && status !== 'not-applicable' && waiver === undefined

const estateWith = (ids: readonly FaultId[]): Promise<Audited> => auditOf(buildEstate(new Set(ids)))

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

const isFor = ({ rule, target, subject, message, status }: ExpectedRow, row: AuditFinding): boolean =>
  row.rule === rule &&
  row.target.id === target &&
  row.message === message &&
  row.status === (status ?? 'fail') &&
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
    expect(
      differences(
        rows,
        FAULTS.flatMap((fault) => fault.rows),
      ),
    ).toEqual(NOTHING)
    expect(exitCode(result)).toBe(1)
    for (const { rule, status, evidence = [], action } of rows) {
      expect(evidence.length, rule).toBeGreaterThan(0)
      if (status === 'fail') expect(action, rule).not.toBe('')
    }
    const immutable = rows.find(({ subject, target }) => subject === 'immutable' && target.id === 'hr-records')
    expect(immutable?.evidence?.[1]).toMatchObject({ id: 'azure', data: { lock: 'none in the mode compliance' } })
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

/** Lines of the outputs that the guide shows. */
const shownInGuide = async (): Promise<readonly (readonly string[])[]> => {
  const guide = await readFile(join(here, '../../docs/guides/try-the-estate.md'), 'utf8')
  const blocks = [...guide.matchAll(/^```text\n(.*?)^```/gms)]
  return blocks.map(([, text = '']) => text.split('\n').filter((line) => line !== '' && line !== '...'))
}

/** Those of the shown lines that an output has, one after the other. */
const inOrder = (shown: readonly string[], lines: readonly string[]): readonly string[] => {
  let at = 0
  return shown.filter((line) => {
    const found = lines.findIndex(
      (one, i) => i >= at && one.replace(/\(\S+\/policy\.yaml/, '(FOLDER/policy.yaml') === line,
    )
    if (found >= 0) at = found + 1
    return found >= 0
  })
}

describe('the program of the guide', () => {
  beforeAll(() => {
    for (const name of ['core', 'reporters', 'rules', 'cli'])
      if (!existsSync(join(here, '../../packages', name, 'dist')))
        throw new Error(`packages/${name} is not built, and examples run against built packages: npm run build`)
  })

  const program = join(here, 'audit-estate.ts')

  it('prints what the guide shows, and writes it as a page', async () => {
    const page = join(temp, 'estate.html')
    const { code, lines } = await execute('--import', 'tsx', program, 'retention-gap', 'rot', `html=${page}`)
    expect(code).toBe(1)
    const [, shown = []] = await shownInGuide()
    expect(inOrder(shown, lines)).toEqual(shown)
    expect(await readFile(page, 'utf8')).toContain('month 2026-03')
  })

  it('prints what the guide shows of an estate without faults', async () => {
    const { code, lines } = await execute('--import', 'tsx', program, 'none')
    expect(code).toBe(0)
    const [shown = []] = await shownInGuide()
    expect(inOrder(shown, lines)).toEqual(shown)
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
