/** One option of a command. The parser and `--help` both read this, so they cannot disagree. */
export interface OptionSpec {
  /** Long name without dashes. */
  readonly name: string
  readonly type: 'boolean' | 'string'
  readonly short?: string | undefined
  /** May be given several times. */
  readonly multiple?: boolean | undefined
  /** How help names the value, for example `FILE`. */
  readonly value?: string | undefined
  /** For help: what it does, and its default. */
  readonly help: string
}

export interface Example {
  readonly command: string
  readonly meaning: string
}

/** A command as the parser and help see it. */
export interface CommandSpec {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** Without the leading `backproof`. */
  readonly usage: readonly string[]
  /** Paragraphs for `--help`. */
  readonly about: readonly string[]
  readonly options: readonly OptionSpec[]
  readonly examples: readonly Example[]
}
