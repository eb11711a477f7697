import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { backproof, lastLine, runProcess } from '../support/cli.js'
import { temporaryDirectory, twoTrees, writeTree } from '../support/tree.js'

const MODULES = fileURLToPath(new URL('../../../../node_modules', import.meta.url))

const POLICY = `schema: backproof.policy/v1
assets:
  - id: shop
    criticality: high
    rpo: 1d
histories:
  jobs:
    - file: runs.jsonl
`
const RUNS = `${JSON.stringify({ id: 'r1', asset: 'shop', start: '2026-11-20T01:00:00Z', end: '2026-11-20T01:10:00Z', status: 'failed' })}\n`

describe('--report', () => {
  it('writes several formats beside the text, which stays as it is, and the exit code with it', async () => {
    const { root, b } = twoTrees({ 'a.txt': 'alpha', 'b.txt': 'beta' })
    rmSync(join(b, 'b.txt'))
    const plain = await backproof(['compare', 'a', 'b'], { cwd: root })
    const formats = ['csv', 'html', 'markdown', 'sarif', 'terminal']
    const told = await backproof(
      ['compare', 'a', 'b', ...formats.flatMap((one) => ['--report', `${one}=${one}.out`])],
      {
        cwd: root,
      },
    )
    expect([told.code, told.stderr]).toEqual([1, ''])
    expect(lastLine(told.stdout)).toBe(lastLine(plain.stdout))
    const read = (format: string): string => readFileSync(join(root, `${format}.out`), 'utf8')
    expect(lastLine(read('terminal'))).toBe(lastLine(plain.stdout))
    expect(read('terminal')).toContain('next: ls -la')
    expect(read('csv')).toContain('"fail","no","high","compare/missing"')
    for (const format of ['html', 'markdown', 'sarif']) expect(read(format)).toContain('1 missing')
  })

  it('puts one in the place of the text', async () => {
    const { root } = twoTrees({ 'a.txt': 'alpha' })
    const told = await backproof(['verify', 'a', '--report', 'junit=-', '--quiet'], { cwd: root })
    expect(told.code).toBe(3)
    expect(told.stdout).toMatch(/^<\?xml [\s\S]*<\/testsuites>\n$/)
    expect(told.stderr).toMatch(/^backproof: NOT proven/)
  })

  it('is not for plans, and other commands say where it is', async () => {
    const { root } = twoTrees({ 'a.txt': 'alpha' })
    const plan = await backproof(['compare', 'a', 'b', '--plan', '--report', 'csv=x'], { cwd: root })
    expect([plan.code, plan.stderr]).toEqual([2, expect.stringContaining('--plan and --report exclude each other')])
    const check = await backproof(['check', 'a', '--report', 'csv=x'], { cwd: root })
    expect([check.code, check.stderr]).toEqual([2, expect.stringContaining('compare, verify, audit, demo')])
  })

  it('of an audit goes by the clauses of frameworks, and nothing replaces the policy or a history', async () => {
    const root = writeTree(temporaryDirectory(), { 'policy.yaml': POLICY, 'runs.jsonl': RUNS })
    const audit = (...args: readonly string[]) =>
      backproof(['audit', 'policy.yaml', '--at', '2026-11-20T12:00:00Z', ...args], { cwd: root })
    const reports = ['markdown=r.md', 'sarif=r.sarif', 'html=r.html'].flatMap((one) => ['--report', one])
    const told = await audit('--framework', 'cis-v8.1', '--json', ...reports)
    expect(told.code).toBe(1)
    // The page has charts, so what they show is measured, and the result has it too.
    const { result } = JSON.parse(told.stdout) as { result: { measures: Record<string, unknown> } }
    expect(result.measures['job-days']).toMatchObject({
      value: { days: [{ day: '2026-11-20', ended: 1, succeeded: 0 }] },
    })
    expect(readFileSync(join(root, 'r.html'), 'utf8')).toContain('0 of 1 run succeeded')
    expect(readFileSync(join(root, 'r.md'), 'utf8')).toMatch(/^## CIS/m)
    expect(readFileSync(join(root, 'r.sarif'), 'utf8')).toContain('"uri":"policy.yaml"')
    for (const file of ['policy.yaml', 'runs.jsonl']) {
      const refused = await audit('--report', `csv=${file}`)
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('the run reads this file')])
    }
  })
})

describe('--code', () => {
  /** Prints the program of a command line, runs it, and holds its report against that of the command itself. */
  const sameAsProgram = async (root: string, args: readonly string[], report: string): Promise<string> => {
    const path = join(root, report)
    const printed = await backproof([...args, '--code'], { cwd: root })
    expect([printed.code, printed.stderr]).toEqual([0, ''])
    symlinkSync(MODULES, join(root, 'node_modules'))
    writeFileSync(join(root, 'program.mjs'), printed.stdout)
    const program = await runProcess(process.execPath, [join(root, 'program.mjs')], { cwd: root })
    expect(program.stderr).toBe('')
    const byProgram = readFileSync(path, 'utf8')
    const command = await backproof(args, { cwd: root })
    expect(program.code).toBe(command.code)
    // A program names its files in full, to run from anywhere.
    expect(byProgram.replaceAll(`${root}/`, '')).toBe(readFileSync(path, 'utf8').replaceAll(`${root}/`, ''))
    return printed.stdout
  }

  it('prints the program that writes the reports of a comparison', async () => {
    const { root, b } = twoTrees({ 'a.txt': 'alpha', 'b.txt': 'beta' })
    rmSync(join(b, 'b.txt'))
    const args = ['compare', 'a', 'b', '--report', 'csv=r.csv', '--report', 'junit=-']
    const program = await sameAsProgram(root, args, 'r.csv')
    expect(program).toContain('await writeReport(document, junitReporter(), process.stdout)')
    expect(program).not.toContain('console.log')
  })

  it('prints the program that writes the reports of an audit, with its frameworks and charts', async () => {
    const root = writeTree(temporaryDirectory(), { 'policy.yaml': POLICY, 'runs.jsonl': RUNS })
    const args = ['audit', 'policy.yaml', '--at', '2026-11-20T12:00:00Z', '--framework', 'cis-v8.1']
    const reports = ['--report', 'markdown=r.md', '--report', 'html=r.html', '--report', 'sarif=r.sarif']
    const program = await sameAsProgram(root, [...args, ...reports], 'r.md')
    expect(program).toContain('measures: reportMeasures(),')
    expect(program).toContain("await writeReportFile(document, markdownReporter({ frameworks }), '")
    expect(program).toContain("sarifReporter({ file: 'policy.yaml' })")
  })
})
