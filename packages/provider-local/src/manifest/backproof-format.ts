import { isUtf8 } from 'node:buffer'
import type { KeyObject } from 'node:crypto'
import { fileChunks, isSameState } from '@backproof/core/run'
import { compareKeys, escapeKey, type ListOptions, type ObjectEntry } from '@backproof/core/source'
import { invalidConfig, localError } from '../errors.js'
import { type ManifestHeader, parseHeader } from './manifest-ends.js'
import { checkManifest, damaged, type VerifiedManifest } from './manifest-integrity.js'
import { entryOfRecord, parseRecord, recordOfRef } from './manifest-record.js'
import type { ManifestFormat } from './manifest-source.js'

interface Whole {
  readonly verified: VerifiedManifest
  readonly header: ManifestHeader
}

/**
 * Our manifest, version 1 (docs/manifest-format.md). The whole file is held against its closing line before the first
 * entry is given out, and again whenever it is not the file that was checked.
 */
export const backproofFormat = (path: string, key: KeyObject | undefined): ManifestFormat => {
  let whole: Whole | undefined
  const check = async (signal: AbortSignal | undefined): Promise<Whole> => {
    const verified = await checkManifest(path, key, signal)
    for await (const lines of linesOf(path, verified, signal)) {
      const header = parseHeader(lines[0]!)
      if (header === undefined) break
      whole = { verified, header }
      return whole
    }
    throw invalidConfig(
      `Line 1 of ${escapeKey(path)} is no header of a manifest that this version reads; update Backproof, or write the manifest anew.`,
      path,
    )
  }
  return {
    keyOrder: 'utf8',
    algorithms: async (signal) => (await check(signal)).header.algorithms,
    async *list(options) {
      const { verified } = whole ?? (await check(options.signal))
      yield* entriesOf(path, verified, options)
    },
    entryOfRef: (ref) => entryOfRecord(recordOfRef(ref)),
  }
}

async function* entriesOf(
  path: string,
  verified: VerifiedManifest,
  { signal, after, range }: ListOptions,
): AsyncGenerator<readonly ObjectEntry[]> {
  const { from, to } = range ?? {}
  const isWanted = (key: string): boolean =>
    (after === undefined || compareKeys(key, after) > 0) &&
    (from === undefined || compareKeys(key, from) >= 0) &&
    (to === undefined || compareKeys(key, to) < 0)
  let number = 0
  let bytes = 0
  let last: string | undefined
  for await (const lines of linesOf(path, verified, signal)) {
    const page: ObjectEntry[] = []
    for (const line of lines) {
      number += 1
      if (number === 1) continue // the header
      const entry = entryOfLine(path, line, number)
      if (last !== undefined && compareKeys(last, entry.key) >= 0)
        throw damaged(
          path,
          `is out of order: line ${number} (${escapeKey(entry.key)}) does not come after the line before`,
        )
      last = entry.key
      bytes += entry.size ?? 0
      if (isWanted(entry.key)) page.push(entry)
    }
    if (page.length > 0) yield page
  }
  if (bytes !== verified.trailer.bytes)
    throw damaged(path, `has entries of ${bytes} bytes; its closing line says ${verified.trailer.bytes}`)
}

const entryOfLine = (path: string, line: string, number: number): ObjectEntry => {
  const record = parseRecord(parseJson(line))
  if ('malformed' in record)
    throw invalidConfig(`Line ${number} of ${escapeKey(path)} is no entry of a manifest: ${record.malformed}.`, path)
  return entryOfRecord(record)
}

const parseJson = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // said as "no JSON object", with the line number
  }
}

/** The lines before the closing one, in pages. Throws `changed` when the file is not the one that was checked. */
async function* linesOf(
  path: string,
  { end, state }: VerifiedManifest,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly string[]> {
  const onOpen: NonNullable<Parameters<typeof fileChunks>[1]>['onOpen'] = (opened) => {
    if (isSameState(state, opened)) return
    const message = `${escapeKey(path)} was modified since it was checked; run again when nothing writes to it.`
    throw localError('changed', 'list', path, message)
  }
  let left = end
  let tail: Buffer = Buffer.alloc(0)
  for await (const chunk of fileChunks(path, { signal, onOpen })) {
    const bytes = Buffer.concat([tail, chunk.subarray(0, left)])
    left -= Math.min(left, chunk.length)
    const cut = bytes.lastIndexOf(0x0a) + 1
    tail = bytes.subarray(cut)
    if (cut === 0) continue
    const text = bytes.subarray(0, cut - 1)
    if (!isUtf8(text)) throw invalidConfig(`${escapeKey(path)} is not UTF-8, as manifests are.`, path)
    yield text.toString('utf8').split('\n')
  }
}
