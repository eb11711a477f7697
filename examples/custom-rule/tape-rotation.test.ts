import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { audit, givenFacts } from '@backproof/core/audit'
import { registerRuleTester, rulePurity } from '@backproof/core/testing'
import { describe, expect, it } from 'vitest'
import test from './tape-rotation.cases.js'
import { newestTape, tapeRotation } from './tape-rotation.js'

registerRuleTester(test, { describe, it })

it('is pure', async () => {
  const modules = [pathToFileURL(join(import.meta.dirname, 'tape-rotation.cases.ts'))]
  const [purity] = await rulePurity({ modules, execArgv: ['--import', import.meta.resolve('tsx')] })
  expect(purity).toMatchObject({ rule: 'acme/tape-rotation', trapped: [] })
})

it('is a rule of an audit like any other', async () => {
  const now = new Date('2026-11-01T12:00:00Z')
  const target = { kind: 'store', id: 'vault' }
  const fact = {
    state: 'known',
    value: { label: 'A1', left: Date.UTC(2026, 9, 30) },
    source: 'tape library',
    observedAt: now.getTime(),
  } as const
  const { result } = await audit({
    rules: [tapeRotation({ maxAge: '1d' }, { severity: 'critical' })],
    targets: [target],
    collectors: [givenFacts([{ target, token: newestTape, fact }])],
    now: () => now,
  }).report()
  expect(result.findings).toMatchObject([
    {
      rule: 'acme/tape-rotation',
      status: 'fail',
      severity: 'critical',
      text: 'the newest tape, A1, left 2026-10-30T00:00:00.000Z: longer ago than allowed',
    },
  ])
})

it('is under 40 lines', async () => {
  const text = await readFile(join(import.meta.dirname, 'tape-rotation.ts'), 'utf8')
  expect(text.match(/\n/g)?.length).toBeLessThan(40)
})
