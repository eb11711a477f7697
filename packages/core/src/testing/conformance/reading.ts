import { isUint8Array } from 'node:util/types'
import type { BackupSource, CallOptions, ListOptions, ObjectBody, ReadOptions } from '../../source/backup-source.js'
import type { JsonValue, ObjectEntry } from '../../source/entry.js'
import { broken, check, checkBytes, shown } from './check.js'
import type { ConformanceObject } from './types.js'

export const listAll = async (source: BackupSource, options?: ListOptions): Promise<ObjectEntry[]> => {
  const entries: ObjectEntry[] = []
  for await (const page of source.list(options)) entries.push(...page)
  return entries
}

export const entriesByKey = async (source: BackupSource): Promise<ReadonlyMap<string, ObjectEntry>> =>
  new Map((await listAll(source)).map((entry) => [entry.key, entry]))

export const entryFor = async (source: BackupSource, key: string): Promise<ObjectEntry> => {
  const entry = (await entriesByKey(source)).get(key)
  if (entry === undefined) throw broken(`The listing does not hold ${shown(key)}.`)
  return entry
}

/** Copies of the chunks of a body; throws when more than `limit` bytes come. */
export const collect = async ({ body }: ObjectBody, limit: number, what: string): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  let length = 0
  let empty = 0
  for await (const chunk of body) {
    check(isUint8Array(chunk), () => `${what}: a chunk is no Uint8Array.`)
    length += chunk.length
    check(length <= limit, () => `${what}: more than the ${limit} bytes that are there came.`)
    if (chunk.length > 0) chunks.push(chunk.slice())
    else check(++empty < 1_000, () => `${what}: nothing but empty chunks comes.`)
  }
  return Buffer.concat(chunks)
}

/** Reads an object whole and compares what came. */
export const checkRead = async (
  source: BackupSource,
  ref: JsonValue,
  { key, bytes }: ConformanceObject,
  options?: ReadOptions,
): Promise<void> => {
  const what = `Reading ${shown(key)}`
  const opened = await source.read(ref, options)
  check(opened.info.key === key, () => `${what}: info is that of ${shown(opened.info.key)}.`)
  check(
    opened.info.size === undefined || opened.info.size === bytes.length,
    () => `${what}: info tells ${opened.info.size} bytes; there are ${bytes.length}.`,
  )
  const { range } = opened
  check(range === undefined, () => `${what}: a range is told, although all bytes were asked for.`)
  checkBytes(await collect(opened, bytes.length, what), bytes, what)
}

/** Tells that the reader leaves, before or after its first `next()`. */
export const leave = async (iterator: AsyncIterator<unknown>): Promise<void> => {
  await iterator.return?.()
}

/** The scan of a source that must have one. */
export const scanOf = (source: BackupSource, options?: CallOptions): AsyncIterable<ObjectBody> => {
  const scan = source.scan?.(options)
  if (scan === undefined) throw broken('The source has no scan.')
  return scan
}
