import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const script = join(import.meta.dirname, 'three-rules.ts')

interface Ended {
  readonly code: number
  readonly lines: readonly string[]
}

const run = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const command = ['--import', import.meta.resolve('tsx'), script, ...args]
    execFile(process.execPath, command, (error, stdout) => {
      resolve({ code: error === null ? 0 : Number(error.code), lines: stdout.trimEnd().split('\n') })
    })
  })

it('prints the verdicts of three rules', async () => {
  expect(await run()).toEqual({
    code: 1,
    lines: [
      'pass escalation-path-defined shop: 2 levels on on-call: the last is told after 30 minutes, and tests within 90 days reached all 2 contacts',
      'pass job-success-rate shop: 12 of 12 runs succeeded, 100 %, in 30 days',
      'fail escalation-path-defined wiki: the policy names no escalation path for it',
      'fail job-success-rate wiki: only 10 of 12 runs succeeded, 83.33 %, in 30 days; at least 90 % are required',
      'fail capacity-utilization vault: 85 % of its bytes are used; above 80 % something has to be done',
    ],
  })
})

it('ends with 3 where nobody knows how full the store is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backproof-three-rules-'))
  try {
    await cp(import.meta.dirname, folder, { recursive: true })
    await rm(join(folder, 'capacity.jsonl'))
    for (const [file, from, to] of [
      ['policy.yaml', 'criticality: low', 'escalation: on-call'],
      ['runs.jsonl', '"failed"', '"success"'],
    ] as const)
      await writeFile(join(folder, file), (await readFile(join(folder, file), 'utf8')).replaceAll(from, to))
    const { code, lines } = await run(folder)
    expect(lines.map((line) => line.split(':', 1)[0])).toEqual([
      'pass escalation-path-defined shop',
      'pass job-success-rate shop',
      'pass escalation-path-defined wiki',
      'pass job-success-rate wiki',
      'unknown capacity-utilization vault',
    ])
    expect(code).toBe(3)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

it('imports nothing of the catalogue but these three, and is short', async () => {
  const program = await readFile(script, 'utf8')
  expect(program.match(/@backproof\/rules[^']*/g)).toEqual([
    '@backproof/rules/capacity-utilization',
    '@backproof/rules/escalation-path-defined',
    '@backproof/rules/job-success-rate',
  ])
  expect(program.trimEnd().split('\n').length).toBeLessThanOrEqual(26)
})
