import { lstat } from 'node:fs/promises'
import { spillSort } from '@backproof/core/compare'
import { BackupError, type BackupErrorJson, type ErrorCode } from '@backproof/core/errors'
import { compareKeys, escapeKey, keyToBytes, type ObjectEntry } from '@backproof/core/source'
import { errnoOf, PROVIDER, systemError } from '../errors.js'
import { bagEntry, entryOfBagRef } from './bag-entry.js'
import { type BagItem, bagItems, isFetch } from './bag-items.js'
import type { BagTags } from './bag-tags.js'
import type { ManifestFormat } from './manifest-source.js'

/** What a bag is held against. */
export interface BagContext {
  readonly tags: BagTags
  /** Absolute path of the directory whose files are read. */
  readonly directory: string
  readonly tempDirectory: string | undefined
  /** What is wrong with the payload as a whole. */
  readonly payloadFault: (signal: AbortSignal | undefined) => Promise<BackupErrorJson | undefined>
}

export const BAG_INFO = 'bag-info.txt'

/** The entries that a bag promises, in canonical order, each with the digests of all its manifests. */
export const bagExpectation = (context: BagContext): ManifestFormat => ({
  keyOrder: 'utf8',
  algorithms: async () => [...new Set(context.tags.manifests.map(({ algorithm }) => algorithm))],
  async *list({ signal, after }) {
    const fault = await context.payloadFault(signal)
    for await (const groups of groupedItems(context, fault, signal)) {
      const page: ObjectEntry[] = []
      for (const items of groups) {
        if (after !== undefined && compareKeys(items[0]!.key, after) <= 0) continue
        page.push(await entryOfItems(items, context, fault))
      }
      if (page.length > 0) yield page
    }
  },
  entryOfRef: entryOfBagRef,
})

/** What all tag files say of a key together, in key order, in pages. */
async function* groupedItems(
  { tags, tempDirectory }: BagContext,
  fault: BackupErrorJson | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly (readonly BagItem[])[]> {
  const sorted = spillSort(withFault(bagItems(tags, ALL, signal), fault), {
    compare: (a, b) => compareKeys(a.key, b.key) || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0),
    encode: (item) => JSON.stringify(item),
    decode: (line) => JSON.parse(line) as BagItem,
    weigh: ({ key }) => 300 + 2 * key.length,
    ...(signal !== undefined && { signal }),
    ...(tempDirectory !== undefined && { tempDirectory }),
  })
  let open: BagItem[] = []
  for await (const page of sorted) {
    const groups: (readonly BagItem[])[] = []
    for (const item of page) {
      if (open.length > 0 && open[0]!.key !== item.key) {
        groups.push(open)
        open = []
      }
      // A key in thousands of lines is a key listed twice, however many more there are.
      if (open.length < MOST_LINES) open.push(item)
    }
    if (groups.length > 0) yield groups
  }
  if (open.length > 0) yield [open]
}

const ALL = { payload: true, tagFiles: true } as const
const MOST_LINES = 1_000

/** A fault of the whole payload is told at bag-info.txt, whether or not a manifest lists that. */
async function* withFault(
  pages: AsyncIterable<readonly BagItem[]>,
  fault: BackupErrorJson | undefined,
): AsyncGenerator<readonly BagItem[]> {
  if (fault !== undefined) yield [{ key: BAG_INFO, file: '' }]
  yield* pages
}

const entryOfItems = async (
  items: readonly BagItem[],
  { tags, directory }: BagContext,
  fault: BackupErrorJson | undefined,
): Promise<ObjectEntry> => {
  const { key } = items[0]!
  const digests = items.flatMap(({ digest }) => (digest === undefined ? [] : [digest]))
  if (key === BAG_INFO && fault !== undefined) return bagEntry(key, digests, fault)
  const problem = listingProblem(items, tags) ?? (items.some(isFetch) ? await fetchProblem(key, directory) : undefined)
  return bagEntry(key, digests, problem)
}

const listingProblem = (items: readonly BagItem[], tags: BagTags): BackupErrorJson | undefined => {
  const { key } = items[0]!
  const twice = items.find(({ file }, i) => items[i + 1]?.file === file)
  if (twice !== undefined) return problem('corrupt', key, `is listed twice in ${twice.file}`)
  if (!key.startsWith('data/')) return undefined
  const listing = items.filter((item) => !isFetch(item)).map(({ file }) => file)
  if (listing.length === 0) return problem('corrupt', key, 'is in fetch.txt, but in no payload manifest')
  const lacking = tags.manifests.filter(({ name, payload }) => payload && !listing.includes(name))
  // Since version 1.0 every payload manifest lists every payload file (RFC 8493, section 3).
  if (!tags.strict || lacking.length === 0) return undefined
  return problem(
    'corrupt',
    key,
    `is in ${listing.join(' and ')}, but not in ${lacking.map(({ name }) => name).join(' and ')}`,
  )
}

const fetchProblem = async (key: string, directory: string): Promise<BackupErrorJson | undefined> => {
  try {
    await lstat(Buffer.concat([Buffer.from(keyToBytes(`${directory}/`)), keyToBytes(key)]))
    return undefined
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') return systemError(error, 'stat', key).toJSON()
    return problem('not-found', key, 'is in fetch.txt and was not fetched')
  }
}

/** A problem of one key of a bag. */
export const problem = (code: ErrorCode, key: string, what: string): BackupErrorJson =>
  new BackupError({
    code,
    message: `${escapeKey(key)} ${what}.`,
    provider: PROVIDER,
    operation: 'list',
    subject: key,
  }).toJSON()
