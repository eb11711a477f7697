import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Algorithm } from '@backproof/core/digest'
import { escapeKey } from '@backproof/core/source'
import { invalidConfig, localError, systemError } from '../errors.js'
import { bagLines } from './bag-line.js'
import { algorithmFromTag } from './checksum-algorithm.js'

/** One manifest of a bag. */
export interface BagManifestFile {
  readonly name: string
  readonly algorithm: Algorithm
  /** Of the payload, or of tag files. */
  readonly payload: boolean
}

/** What the tag files of a bag say of the bag as a whole. */
export interface BagTags {
  /** Absolute path. */
  readonly path: string
  /** Version 1.0 or newer: `%25` stands for `%`, and every payload file is in every payload manifest. */
  readonly strict: boolean
  /** By name; at least one is of the payload. */
  readonly manifests: readonly BagManifestFile[]
  readonly hasFetch: boolean
  /** `Payload-Oxum` of bag-info.txt, where there is one. */
  readonly oxum: { readonly bytes: number; readonly files: number } | undefined
}

/**
 * Reads the tag files of a bag (RFC 8493, section 2). Throws `invalid-config` for a directory that is no bag, and
 * `unsupported` for tag files in another encoding than UTF-8.
 */
export const readBagTags = async (path: string, signal: AbortSignal | undefined): Promise<BagTags> => {
  const names = await namesOf(path)
  if (!names.includes('bagit.txt')) throw noBag(path, 'it has no bagit.txt')
  const declaration = await fieldsOf(join(path, 'bagit.txt'), signal)
  const version = /^(\d+)\.(\d+)$/.exec(declaration.get('bagit-version')?.[0] ?? '')
  if (version === null) throw noBag(path, 'its bagit.txt does not say "BagIt-Version: <major>.<minor>"')
  const encoding = declaration.get('tag-file-character-encoding')?.[0] ?? ''
  if (encoding === '') throw noBag(path, 'its bagit.txt has no Tag-File-Character-Encoding')
  if (!/^utf-?8$/i.test(encoding))
    throw localError(
      'unsupported',
      'list',
      path,
      `The tag files of the bag ${escapeKey(path)} are in ${escapeKey(encoding)}; only UTF-8 is read.`,
    )
  const manifests = names.flatMap(manifestOfName)
  if (!manifests.some(({ payload }) => payload))
    throw noBag(path, 'it has no payload manifest (manifest-<algorithm>.txt)')
  return {
    path,
    strict: Number(version[1]) >= 1,
    manifests,
    hasFetch: names.includes('fetch.txt'),
    oxum: names.includes('bag-info.txt') ? await oxumOf(path, signal) : undefined,
  }
}

const namesOf = async (path: string): Promise<readonly string[]> => {
  try {
    return (await readdir(path)).sort()
  } catch (error) {
    throw systemError(error, 'list', path)
  }
}

const manifestOfName = (name: string): readonly BagManifestFile[] => {
  const [, tag, algorithm] = /^(tag)?manifest-([a-z0-9-]+)\.txt$/i.exec(name) ?? []
  return algorithm === undefined ? [] : [{ name, algorithm: algorithmFromTag(algorithm), payload: tag === undefined }]
}

/** The octets and the number of payload files, as `bytes.files`. */
const oxumOf = async (path: string, signal: AbortSignal | undefined): Promise<BagTags['oxum']> => {
  const given = (await fieldsOf(join(path, 'bag-info.txt'), signal)).get('payload-oxum') ?? []
  if (given.length === 0) return undefined
  const match = given.length === 1 ? /^(\d{1,15})\.(\d{1,15})$/.exec(given[0]!) : null
  if (match === null)
    throw invalidConfig(
      `bag-info.txt of the bag ${escapeKey(path)} has a Payload-Oxum that is not one <bytes>.<files>.`,
      path,
    )
  return { bytes: Number(match[1]), files: Number(match[2]) }
}

/** `Label: value` lines by label in lower case; a line that begins with white space continues the one before. */
const fieldsOf = async (path: string, signal: AbortSignal | undefined): Promise<Map<string, string[]>> => {
  const fields = new Map<string, string[]>()
  let last: string[] | undefined
  for await (const lines of bagLines(path, signal)) {
    for (const { text } of lines) {
      if (/^[ \t]/.test(text) && last !== undefined) {
        last[last.length - 1] += ` ${text.trim()}`
        continue
      }
      const [, label, value] = /^([^:]+?)[ \t]*:(.*)$/.exec(text) ?? []
      if (label === undefined) continue // what is no field says nothing that counts here
      last = fields.get(label.toLowerCase()) ?? []
      last.push(value!.trim())
      fields.set(label.toLowerCase(), last)
    }
  }
  return fields
}

const noBag = (path: string, why: string): Error =>
  invalidConfig(`${escapeKey(path)} is no bag: ${why}. Give the base directory of a BagIt bag.`, path)
