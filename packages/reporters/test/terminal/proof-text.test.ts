import { compare } from '@backproof/core/compare'
import type { Report } from '@backproof/core/report'
import { memorySource } from '@backproof/core/testing'
import { expect, it } from 'vitest'
import { proofText } from '../../src/terminal/proof-text.js'

const reportOf = (...sides: readonly Readonly<Record<string, string>>[]): Promise<Report> => {
  const [source, ...replicas] = sides.map((objects, i) => memorySource(objects, { uri: `memory://${i}` }))
  return compare({ source: source!, replicas }).report()
}

const shown = (report: Report): string => proofText(report, { shown: 9 })

it('tells that objects were read rather than asked about, and nothing of that where none were', async () => {
  const { result, telemetry } = await reportOf({ a: 'x' }, { a: 'x' })
  expect(shown({ result, telemetry: { ...telemetry, readInstead: 10_000 } })).toMatch(
    /^Read 2 bytes in .+; 10,000 objects read rather than asked about, as that costs no more$/m,
  )
  expect(shown({ result, telemetry })).not.toContain('rather')
})

it('names the copy that others outvote; of two, that it cannot be told', async () => {
  const three = shown(await reportOf({ a: 'x', b: 'y' }, { a: 'x', b: 'z' }, { a: 'X', b: 'y' }))
  expect(three).toMatch(/^mismatch +C +a .+; C is the damaged one: the other copies outvote it$/m)
  expect(three).toMatch(/^mismatch +B +b .+; B is the damaged one: the other copies outvote it$/m)
  expect(three).not.toContain('cannot be told')
  const two = shown(await reportOf({ a: 'x', b: 'y', c: 'z' }, { a: 'X', b: 'Y', c: 'z' }))
  expect(two).toMatch(/^Which side is damaged cannot be told of 2 mismatches: keep both until it is known$/m)
})
