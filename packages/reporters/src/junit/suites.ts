import type { ReportDocument } from '../model/document.js'
import { reportRows } from '../model/rows.js'
import { type CaseEnd, endOf, testCase } from './test-case.js'

/** How the rows of one rule end: JUnit wants the counts before the cases. */
export interface SuiteCounts extends Record<CaseEnd, number> {
  readonly rule: string
  /** Characters of its test cases. */
  size: number
}

/** One suite a rule, in the order of names. Goes through the rows once. */
export const countSuites = async (document: ReportDocument): Promise<readonly SuiteCounts[]> => {
  const suites = new Map<string, SuiteCounts>()
  for await (const rows of reportRows(document)) {
    for (const row of rows) {
      let suite = suites.get(row.rule)
      if (suite === undefined) {
        suite = { rule: row.rule, passed: 0, failure: 0, error: 0, skipped: 0, size: 0 }
        suites.set(row.rule, suite)
      }
      suite[endOf(row)] += 1
      suite.size += testCase(row).length
    }
  }
  return [...suites.values()].sort((a, b) => (a.rule < b.rule ? -1 : 1))
}

/** Characters that are held at once, so that the rows of several rules, which come mixed, need one pass. */
const HELD = 8 * 1024 * 1024

/** Suites that are written in one pass over the rows. One that is larger than `held` has a pass of its own, and is never held. */
export const batchesOf = (suites: readonly SuiteCounts[], held: number = HELD): readonly (readonly SuiteCounts[])[] => {
  const batches: SuiteCounts[][] = []
  let room = 0
  for (const suite of suites) {
    if (suite.size > room || batches.length === 0) {
      batches.push([])
      room = held
    }
    batches.at(-1)!.push(suite)
    room -= suite.size
  }
  return batches
}

/** The test cases of a batch, suite by suite: in pieces, each with its suite. */
export async function* casesOf(
  document: ReportDocument,
  batch: readonly SuiteCounts[],
): AsyncGenerator<readonly [suite: SuiteCounts, text: string]> {
  const [only, ...others] = batch
  if (only === undefined) return
  if (others.length === 0) {
    for await (const rows of reportRows(document)) {
      yield [only, rows.map((row) => (row.rule === only.rule ? testCase(row) : '')).join('')]
    }
    return
  }
  const texts = new Map<string, string[]>(batch.map(({ rule }) => [rule, []]))
  for await (const rows of reportRows(document)) for (const row of rows) texts.get(row.rule)?.push(testCase(row))
  for (const suite of batch) yield [suite, texts.get(suite.rule)!.join('')]
}
