import { isBackupError } from '@backproof/core/errors'
import { type BackupSource, keyFromBytes, type ObjectBody, type ObjectInfo } from '@backproof/core/source'
import { corruptArchive } from './archive-errors.js'
import { type ArchiveOptions, checkedArchiveOptions } from './archive-options.js'
import { type ArchivePlace, archivePlace } from './archive-place.js'
import { archiveSource, type ScanCall } from './archive-source.js'
import { damagedEntry, type ZipContent, zipBody } from './zip-body.js'
import { readZipDirectory, type ZipRecord } from './zip-directory.js'
import { readZipEnd } from './zip-end.js'
import { zipEntry } from './zip-entry.js'
import { localStart } from './zip-local.js'
import { zipWindow } from './zip-window.js'

/**
 * A zip archive as a source that is read once, in the order of its central directory: stored and deflated entries, zip64,
 * names in UTF-8, in the bytes of Unix or in code page 437, and symbolic links, modes and times where the writer was a
 * Unix or NTFS. Needs a file, or a source that reads ranges of bytes. Nothing is written to disk and no name is followed.
 *
 * Directories are no entries. Entries that are encrypted or packed otherwise have a problem `unsupported`; names that
 * lead out of the directory have one too. Objects carry the `crc32` that the archive states, as `claimed`.
 *
 * A body throws `corrupt` at its end unless it has the length and CRC-32 that the directory states; an entry whose local
 * header contradicts the directory has a problem `corrupt`; a directory that is cut, damaged or not as long as stated ends
 * the scan with `corrupt`. Entries that overlap are refused: no entry is larger than its packed bytes by more than deflate
 * allows, 1,032 times. What bytes lie between entries is not looked at.
 *
 * Limits: sizes up to 2^53, targets of links up to 64 KiB. Archives in several parts are refused.
 *
 * @throws BackupError `invalid-config` at once for wrong options.
 */
export const zipArchive = (options: ArchiveOptions): BackupSource =>
  archiveSource(archivePlace(checkedArchiveOptions('zipArchive', options)), {
    digests: Object.freeze([Object.freeze({ algorithm: 'crc32', provenance: 'claimed' })]),
    needsRanges: true,
    scan: scanPlace,
  })

/** Longer than any system's longest path. */
const LONGEST_TARGET = 64 * 1024

const NOTHING: AsyncIterable<Uint8Array> = Object.freeze({
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {},
})

async function* scanPlace(place: ArchivePlace, { signal, checkOpen }: ScanCall): AsyncGenerator<ObjectBody> {
  const { ref, size } = await place.find(signal)
  if (size === undefined)
    throw corruptArchive(place.name, 'its place does not tell its size, which a zip archive needs')
  const archive = place.name
  const file = zipWindow(place, ref, size, signal)
  const directory = await readZipEnd(file, archive)
  let number = 0
  for await (const record of readZipDirectory(file, archive, directory)) {
    checkOpen()
    const start = await localStart(file, record, directory.start)
    const info = zipEntry(record, number++)
    if (info === undefined) {
      if (typeof start !== 'number') throw corruptArchive(archive, `a directory in it: ${start.differs}`)
      continue
    }
    if (info.problem !== undefined) yield { info, body: NOTHING }
    else if (typeof start !== 'number') {
      const { digests: _, ...known } = info
      yield {
        info: { ...known, problem: damagedEntry({ archive, key: info.key }, start.differs).toJSON() },
        body: NOTHING,
      }
    } else {
      const content: ZipContent = { file, archive, record, key: info.key, start, checkOpen }
      if (info.kind === 'symlink') yield { info: await withTarget(info, content), body: NOTHING }
      else yield { info, body: hasBytes(info, record) ? zipBody(content) : NOTHING }
    }
  }
}

/** An empty file needs no reading where even its checksum is that of nothing. */
const hasBytes = (info: ObjectInfo, { packed, size, crc32 }: ZipRecord): boolean =>
  info.kind === 'object' && (packed > 0 || size > 0 || crc32 !== 0)

/** The target of a link is its content. */
const withTarget = async (info: ObjectInfo, content: ZipContent): Promise<ObjectInfo> => {
  try {
    if (content.record.size > LONGEST_TARGET) throw damagedEntry(content, 'it is a symbolic link of over 64 KiB')
    const chunks: Uint8Array[] = []
    for await (const chunk of zipBody(content)) chunks.push(Buffer.from(chunk))
    return { ...info, linkTarget: keyFromBytes(Buffer.concat(chunks)) }
  } catch (error) {
    if (!isBackupError(error) || error.code !== 'corrupt') throw error
    return { ...info, problem: error.toJSON() }
  }
}
