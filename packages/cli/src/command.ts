import type { Parsed } from './args/parse.js'
import type { CommandSpec } from './args/spec.js'

/** What the module of a command exports as `command`. */
export interface Command {
  readonly spec: CommandSpec
  /** Runs it. Resolves with the exit code once the system has taken all output. */
  readonly run: (parsed: Parsed) => Promise<number>
}

/** A command that is loaded on demand; name and summary are here so that the overview loads none. */
export interface CommandEntry {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<Command>
}
