import { type KnownAlgorithm, parseAlgorithm } from '@backproof/core/digest'
import type { Values } from '../args/parse.js'
import { choice, flag, text } from '../args/values.js'
import { readKeyFile } from './key-file.js'

/** Options of local sources, as the command line gives them. */
export interface LocalChoices {
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
}

export const localChoices = (values: Values): LocalChoices => {
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
  }
}

export const directoryChoices = (values: Values): LocalChoices['directory'] => {
  const symlinks = choice(values, 'symlinks', ['report', 'follow', 'skip'] as const)
  const tempDirectory = text(values, 'temp')
  return {
    ...(symlinks !== undefined && { symlinks }),
    ...(flag(values, 'one-file-system') && { oneFileSystem: true }),
    ...(tempDirectory !== undefined && { tempDirectory }),
  }
}
