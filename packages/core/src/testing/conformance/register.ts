import { broken } from './check.js'
import { standingOf } from './kit.js'
import type { ConformanceKit } from './types.js'

/** How a test runner is given a test. */
export type TestFunction = (title: string, body: () => Promise<void>, timeoutMs: number) => unknown

/** The functions of a test runner that the kit needs: `node:test`, vitest and jest have them. */
export interface TestRunner {
  readonly describe: (title: string, body: () => void) => unknown
  readonly it: TestFunction & { readonly skip: (title: string, body: () => Promise<void>) => unknown }
}

/**
 * Hands the cases to a test runner, one test a case, titled `name: title`. Skipped cases are the runner's skipped tests,
 * titled `skipped: name: title (reason)`; a required case that would be skipped is a test that fails.
 *
 * @param title Default `conformance of a source`.
 */
export const registerConformance = (kit: ConformanceKit, { describe, it }: TestRunner, title?: string): void => {
  // The kit has its own time limit, which says what was late; the runner's comes after it.
  const timeout = (kit.harness.timeoutMs ?? 30_000) * 3
  describe(title ?? 'conformance of a source', () => {
    for (const one of kit.cases) {
      const standing = standingOf(one, kit.harness)
      const name = `${one.name}: ${one.title}`
      if (standing.standing === 'skip') it.skip(`skipped: ${name} (${standing.reason})`, one.run)
      else if (standing.standing === 'run') it(name, one.run, timeout)
      else it(name, () => Promise.reject(broken(standing.reason)), timeout)
    }
  })
}
