import { type FactToken, factToken } from './fact.js'
import type { Severity } from './verdict.js'

/** How one waiver stood in an audit. Times are milliseconds since 1970. */
export interface WaiverStanding {
  /** As it says; `#2` for the second one, where it has none. */
  readonly id: string
  /**
   * `used`: it accepts failing rows. `unused`: none matches. `undecided`: what it may be about could not be decided. `not-reached`:
   * the run did not look at everything. `not-asked`: no rule of the run is the one that it is about. `too-long`: it runs longer than
   * the severity of a row allows, and does not accept it.
   */
  readonly state: 'used' | 'unused' | 'undecided' | 'not-reached' | 'not-asked' | 'malformed' | 'expired' | 'too-long'
  /** Of one that is malformed. */
  readonly wrong?: string | undefined
  /** The last moment that it covers; absent where it is malformed. */
  readonly expires?: number | undefined
  readonly approver?: string | undefined
  /** From its approval, or else the clock of the run, to the last moment that it covers; milliseconds. */
  readonly span?: number | undefined
  /** The rule that it is about, where it names one. */
  readonly rule?: string | undefined
  /** Failing rows that it accepts. */
  readonly rows: number
  /** The severest of these; of `too-long`, that of the first row that it may not accept. */
  readonly severity?: Severity | undefined
}

/**
 * How the waivers of this audit stood, by id. The engine gives it to rules about the estate that need nothing else, after all others
 * were asked.
 */
export const waiverStandings: FactToken<readonly WaiverStanding[]> = factToken('audit.waivers', {
  of: 'estate',
  description: 'how the waivers of this audit stood',
})
