import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { escapeKey, nearest } from '@backproof/core/source'
import { usageError } from '../args/usage-error.js'
import { fileKind, kernelPath } from './file-kind.js'
import { LIST_WORDS, listPlace } from './list-place.js'
import { KNOWN_PROVIDERS, type LoadedFactory, type LoadedProvider, loadProvider } from './providers.js'
import { shellQuote } from './shell-quote.js'

/**
 * What the place of a source is used for. `side`: anything. `replica`: anything with bytes, so no checksum file.
 * `baseline`: what was recorded, so no directory but a BagIt bag.
 */
export type Role = 'side' | 'replica' | 'baseline'

/** What an argument names. Paths are absolute. */
export type Place =
  | { readonly kind: 'directory'; readonly given: string; readonly path: string }
  | { readonly kind: 'checksums'; readonly given: string; readonly path: string }
  | {
      readonly kind: 'bag'
      readonly given: string
      readonly path: string
      /** What of the bag: the files it speaks of, or what it says of them. */
      readonly part: 'source' | 'against'
      /** The directory whose files are read, where it is another. */
      readonly copy?: string | undefined
    }
  | { readonly kind: 'tar' | 'zip'; readonly given: string; readonly path: string }
  | {
      readonly kind: 'inventory'
      readonly given: string
      /** The word in front, for example `s3-inventory`. */
      readonly list: string
      readonly opener: LoadedFactory
      /** Where its files are. */
      readonly files: Place
      /** Key of its manifest there. */
      readonly manifest: string
    }
  | { readonly kind: 'rclone'; readonly given: string; readonly path: string }
  | { readonly kind: 'uri'; readonly given: string; readonly uri: string; readonly provider: LoadedProvider }

export interface PlaceContext {
  readonly cwd: string
  /** Third-party providers; they win over the known ones. */
  readonly providers: readonly LoadedProvider[]
}

/**
 * What `given` names: with the word of a list in front (`s3-inventory:`) that list, with a scheme (`s3://`) what its provider
 * opens, else a path. A Windows drive (`C:\`) is a path.
 * @throws BackupError `invalid-config` for an unknown scheme, a provider that is not installed, or a place that does
 *   not fit its role. Whether a directory exists is found out when it is opened.
 */
export const resolvePlace = async (given: string, role: Role, context: PlaceContext): Promise<Place> => {
  if (given === '') throw usageError('an argument is empty', 'Name a directory, an archive, a checksum file or a URI.')
  const list = await listPlace(given, context, (uri) => resolvePlace(uri, 'side', context))
  if (list !== undefined) return list
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(given)?.[1]?.toLowerCase()
  if (scheme === undefined) return localPlace(given, resolve(context.cwd, given), role)
  const own = context.providers.find(({ descriptor }) => descriptor.schemes.includes(scheme))
  if (own !== undefined) return { kind: 'uri', given, uri: given, provider: own }
  if (scheme === 'file') return localPlace(given, await pathOfUri(given), role)
  const known = KNOWN_PROVIDERS[scheme]
  if (known === undefined) throw unknownScheme(scheme, context)
  return { kind: 'uri', given, uri: given, provider: await loadProvider(known, context.cwd) }
}

const localPlace = (given: string, path: string, role: Role): Place => {
  const isFile = isOrdinaryFile(path)
  const name = escapeKey(given)
  const kind = isFile ? fileKind(kernelPath(path)) : undefined
  if (typeof kind === 'object')
    throw usageError(`${name} looks like a list of objects`, `If it is one, write ${kind.word}:${shellQuote(given)}.`)
  if (role === 'baseline') {
    if (isFile) return { kind: 'checksums', given, path }
    if (isOrdinaryFile(join(path, 'bagit.txt'))) return { kind: 'bag', given, path, part: 'against' }
    throw usageError(
      `${name} is not a file and no BagIt bag: --against takes recorded checksums`,
      'Name a manifest or a checksum file. To hold two directories against each other, use `backproof compare`.',
    )
  }
  // A file that is neither is told when it is opened as a directory.
  if (kind === undefined) return { kind: 'directory', given, path }
  if (kind !== 'checksums') return { kind, given, path }
  if (role === 'side') return { kind: 'checksums', given, path }
  throw usageError(
    `${name} is a manifest, which holds no objects`,
    'Give it first (`backproof compare SUMS DIRECTORY`), or use `backproof verify DIRECTORY --against SUMS`.',
  )
}

const pathOfUri = async (uri: string): Promise<string> => {
  const { hostPlatform, pathFromFileUri } = await import('@backproof/provider-local')
  return pathFromFileUri(uri, hostPlatform())
}

const unknownScheme = (scheme: string, context: PlaceContext): Error => {
  const known = [...Object.keys(KNOWN_PROVIDERS), ...context.providers.flatMap(({ descriptor }) => descriptor.schemes)]
  const near = nearest(scheme, known)
  const hint = near === undefined ? '' : `Did you mean ${near}://? `
  return usageError(
    `no provider knows ${scheme}://`,
    `${hint}Known schemes: ${known.map((one) => `${one}://`).join(', ')}; in front of lists: ${LIST_WORDS.map((one) => `${one}:`).join(', ')}. Other providers are named with --provider PACKAGE.`,
  )
}

/** What cannot be looked at is no file here; the source says why, with the right code, when it is opened. */
const isOrdinaryFile = (path: string): boolean => {
  try {
    return statSync(kernelPath(path)).isFile()
  } catch {
    return false
  }
}
