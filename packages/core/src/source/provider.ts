import type { BackupSource } from './backup-source.js'

/** What a host gives a provider to open a URI with. */
export interface ProviderContext {
  /** Directory against which relative paths are resolved. Default: the process's working directory. */
  readonly cwd?: string | undefined
  /** Options from the host, by name (for the local provider: `symlinks`, `oneFileSystem`). Unknown names are refused. */
  readonly options?: Readonly<Record<string, unknown>> | undefined
}

/**
 * How a host finds a provider: every provider package exports `provider`. It also lets a run be described to another
 * process without secrets: by URI.
 */
export interface ProviderDescriptor {
  readonly specVersion: 'v1'
  /** Short name as in errors, for example `local`. */
  readonly name: string
  /** URI schemes it opens, lowercase, without `:`, for example `['file']`. */
  readonly schemes: readonly string[]
  /** Opens a URI of one of its schemes. Throws `invalid-config` when the URI cannot be understood. */
  fromUri(uri: string, context?: ProviderContext): BackupSource | Promise<BackupSource>
}
