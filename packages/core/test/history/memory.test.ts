import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'

const child = join(import.meta.dirname, 'lines-child.ts')
const tsx = import.meta.resolve('tsx')

let temp: string
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'history-test-'))
})
afterAll(() => rm(temp, { recursive: true, force: true }))

const BLOCK = 1_000
const BLOCKS = 300

it('300,000 job runs are read with a heap that could not hold a tenth of them', async () => {
  const path = join(temp, 'runs.jsonl')
  const lines = Array.from({ length: BLOCK }, (_, i) => {
    const id = createHash('sha256').update(String(i)).digest('hex')
    return `{"id":"${id}","asset":"shop","start":"2026-11-01T03:00:00+01:00","end":"2026-11-01T03:10:00Z","status":"failed","error":{"message":"${id.repeat(4)}"},"bytesProcessed":${i}}\n`
  })
  const file = await open(path, 'w')
  for (let i = 0; i < BLOCKS; i++) await file.write(lines.join(''))
  await file.close()
  // 300,000 such items take some 200 MB; the loader of TypeScript alone needs 20.
  const args = ['--max-old-space-size=40', '--max-semi-space-size=4', '--import', tsx, child, path]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  expect(JSON.parse(stdout)).toEqual({
    items: BLOCKS * BLOCK,
    bytes: (BLOCKS * BLOCK * (BLOCK - 1)) / 2,
    most: expect.toSatisfy((most: number) => most < 2_000) as unknown,
  })
})
