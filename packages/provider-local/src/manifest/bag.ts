import { join } from 'node:path'
import type { BackupErrorJson } from '@backproof/core/errors'
import { type BackupSource, escapeKey, type ListOptions, type ObjectEntry } from '@backproof/core/source'
import { invalidConfig } from '../errors.js'
import { absolutePath, checkNames } from '../options.js'
import { localDirectory } from '../source.js'
import { BAG_INFO, bagExpectation, problem } from './bag-expectation.js'
import { bagItems } from './bag-items.js'
import { type BagTags, readBagTags } from './bag-tags.js'
import { manifestSource } from './manifest-source.js'

export interface BagOptions {
  /** The base directory of the bag. A relative path is resolved once, against the working directory. */
  readonly path: string
  /** The directory whose files are read: a copy of the bag. Default: the bag itself. */
  readonly copy?: string | undefined
  /** Where lists that are too long for memory are sorted. Default: `os.tmpdir()`. */
  readonly tempDirectory?: string | undefined
}

/** What `verify` takes: `verify(bag({ path }))`. */
export interface Bag {
  /** The files that the bag speaks of. Tag files that no tag manifest lists are marked `excluded: 'unlisted-tag-file'`. */
  readonly source: BackupSource
  /** What its manifests say of them. */
  readonly against: BackupSource
}

/** Tag files that tag manifests may list: their names are held in memory. */
const MOST_TAG_FILES = 100_000

/**
 * A BagIt bag (RFC 8493) and what it should hold. Verifying one against the other decides, as section 3 defines them,
 * completeness (every listed file is there, and every payload file is listed in every payload manifest) and validity
 * (every digest of every payload and tag manifest fits).
 *
 * - A payload file that is in no manifest is `extra`; in versions before 1.0 one manifest of several is enough.
 * - A file of fetch.txt that was not fetched is `missing`, and its error says so. Nothing is ever fetched.
 * - A payload that is not what `Payload-Oxum` says is an `unreadable` finding for bag-info.txt.
 *
 * Throws `invalid-config` at once for wrong options; describing or listing throws it for a directory that is no bag, and
 * with file and line number for a line that cannot be used.
 */
export const bag = (options: BagOptions): Bag => {
  const factory = 'bag'
  checkNames(factory, options, ['path', 'copy', 'tempDirectory'])
  const path = absolutePath(factory, options.path)
  const directory = options.copy === undefined ? path : absolutePath(factory, options.copy)
  const { tempDirectory } = options
  const files = localDirectory({ path: directory, tempDirectory })
  let known: BagTags | undefined
  const tagsOf = async (signal: AbortSignal | undefined): Promise<BagTags> => {
    known ??= await readBagTags(path, signal)
    return known
  }
  return {
    source: Object.freeze({ ...files, list: (call?: ListOptions) => listFiles(files, tagsOf, call) }),
    against: manifestSource(join(path, 'bagit.txt'), async (given) => {
      const tags = await tagsOf(given)
      const payloadFault = (signal: AbortSignal | undefined) => oxumFault(tags, files, signal)
      return bagExpectation({ tags, directory, tempDirectory, payloadFault })
    }),
  }
}

async function* listFiles(
  files: BackupSource,
  tagsOf: (signal: AbortSignal | undefined) => Promise<BagTags>,
  call: ListOptions = {},
): AsyncGenerator<readonly ObjectEntry[]> {
  const listed = await listedTagFiles(await tagsOf(call.signal), files, call.signal)
  for await (const page of files.list(call))
    yield page.map((entry) =>
      isPayload(entry) || entry.problem !== undefined || entry.excluded !== undefined || listed.has(entry.key)
        ? entry
        : { ...entry, excluded: 'unlisted-tag-file' },
    )
}

const isPayload = ({ key }: ObjectEntry): boolean => key.startsWith('data/')

const listedTagFiles = async (
  tags: BagTags,
  files: BackupSource,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> => {
  const listed = new Set<string>()
  if ((await oxumFault(tags, files, signal)) !== undefined) listed.add(BAG_INFO)
  for await (const page of bagItems(tags, { payload: false, tagFiles: true }, signal)) {
    for (const { key } of page) listed.add(key)
    if (listed.size > MOST_TAG_FILES)
      throw invalidConfig(
        `The tag manifests of the bag ${escapeKey(tags.path)} list more than ${MOST_TAG_FILES} files; payload belongs into data/.`,
        tags.path,
      )
  }
  return listed
}

/** Whether the payload is another than `Payload-Oxum` says (RFC 8493, section 2.2.2). What cannot be listed is told by itself. */
const oxumFault = async (
  { oxum }: BagTags,
  files: BackupSource,
  signal: AbortSignal | undefined,
): Promise<BackupErrorJson | undefined> => {
  if (oxum === undefined) return undefined
  let bytes = 0
  let count = 0
  for await (const page of files.list({ signal, range: { from: 'data/', to: 'data0' } })) {
    for (const entry of page) {
      if (!isPayload(entry)) continue
      if (entry.problem !== undefined) return undefined
      if (entry.kind !== 'object') continue
      bytes += entry.size ?? 0
      count += 1
    }
  }
  if (bytes === oxum.bytes && count === oxum.files) return undefined
  const what = `says that the payload is ${oxum.bytes} bytes in ${oxum.files} files (Payload-Oxum); it is ${bytes} in ${count}`
  return problem('corrupt', BAG_INFO, what)
}
