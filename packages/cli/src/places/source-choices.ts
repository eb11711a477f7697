import { type KnownAlgorithm, parseAlgorithm } from '@backproof/core/digest'
import type { Values } from '../args/parse.js'
import { choice, flag, text, texts } from '../args/values.js'
import { readKeyFile } from './key-file.js'
import { type ProviderOption, parseProviderOptions } from './provider-options.js'

/** Options of sources, as the command line gives them. */
export interface SourceChoices {
  readonly directory: {
    readonly symlinks?: 'report' | 'follow' | 'skip'
    readonly oneFileSystem?: boolean
    readonly tempDirectory?: string
  }
  readonly checksums: {
    readonly algorithm?: KnownAlgorithm
    readonly root?: string
    /** PEM text. */
    readonly publicKey?: string
  }
  /** Options for providers of URIs. */
  readonly providers: readonly ProviderOption[]
}

export const sourceChoices = (values: Values): SourceChoices => {
  const algorithm = text(values, 'algorithm')
  const root = text(values, 'root')
  const keyFile = text(values, 'public-key')
  return {
    directory: directoryChoices(values),
    checksums: {
      ...(algorithm !== undefined && { algorithm: parseAlgorithm(algorithm) }),
      ...(root !== undefined && { root }),
      ...(keyFile !== undefined && { publicKey: readKeyFile(keyFile) }),
    },
    providers: parseProviderOptions(texts(values, 'with'), process.env),
  }
}

export const directoryChoices = (values: Values): SourceChoices['directory'] => {
  const symlinks = choice(values, 'symlinks', ['report', 'follow', 'skip'] as const)
  const tempDirectory = text(values, 'temp')
  return {
    ...(symlinks !== undefined && { symlinks }),
    ...(flag(values, 'one-file-system') && { oneFileSystem: true }),
    ...(tempDirectory !== undefined && { tempDirectory }),
  }
}
