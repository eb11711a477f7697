import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { audit } from '@backproof/core/audit'
import { jobLines } from '@backproof/core/history'
import { jobLastRunSucceeded } from '@backproof/rules/job-last-run-succeeded'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const script = join(import.meta.dirname, 'feed-job-history.ts')
const AS_OF = '2026-11-01T00:00:00Z'

let temp: string
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'backproof-examples-'))
})
afterAll(() => rm(temp, { recursive: true, force: true }))

/** A month of nights, of which some end with another exit code, or not at all. */
const logOf = (codes: readonly string[]): string =>
  codes
    .map((code, i) => {
      const night = `2026-10-${String(i + 1).padStart(2, '0')}T01`
      return [
        `${night}:00:00+02:00`,
        code === '' ? '' : `${night}:12:09+02:00`,
        'shop',
        code,
        code === '' ? '' : '53687091200',
      ].join('\t')
    })
    .join('\n')

const run = async (name: string, codes: readonly string[]): Promise<{ stdout: string; rows: unknown[] }> => {
  const [log, runs] = [join(temp, `${name}.log`), join(temp, `${name}.jsonl`)]
  await writeFile(log, `${logOf(codes)}\n`)
  const args = ['--import', import.meta.resolve('tsx'), script, log, runs, AS_OF]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const lines = (await readFile(runs, 'utf8')).trimEnd().split('\n')
  return { stdout: stdout.replace(runs, 'RUNS'), rows: lines.map((line) => JSON.parse(line) as unknown) }
}

describe('the log of a nightly script', () => {
  it('becomes job runs, and a rule judges them', async () => {
    const nights = Array.from({ length: 31 }, (_, i) => (i === 3 ? '2' : i === 4 ? '' : '0'))
    const { stdout, rows } = await run('nightly', nights)
    expect(stdout).toBe(
      '31 runs in RUNS\nfail shop only 27 of 29 runs succeeded, 93.1 %, in 30 days; at least 98 % are required\n',
    )
    expect(rows[0]).toMatchObject({ history: 'job.runs', asOf: '2026-11-01T00:00:00.000Z' })
    expect(rows.slice(4, 6)).toEqual([
      {
        id: '2026-10-04T01:00:00+02:00',
        asset: 'shop',
        system: 'nightly.sh',
        start: '2026-10-03T23:00:00.000Z',
        end: '2026-10-03T23:12:09.000Z',
        status: 'failed',
        rawStatus: 'exit code 2',
        bytesProcessed: 53687091200,
      },
      {
        id: '2026-10-05T01:00:00+02:00',
        asset: 'shop',
        system: 'nightly.sh',
        start: '2026-10-04T23:00:00.000Z',
        end: null,
        status: 'unknown',
        rawStatus: null,
        bytesProcessed: null,
      },
    ])
  })

  it('that is broken makes no history', async () => {
    await expect(run('broken', [])).rejects.toThrow('writeJobLines: the job run number 1 has "id": ""')
  })
})

it('is the program of the guide, word for word', async () => {
  const guide = await readFile(join(import.meta.dirname, '../../docs/guides/feed-your-own-job-history.md'), 'utf8')
  const programs = [...guide.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1])
  expect(programs[0]).toBe(await readFile(script, 'utf8'))
})

it.each([
  ['true', 'success'],
  ['false', 'failed'],
])('the line that a shell script appends can be read, after a backup with %s', async (dump, status) => {
  const guide = await readFile(join(import.meta.dirname, '../../docs/guides/feed-your-own-job-history.md'), 'utf8')
  const cwd = await mkdtemp(join(temp, 'shell-'))
  await promisify(execFile)('sh', ['-c', `pg_dump() { ${dump}; }\n${/^```sh\n(.*?)^```/ms.exec(guide)![1]!}`], { cwd })
  const { result } = await audit({
    rules: [jobLastRunSucceeded()],
    targets: [{ kind: 'asset', id: 'shop' }],
    collectors: [jobLines({ path: join(cwd, 'runs.jsonl') })],
  }).report()
  expect(result.histories[0]).toMatchObject({ items: 1, unassigned: 0 })
  expect(result.totals.statuses).toMatchObject({
    pass: status === 'success' ? 1 : 0,
    fail: status === 'failed' ? 1 : 0,
  })
})
