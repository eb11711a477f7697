import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { batchesOf, casesOf, countSuites, type SuiteCounts } from '../../src/junit/suites.js'
import { type Samples, samples } from '../support/samples.js'

const suite = (rule: string, size: number): SuiteCounts => ({ rule, size, passed: 1, failure: 0, error: 0, skipped: 0 })

describe('batches', () => {
  const namesOf = (held: number, ...sizes: readonly number[]): readonly string[] => {
    const suites = sizes.map((size, i) => suite(String.fromCharCode(97 + i), size))
    return batchesOf(suites, held).map((batch) => batch.map(({ rule }) => rule).join(''))
  }

  it('hold no more than they may, unless one suite alone is larger', () => {
    expect(namesOf(8, 4, 4, 4)).toEqual(['ab', 'c'])
    expect(namesOf(12, 4, 4, 4)).toEqual(['abc'])
    expect(namesOf(8, 9, 1, 9, 1)).toEqual(['a', 'b', 'c', 'd'])
    expect(namesOf(8)).toEqual([])
  })
})

describe('cases', () => {
  let all: Samples
  beforeAll(async () => {
    all = await samples()
  })
  afterAll(() => all[Symbol.asyncDispose]())

  it('are the same, whether their suites are held or not', async () => {
    const suites = await countSuites(all.audit)
    const textsWith = async (held: number): Promise<Record<string, string>> => {
      const texts: Record<string, string> = {}
      for (const batch of batchesOf(suites, held)) {
        for await (const [{ rule }, piece] of casesOf(all.audit, batch)) texts[rule] = (texts[rule] ?? '') + piece
      }
      return texts
    }
    expect(batchesOf(suites, 0)).toHaveLength(2)
    expect(batchesOf(suites)).toHaveLength(1)
    const texts = await textsWith(0)
    expect(await textsWith(1e9)).toEqual(texts)
    expect(suites.map(({ rule, size }) => [rule, size])).toEqual(
      Object.entries(texts).map(([rule, text]) => [rule, text.length]),
    )
  })
})
