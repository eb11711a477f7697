import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type ConformanceReport, conformanceCaseNames } from '../../../src/testing/index.js'

const tsx = import.meta.resolve('tsx')

interface Ended {
  readonly code: number | string | null | undefined
  readonly stdout: string
  readonly stderr: string
}

const runChild = (file: string, args: readonly string[] = [], flags: readonly string[] = []): Promise<Ended> =>
  new Promise((resolve) => {
    // Without what vitest tells its own workers, the child is a process like any other.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/VITEST|NODE_TEST|TEST/.test(name)))
    const all = ['--conditions=backproof-source', '--import', tsx, ...flags, join(import.meta.dirname, file), ...args]
    execFile(process.execPath, all, { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    )
  })

/** What a runner says of a case: its outcome, by the kit and the name of the case. */
type Outcomes = ReadonlyMap<string, 'passed' | 'failed' | 'skipped'>

const checkOutcomes = (outcomes: Outcomes): void => {
  const of = (outcome: string): string[] => [...outcomes].filter(([, one]) => one === outcome).map(([name]) => name)
  expect(outcomes.size).toBe(conformanceCaseNames.length * 3)
  expect(of('failed').sort()).toEqual(['demanding scan-complete', 'wrong spec-version'])
  expect(of('skipped')).toContain('honest scan-complete')
  expect(of('skipped')).toContain('honest list-versions')
  expect(of('passed')).toContain('honest list-complete')
  expect(of('passed')).toContain('wrong list-complete')
}

describe('the kit runs', () => {
  it('under node:test', async () => {
    const { code, stdout, stderr } = await runChild('node-test-child.ts', [], ['--test-reporter=tap'])
    const outcomes = new Map<string, 'passed' | 'failed' | 'skipped'>()
    let pending: [string, 'passed' | 'failed' | 'skipped'][] = []
    for (const line of stdout.split('\n')) {
      const test = /^ {4}(ok|not ok) \d+ - (?:skipped: )?([a-z0-9-]+): .*?( # SKIP)?$/.exec(line)
      if (test !== null)
        pending.push([test[2]!, test[3] !== undefined ? 'skipped' : test[1] === 'ok' ? 'passed' : 'failed'])
      const suite = /^(?:ok|not ok) \d+ - (\w+)/.exec(line)
      if (suite === null) continue
      for (const [name, outcome] of pending) outcomes.set(`${suite[1]} ${name}`, outcome)
      pending = []
    }
    expect(stderr).toBe('')
    checkOutcomes(outcomes)
    expect(code).toBe(1)
    expect(stdout).toMatch(/skipped: scan-complete: .* \(the source has no scan/)
    expect(stdout).toMatch(/scan-complete is required, but would be skipped/)
  })

  it('under vitest', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'backproof-runner-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'report.json')
    const { code, stderr } = await runChild('vitest-child.mjs', [file])
    const report = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly testResults: readonly {
        readonly assertionResults: readonly { ancestorTitles: string[]; title: string; status: string }[]
      }[]
    }
    checkOutcomes(
      new Map(
        report.testResults.flatMap(({ assertionResults }) =>
          assertionResults.map(({ ancestorTitles, title, status }) => [
            `${ancestorTitles[0]} ${/^(?:skipped: )?([a-z0-9-]+):/.exec(title)?.[1]}`,
            status === 'passed' || status === 'failed' ? status : 'skipped',
          ]),
        ),
      ),
    )
    expect({ code, stderr }).toMatchObject({ code: 1 })
  })

  it('under no runner', async () => {
    const { code, stdout, stderr } = await runChild('plain-child.ts')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const reports = JSON.parse(stdout) as Record<string, ConformanceReport>
    checkOutcomes(
      new Map(
        Object.entries(reports).flatMap(([title, { results }]) =>
          results.map(({ name, outcome }) => [`${title} ${name}`, outcome]),
        ),
      ),
    )
    expect(Object.values(reports).map(({ ok }) => ok)).toEqual([true, false, false])
    const { honest, wrong } = reports
    expect(honest).toMatchObject({ failed: 0, passed: honest!.results.length - honest!.skipped })
    expect(wrong!.results.find(({ outcome }) => outcome === 'failed')).toMatchObject({
      name: 'spec-version',
      reason: 'specVersion is "v2"; it must be "v1".',
      error: { code: 'contract' },
    })
  })
})
