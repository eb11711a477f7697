import type { ObjectFinding } from '../report/finding.js'
import type { Report } from '../report/report.js'
import type { RunOptions } from '../run/options.js'
import type { Run } from '../run/run.js'

/**
 * Something that checks backups in its own way and answers in findings like everything else: `verify` is the one that
 * comes with core; a plugin may wrap the checker that a backup tool brings along.
 *
 * Obligations: read-only; every object it was to check has a finding; what it could not check is `unverifiable` or
 * `error`, never left out; its run honours `signal` and makes no claim beyond what it read.
 */
export interface Verifier {
  readonly specVersion: 'v1'
  /** Short name, for example `restic-check`. */
  readonly name: string
  verify(options: RunOptions): Run<ObjectFinding, Report>
}
