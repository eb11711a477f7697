import { knownOptions } from '../compare/validate.js'
import type { BackupSource } from '../source/backup-source.js'
import type { PreflightOptions, PreflightReport } from './report.js'

/**
 * Tries what a run will need of a source, in a few requests: `reach` it, `list` a page, see whether the keys are in
 * `order`, `stat` one object, `read` its first bytes; and tells its `digests` and `versions`. Then what only the provider
 * can try (`BackupSource.preflight`); of two checks with the same id the provider's stands. Passing faults are tried again.
 *
 * Whatever does not work is in the report: rejects on abort only. Throws `invalid-config` at once for an unknown option.
 */
export const preflight = (source: BackupSource, options: PreflightOptions = {}): Promise<PreflightReport> => {
  knownOptions('preflight()', options, ['signal', 'now', 'retry'])
  return run(source, options)
}

const run = async (source: BackupSource, options: PreflightOptions): Promise<PreflightReport> => {
  const { runChecks } = await import('./run-checks.js')
  return runChecks(source, options)
}
