import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AuditReport } from '@backproof/core/audit'
import { type AuditRow, readAuditNdjson } from '@backproof/core/report'
import { expect, it } from 'vitest'
import { backproof, lastLine } from '../support/cli.js'
import { temporaryDirectory, writeTree } from '../support/tree.js'

const MODULES = fileURLToPath(new URL('../../../../node_modules', import.meta.url))
const AT = ['--at', '2026-11-22T12:00Z']
const utf8 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8')

const job = (id: string, day: number, status: string): string =>
  `${JSON.stringify({ id, asset: 'shop', start: `2026-11-${day}T01:00:00Z`, end: `2026-11-${day}T01:30:00Z`, status })}\n`

const policy = (more = ''): string => `schema: backproof.policy/v1
assets:
  - id: shop
    criticality: critical
    rpo: 1d
stores:
  - id: disk
histories:
  jobs:
    - file: runs.jsonl
  recoveryPoints:
    - source: backups
      pattern: '{asset}/{date:YYYY-MM-DD}/**'
  capacity:
    - path: .
      store: disk
rules:
  recovery-point-fresh: { options: { acceptUnmarked: true } }
  job-success-rate: { options: { minSamples: 2 } }
  capacity-utilization: { options: { warnPercent: 100, failPercent: 100 } }
${more}`

const WAIVER = `waivers:
  - id: w1
    select: { rule: job-success-rate }
    reason: the disk is being replaced
    approver: cto@example.org
    expires: 2026-12-01
`

/** A backup of three days, its job history, and a policy about both. */
const project = (runs: string, more = ''): string =>
  writeTree(temporaryDirectory(), {
    'policy.yaml': policy(more),
    'runs.jsonl': runs,
    ...Object.fromEntries([20, 21, 22].map((day) => [`backups/shop/2026-11-${day}/db.sql`, `${day}`])),
  })

const GOOD = job('1', 21, 'success') + job('2', 22, 'success')
const BAD = job('1', 21, 'success') + job('2', 22, 'failed')

it('0: every rule that the policy names passes, on real files', async () => {
  const { code, stdout, stderr } = await backproof(['audit', 'policy.yaml', ...AT], { cwd: project(GOOD) })
  expect(stderr).toBe('')
  expect(utf8(stdout)).toMatch(/^4 pass\n3 rules asked about 1 asset, 1 store and the estate, as of 2026-11-22T12:00/)
  expect(stdout).toMatch(/^job\.runs: 2 items from runs\.jsonl$/m)
  expect(lastLine(stdout)).toBe('Proven: all 4 checks pass; score 100 %.')
  expect(code).toBe(0)
})

it('1: what fails, with line, evidence and what to do; rows and report say the same', async () => {
  const cwd = project(BAD)
  const [text, data] = await Promise.all([
    backproof(['audit', 'policy.yaml', ...AT], { cwd }),
    backproof(['audit', 'policy.yaml', ...AT, '--json', '--ndjson', 'rows'], { cwd }),
  ])
  expect([text.code, text.stderr, data.code, data.stderr]).toEqual([1, '', 1, ''])
  expect(utf8(text.stdout)).toMatch(
    /^fail {5}high {6}job-success-rate {2}asset shop \(policy\.yaml:3\)\n {9}only 1 of 2 runs .*\n {9}job-run 2 {2}2026-11-22T01:00:00\.000Z {2}status=failed.*\n {9}do: Open a corrective action/,
  )
  expect(lastLine(text.stdout)).toBe('NOT proven: 1 of 4 checks fails (1 high); score 75 %.')

  const { result } = JSON.parse(data.stdout) as AuditReport
  const rows: AuditRow[] = []
  for await (const row of readAuditNdjson(readFileSync(join(cwd, 'rows'), 'utf8').split('\n'))) rows.push(row)
  const [header, ...others] = rows
  expect(header).toEqual({
    type: 'header',
    header: {
      kind: 'audit',
      asOf: '2026-11-22T12:00:00.000Z',
      policy: 'policy.yaml',
      rules: ['capacity-utilization', 'job-success-rate', 'recovery-point-fresh'],
    },
  })
  expect(others.at(-1)).toEqual({ type: 'end', result })
  const findings = others.flatMap((row) => (row.type === 'finding' ? [row.finding] : []))
  expect(findings.map(({ status }) => status).toSorted()).toEqual(['fail', 'pass', 'pass', 'pass'])
  expect(result.findings).toEqual(findings.filter(({ status }) => status === 'fail'))
  expect(result.findings[0]).toMatchObject({ target: { declaredAt: { file: 'policy.yaml', line: 3 } } })
})

