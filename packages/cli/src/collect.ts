import type { Run } from '@backproof/core/run'
import type { Rows } from './output/rows.js'

/** Hands every finding on. A run that ended early has a report all the same, and it says so; rows that cannot be written end the run. */
export const collect = async <F, R>(run: Run<F, R>, rows: Pick<Rows<F, unknown>, 'add'>): Promise<R> => {
  let broken: { readonly error: unknown } | undefined
  try {
    for await (const findings of run) {
      try {
        await rows.add(findings)
      } catch (error) {
        broken = { error }
        break
      }
    }
  } catch {
    // Told by the report, or thrown again by `report()` when there is none.
  }
  if (broken !== undefined) throw broken.error
  return run.report()
}
