import type { BigIntStats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Algorithm } from '@backproof/core/digest'
import { datedList, type OpenedList } from '@backproof/core/inventory'
import { fileChunks } from '@backproof/core/run'
import { type BackupSource, type CallOptions, escapeKey, keyToBytes, showValue } from '@backproof/core/source'
import { invalidConfig, localError, PROVIDER, systemError } from '../errors.js'
import { algorithmFromFileName } from '../manifest/checksum-algorithm.js'
import { absolutePath, checkNames } from '../options.js'
import { fileUri, hostPlatform } from '../paths.js'
import { readHashsum } from './hashsum-format.js'
import { readLsjson } from './lsjson-format.js'
import { algorithmOfRclone } from './rclone-digest.js'

/** `lsjson`: the JSON of `rclone lsjson`. `hashsum`: the lines of `rclone hashsum`, `md5sum` and `sha1sum`. */
export type RcloneListFormat = 'lsjson' | 'hashsum'

export interface RcloneListOptions {
  /** The file that rclone's output was written to. A relative path is resolved once, against the working directory. */
  readonly path: string
  /**
   * When the list was made, milliseconds since 1970: best when rclone was started, as what changes while it lists may be in the list in
   * either state. Default: when the file was written last.
   */
  readonly asOf?: number | undefined
  /** Default: told by the first bytes of the file. */
  readonly format?: RcloneListFormat | undefined
  /**
   * The algorithm of a `hashsum`, in rclone's spelling or ours; it may be one that only rclone knows (`quickxor`). Default: told by the
   * file's name (`MD5SUMS`, `x.sha256`, ...), or by the length of a hash: 16 bytes md5, 20 sha1, 32 sha256, 64 sha512.
   */
  readonly algorithm?: Algorithm | undefined
}

/**
 * What rclone listed, as a dated list without bytes: the output of `rclone lsjson -R --hash remote:path` (with sizes and all
 * hashes) or of `rclone hashsum ALGORITHM remote:path`, also with `--base64`. Works for every place that rclone knows.
 *
 * Digests are `claimed`: rclone tells what the place told it, unchecked. A match with such a list needs `require: 'claimed'`.
 * Keys are the names that rclone's paths stand for: `␊` is a newline, as rclone writes one. Bytes that are not UTF-8
 * cannot be told: rclone replaces them.
 *
 * Throws `invalid-config` at once for wrong options. Listing throws `corrupt` with the number of a line that cannot be
 * read and for a list that was cut short, and `changed` where the file was written meanwhile.
 */
export const rcloneList = (options: RcloneListOptions): BackupSource => {
  const factory = 'rcloneList'
  checkNames(factory, options, ['path', 'asOf', 'format', 'algorithm'])
  const path = absolutePath(factory, options.path)
  const { asOf, format, algorithm } = options
  if (asOf !== undefined && !Number.isSafeInteger(asOf)) {
    throw invalidConfig(`${factory}: asOf is ${showValue(asOf)}; it must be milliseconds since 1970.`)
  }
  if (format !== undefined && !FORMATS.includes(format)) {
    throw invalidConfig(`${factory}: format is ${showValue(format)}; it must be one of ${FORMATS.join(', ')}.`)
  }
  if (algorithm !== undefined && (typeof algorithm !== 'string' || algorithm === '')) {
    throw invalidConfig(`${factory}: algorithm is ${showValue(algorithm)}; it must be the name of one.`)
  }
  const settings: Settings = { path, asOf, format, algorithm }
  const uri = `rclone-list+${fileUri(path, hostPlatform())}`
  return datedList({ uri, provider: PROVIDER, open: (call) => openList(settings, call) })
}

const FORMATS: readonly RcloneListFormat[] = ['lsjson', 'hashsum']

/** Options, checked; `path` is absolute. */
type Settings = Pick<RcloneListOptions, 'path' | 'asOf' | 'format' | 'algorithm'>

const openList = async (settings: Settings, call: CallOptions): Promise<OpenedList> => {
  const { path } = settings
  const written = await stateOf(path)
  const format = settings.format ?? (await detectFormat(path, call.signal))
  if (format === 'lsjson' && settings.algorithm !== undefined) {
    throw invalidConfig(
      `${escapeKey(path)}: the option algorithm does not fit: the output of lsjson names the algorithms. Leave it out.`,
      path,
    )
  }
  const told = settings.algorithm ?? algorithmFromFileName(basename(path))
  const algorithm = told === undefined ? undefined : algorithmOfRclone(told)
  /** What was said of the list must not be of another one. */
  const onOpen = (state: BigIntStats): void => {
    if (state.mtimeNs === written.mtimeNs && state.ino === written.ino && state.dev === written.dev) return
    const message = `${escapeKey(path)} was written anew since it was opened; open it again.`
    throw localError('changed', 'list', path, message)
  }
  const rows: OpenedList['rows'] = ({ signal }) =>
    format === 'lsjson' ? readLsjson(path, { signal, onOpen }) : readHashsum(path, algorithm, { signal, onOpen })
  return {
    asOf: settings.asOf ?? Number(written.mtimeNs / 1_000_000n),
    listingDigests: (await firstAlgorithms(rows, call)).map((one) => ({ algorithm: one, provenance: 'claimed' })),
    rows,
  }
}

/** Algorithms of the first page: a list without hashes must not be read to its end for that. */
const firstAlgorithms = async (rows: OpenedList['rows'], call: CallOptions): Promise<readonly Algorithm[]> => {
  for await (const page of rows(call)) {
    return [...new Set(page.flatMap(({ digests = [] }) => digests.map(({ algorithm }) => algorithm)))].sort()
  }
  return []
}

const stateOf = async (path: string): Promise<BigIntStats> => {
  try {
    return await stat(Buffer.from(keyToBytes(path)), { bigint: true })
  } catch (error) {
    throw systemError(error, 'open', path)
  }
}

/** JSON begins with a bracket, or with the mark of an encoding; a line of hashes with a hash, or with blanks for none. */
const detectFormat = async (path: string, signal: AbortSignal | undefined): Promise<RcloneListFormat> => {
  for await (const chunk of fileChunks(path, { signal })) {
    return /^(?:\s*[[{]|\xef\xbb\xbf|\xff\xfe|\xfe\xff)/.test(chunk.toString('latin1', 0, 64)) ? 'lsjson' : 'hashsum'
  }
  return 'hashsum'
}