it('0: a waived failure stays in sight', async () => {
  const { code, stdout } = await backproof(['audit', 'policy.yaml', ...AT], { cwd: project(BAD, WAIVER) })
  expect(utf8(stdout)).toMatch(/^waived {3}high {6}job-success-rate {2}asset shop/)
  expect(stdout).toContain(
    'accepted until 2026-12-01T23:59:59.999Z by cto@example.org: the disk is being replaced (waiver w1)',
  )
  expect(lastLine(stdout)).toBe(
    'Proven but for 1 waived failure: 3 of 4 checks pass, 1 fails and is waived; score 75 %.',
  )
  expect(code).toBe(0)
})

it('3: what nobody could read, and what to add; quietly, the sentence alone', async () => {
  const cwd = project(GOOD)
  const args = [
    'audit',
    'policy.yaml',
    ...AT,
    '--rule',
    'restore-test-recent',
    '--rule',
    'job-success-rate:minSamples=3',
  ]
  const [text, quiet] = await Promise.all([backproof(args, { cwd }), backproof([...args, '--quiet'], { cwd })])
  expect([text.code, quiet.code, quiet.stdout]).toEqual([3, 3, ''])
  expect(text.stdout).toMatch(
    /^unknown {2}no collector gives restore\.drills\n.*of restore-test-recent\n {9}do: add histories\.drills/,
  )
  expect(text.stdout).toMatch(
    /^unknown {2}high {6}job-success-rate {2}asset shop.*\n {9}runs that finished in 30 days: 2/m,
  )
  expect(quiet.stderr).toBe(`backproof: ${lastLine(text.stdout)}\n`)
  expect(quiet.stderr).toMatch(/NOT proven: 2 of 2 checks cannot be decided \(no collector gives restore\.drills\)/)
})

it('3: a history that cannot be read, with its line, and hostile names in it', async () => {
  const hostile = 'x\u001b[31m\u202e'
  const odd = `${JSON.stringify({ id: hostile, asset: 'shop', start: '2026-11-22T01:00:00Z', status: hostile })}\n`
  const broken = await backproof(['audit', 'policy.yaml', ...AT], { cwd: project(`${GOOD}{"id":1}\n`) })
  expect(utf8(broken.stdout)).toMatch(/^unknown {2}job\.runs could not be read\n.*\n {9}.*runs\.jsonl.*\b3\b/)
  const shown = await backproof(['audit', 'policy.yaml', ...AT, '--rule', 'job-last-run-succeeded'], {
    cwd: project(odd),
  })
  expect(shown.stdout).toContain('x\\x1b[31m\\u202e')
  expect(shown.stdout).not.toContain('\u001b')
  expect([broken.code, shown.code]).toEqual([3, 3])
})

it('130: an interrupt ends it, with a report of what there is', async () => {
  const cwd = writeTree(temporaryDirectory(), {
    'policy.yaml': policy().replace('source: backups', 'source: mine://hangs'),
    'runs.jsonl': GOOD,
    'mine.mjs': `
import { memorySource } from '@backproof/core/testing'
const list = async function* ({ signal }) {
  process.stderr.write('listing\\n')
  const connection = setInterval(() => undefined, 1_000)
  await new Promise((_, reject) => signal.addEventListener('abort', () => {
    clearInterval(connection)
    reject(signal.reason)
  }))
}
const fromUri = (uri) => ({ ...memorySource({}, { uri }), list })
export const provider = { specVersion: 'v1', name: 'mine', schemes: ['mine'], fromUri }
`,
  })
  symlinkSync(MODULES, join(cwd, 'node_modules'))
  const { code, stdout } = await backproof(['audit', 'policy.yaml', '--provider', './mine.mjs', ...AT], {
    cwd,
    onStart: (child) => child.stderr?.once('data', () => child.kill('SIGINT')),
  })
  expect(lastLine(stdout)).toMatch(/^NOT proven: .*the run was cancelled after/)
  expect(code).toBe(130)
})
