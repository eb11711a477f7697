import { basename, dirname, resolve } from 'node:path'
import { escapeKey } from '@backproof/core/source'
import { usageError } from '../args/usage-error.js'
import { loadFactory } from './providers.js'
import type { Place, PlaceContext } from './resolve-place.js'

/** What opens the lists that storage services make of their objects, by the word in front of a manifest. */
const INVENTORIES: ReadonlyMap<string, { readonly provider: string; readonly factory: string }> = new Map([
  ['s3-inventory', { provider: '@backproof/provider-aws', factory: 's3Inventory' }],
  ['s3-checksum-report', { provider: '@backproof/provider-aws', factory: 's3ChecksumReport' }],
  ['azure-inventory', { provider: '@backproof/provider-azure', factory: 'azureInventory' }],
  ['storage-insights', { provider: '@backproof/provider-gcp', factory: 'storageInsights' }],
])
const RCLONE = 'rclone-list'

/** The words in front of lists. */
export const LIST_WORDS: readonly string[] = [...INVENTORIES.keys(), RCLONE]

/**
 * The list that `given` names: `s3-inventory:PATH` or `s3-inventory:URI` of its manifest, or `rclone-list:PATH`; also with `+`
 * before a URI, as reports write it. `undefined` when there is no such word in front.
 *
 * @param placeOf What a URI without the word names.
 */
export const listPlace = async (
  given: string,
  context: PlaceContext,
  placeOf: (uri: string) => Promise<Place>,
): Promise<Place | undefined> => {
  const [, word = '', sign, rest = ''] = /^([a-z0-9-]+)([:+])(.*)$/is.exec(given) ?? []
  const list = word.toLowerCase()
  if (!LIST_WORDS.includes(list)) return undefined
  const uri = /^([a-z][a-z0-9+.-]+):\/\//i.exec(rest)?.[1]?.toLowerCase()
  // Without a URI behind it, the sign is one of a file's name.
  if (sign === '+' && uri === undefined) return undefined
  if (rest === '' || rest.startsWith('//'))
    throw usageError(`${escapeKey(given)} names no file`, `Write ${list}:PATH, or ${list}:URI.`)
  const file = uri === undefined ? resolve(context.cwd, rest) : uri === 'file' ? await pathOfUri(rest) : undefined
  if (list === RCLONE) {
    if (file !== undefined) return { kind: 'rclone', given, path: file }
    throw usageError(`${escapeKey(given)} is not on this machine`, `Copy what rclone wrote, and write ${RCLONE}:PATH.`)
  }
  const { provider, factory } = INVENTORIES.get(list)!
  const opener = await loadFactory(provider, factory, context.cwd)
  if (file !== undefined) return { kind: 'inventory', given, list, opener, ...localManifest(file) }
  const { root, key } = splitUri(rest, given)
  return { kind: 'inventory', given, list, opener, files: await placeOf(root), manifest: key }
}

const pathOfUri = async (uri: string): Promise<string> => {
  const { hostPlatform, pathFromFileUri } = await import('@backproof/provider-local')
  return pathFromFileUri(uri, hostPlatform())
}

/** The files of rows lie beside the manifest, or in a folder beside the manifest's own: from there both can be reached. */
const localManifest = (path: string): { readonly files: Place; readonly manifest: string } => {
  const folder = dirname(path)
  const root = dirname(folder)
  const [inRoot, name] = [basename(folder), basename(path)]
  return { files: { kind: 'directory', given: root, path: root }, manifest: inRoot === '' ? name : `${inRoot}/${name}` }
}

/** The whole bucket or container, and the key in it: manifests name their files by whole keys. */
const splitUri = (uri: string, given: string): { readonly root: string; readonly key: string } => {
  const wrong = (what: string, todo: string): Error => usageError(`${escapeKey(given)} ${what}`, todo)
  if (/[?#]/.test(uri))
    throw wrong(
      'has a query or a fragment',
      'In a key, write ? as %3F and # as %23. Options of lists are given by --with, for example --with s3-inventory:prefix=shop/.',
    )
  // An account stands in front of the container of a blob.
  const names = /^azblob:/i.test(uri) ? 2 : 1
  const match = new RegExp(`^([a-z0-9+.-]+://[^/]+${'/[^/]+'.repeat(names - 1)})/(.*[^/])$`, 'i').exec(uri)
  if (match === null) throw wrong('names no manifest', 'Give the URI of the manifest itself, which is a file.')
  try {
    return { root: match[1]!, key: decodeURIComponent(match[2]!) }
  } catch {
    throw wrong('has a % that begins no escape of UTF-8', 'Write % as %25.')
  }
}
