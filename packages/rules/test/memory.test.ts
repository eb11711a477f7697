import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const child = join(import.meta.dirname, 'memory-child.ts')

it('all rules see 300,000 job runs and 150,000 recovery points in a heap that could not hold half of them', async () => {
  // They would take some 300 MB; the loader of TypeScript and the rules need 40, the window of the sort 48.
  const heap = ['--max-old-space-size=120', '--max-semi-space-size=4']
  const args = [...heap, '--conditions=backproof-source', '--import', import.meta.resolve('tsx'), child]
  const { stdout } = await promisify(execFile)(process.execPath, [...args, '300000', '150000'])
  expect(JSON.parse(stdout)).toEqual({
    items: { 'job.runs': 300_000, 'recovery.points': 150_000, 'restore.drills': 0, 'capacity.samples': 0 },
    errors: 0,
    spilled: expect.toSatisfy((spilled: number) => spilled > 50_000) as unknown,
  })
}, 60_000)
