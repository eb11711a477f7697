import { join } from 'node:path'
import type { Algorithm } from '@backproof/core/digest'
import { escapeKey } from '@backproof/core/source'
import { placeOf } from '../entry.js'
import { invalidConfig } from '../errors.js'
import { bagLines, decodeBagName, parseFetchLine, parseManifestLine } from './bag-line.js'
import type { BagManifestFile, BagTags } from './bag-tags.js'
import { digitsOf } from './checksum-algorithm.js'
import { relativeName } from './relative-name.js'

/** What one line of a manifest or of fetch.txt says of a file. Plain JSON: items are sorted on disk. */
export interface BagItem {
  readonly key: string
  /** Name of the tag file. */
  readonly file: string
  readonly digest?: { readonly algorithm: Algorithm; readonly value: string } | undefined
}

const FETCH = 'fetch.txt'
const PAYLOAD = 'data/'

/** Every line of the manifests and of fetch.txt, in pages, in no order. Throws `invalid-config` with file and line number. */
export async function* bagItems(
  tags: BagTags,
  which: { readonly payload: boolean; readonly tagFiles: boolean },
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly BagItem[]> {
  for (const manifest of tags.manifests) {
    if (!(manifest.payload ? which.payload : which.tagFiles)) continue
    for await (const lines of bagLines(join(tags.path, manifest.name), signal)) {
      yield lines.map(({ text, number }) => itemOfLine(tags, manifest, text, `Line ${number} of ${manifest.name}`))
    }
  }
  if (!which.payload || !tags.hasFetch) return
  for await (const lines of bagLines(join(tags.path, FETCH), signal)) {
    yield lines.map(({ text, number }) => {
      const where = `Line ${number} of ${FETCH}`
      const written = parseFetchLine(text)
      if (written === undefined) throw malformed(tags, where, 'expected "<url> <length or -> <filepath>"')
      return { key: keyOf(tags, written, true, where), file: FETCH }
    })
  }
}

/** Whether the item is of fetch.txt. */
export const isFetch = ({ file }: BagItem): boolean => file === FETCH

const itemOfLine = (tags: BagTags, manifest: BagManifestFile, text: string, where: string): BagItem => {
  const parsed = parseManifestLine(text)
  if (parsed === undefined) throw malformed(tags, where, 'expected "<hex digest> <filepath>"')
  const { algorithm, payload, name: file } = manifest
  const { value, name } = parsed
  const digits = digitsOf(algorithm)
  if (digits !== undefined && digits !== value.length)
    throw malformed(tags, where, `it has ${value.length} hexadecimal digits; a ${algorithm} digest has ${digits}`)
  return { key: keyOf(tags, name, payload, where), file, digest: { algorithm, value } }
}

const keyOf = (tags: BagTags, written: string, payload: boolean, where: string): string => {
  const name = relativeName(decodeBagName(written, tags.strict), { root: '', path: tags.path }, where)
  if (name.startsWith(PAYLOAD) === payload) return placeOf(name).key
  const shown = escapeKey(placeOf(name).key)
  throw malformed(
    tags,
    where,
    payload ? `${shown} does not lie in data/` : `${shown} is payload, which tag manifests do not list`,
  )
}

const malformed = (tags: BagTags, where: string, what: string): Error =>
  invalidConfig(`${where} of the bag ${escapeKey(tags.path)} cannot be used: ${what}.`, tags.path)
