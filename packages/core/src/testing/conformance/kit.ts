import pLimit from 'p-limit'
import { BackupError, isBackupError } from '../../errors.js'
import type { BackupSource } from '../../source/backup-source.js'
import { allCases } from './all-cases.js'
import type { Bench, CaseDefinition } from './case-definition.js'
import { broken, type Settled, settle, within } from './check.js'
import { type Listings, recordListings } from './listings.js'
import type {
  ConformanceCase,
  ConformanceHarness,
  ConformanceKit,
  ConformanceReport,
  ConformanceResult,
  ConformanceRunOptions,
} from './types.js'

const TIMEOUT = 30_000
const PROMPT = 2_000

/**
 * The checks that every `BackupSource` must pass, bound to a harness that opens one. Run them with `run()`, or hand them
 * to a test runner with `registerConformance`.
 *
 * @throws BackupError `invalid-config` when `required` names a case that does not exist.
 */
export const sourceConformance = (harness: ConformanceHarness): ConformanceKit => {
  checkNames(harness.required ?? [], 'required')
  const oneAtATime = pLimit(1)
  const listings: { made?: Promise<Listings> } = {}
  const cases = allCases.map((definition): ConformanceCase => {
    const { name, title, when } = definition
    return Object.freeze({ name, title, when, run: () => oneAtATime(() => runCase(definition, harness, listings)) })
  })
  const run: ConformanceKit['run'] = (options) => runAll(harness, cases, options)
  return Object.freeze({ harness, cases: Object.freeze(cases), run })
}

/** The names of all cases, in the order in which they run. */
export const conformanceCaseNames: readonly string[] = Object.freeze(allCases.map(({ name }) => name))

/**
 * How a case stands before it runs: `run`; `skip`, with the reason; `fail`, when it is required and would be skipped.
 */
export const standingOf = (
  { name, when }: ConformanceCase,
  harness: ConformanceHarness,
): { readonly standing: 'run' } | { readonly standing: 'skip' | 'fail'; readonly reason: string } => {
  const answer = when(harness.traits, harness)
  if (answer === true) return { standing: 'run' }
  if (harness.required?.includes(name) !== true) return { standing: 'skip', reason: answer }
  return { standing: 'fail', reason: `${name} is required, but would be skipped: ${answer}.` }
}

const runAll = async (
  harness: ConformanceHarness,
  cases: readonly ConformanceCase[],
  { only, onResult, signal }: ConformanceRunOptions = {},
): Promise<ConformanceReport> => {
  checkNames(only ?? [], 'only')
  const results: ConformanceResult[] = []
  for (const one of cases) {
    if (only !== undefined && !only.includes(one.name)) continue
    signal?.throwIfAborted()
    const result = await resultOf(one, harness)
    results.push(result)
    onResult?.(result)
  }
  const count = (outcome: ConformanceResult['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length
  const [passed, failed, skipped] = [count('passed'), count('failed'), count('skipped')]
  return { ok: passed > 0 && failed === 0, passed, failed, skipped, results }
}

const resultOf = async (one: ConformanceCase, harness: ConformanceHarness): Promise<ConformanceResult> => {
  const { name, title } = one
  const standing = standingOf(one, harness)
  if (standing.standing === 'skip') return { name, title, outcome: 'skipped', reason: standing.reason }
  if (standing.standing === 'fail') return { name, title, outcome: 'failed', reason: standing.reason }
  try {
    await one.run()
    return { name, title, outcome: 'passed' }
  } catch (error) {
    const reason = error instanceof Error || isBackupError(error) ? error.message : String(error)
    return { name, title, outcome: 'failed', reason, error }
  }
}

const runCase = async (
  definition: CaseDefinition,
  harness: ConformanceHarness,
  shared: { made?: Promise<Listings> },
): Promise<void> => {
  const opened = new Set<BackupSource>()
  const open: Bench['open'] = async (content) => {
    const source = await harness.open(content)
    opened.add(source)
    return source
  }
  const limit = harness.timeoutMs ?? TIMEOUT
  const release = async (): Promise<Settled[]> => {
    const outcomes: Settled[] = []
    for (const source of opened) {
      opened.delete(source)
      const disposing = async (): Promise<void> => {
        await source[Symbol.asyncDispose]?.()
      }
      outcomes.push(await settle(within(disposing(), limit, 'Disposing of the source')))
    }
    if (harness.close !== undefined) outcomes.push(await settle(harness.close()))
    return outcomes
  }
  const bench: Bench = {
    harness,
    traits: harness.traits,
    promptMs: harness.promptMs ?? PROMPT,
    open,
    dispose: async (source) => {
      opened.delete(source)
      const disposing = source[Symbol.asyncDispose]?.()
      if (disposing === undefined) throw broken('The source has no [Symbol.asyncDispose], or it gives no promise.')
      await disposing
    },
    listings: () => {
      shared.made ??= recordListings(harness, open).finally(async () => throwFirst(await release()))
      return shared.made
    },
  }
  const ran = await settle(within(definition.run(bench), limit, `The case ${definition.name}`))
  // What went wrong first is what is told: the rest may follow from it.
  throwFirst([ran, ...(await release())])
}

const throwFirst = (outcomes: readonly Settled[]): void => {
  for (const outcome of outcomes) if ('error' in outcome) throw outcome.error
}

const checkNames = (names: readonly string[], option: string): void => {
  const unknown = names.filter((name) => !conformanceCaseNames.includes(name))
  if (unknown.length === 0) return
  throw new BackupError({
    code: 'invalid-config',
    message: `sourceConformance: ${option} names ${unknown.join(', ')}, which is no case. The cases are ${conformanceCaseNames.join(', ')}.`,
  })
}
