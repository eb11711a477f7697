import type { BackupSource, ObjectBody } from '@backproof/core/source'
import { type ArchiveOptions, checkedArchiveOptions } from './archive-options.js'
import { type ArchivePlace, archivePlace } from './archive-place.js'
import { archiveSource, type ScanCall } from './archive-source.js'
import { byteStream } from './byte-stream.js'
import { unpacked } from './decompress.js'
import { scanTar } from './tar-scan.js'

/**
 * A tar archive as a source that is read from its beginning to its end, once: ustar, pax (POSIX.1-2001), GNU tar (long
 * names, sparse files) and what is older, as it is or packed by gzip or zstd. The packing is told by the bytes, not by
 * the name. Nothing is written to disk and no name is ever followed.
 *
 * Entries: files, with sparse ones in full length; symbolic links; devices and FIFOs as `special`; hard links with
 * `linkTo` and no bytes of their own. Directories are none. A name that is there several times (an archive that was
 * appended to) is that many entries. A name that leads out of the directory is an entry with a problem, and so is an
 * entry of a type that is not known.
 *
 * An archive that is cut or damaged ends with `corrupt`: header checksums, the mark of the end, and the checksums of gzip
 * and zstd must hold; after the end only zeros may follow. What plain tar has no checksum of, the bytes of files, shows
 * only when compared.
 *
 * Limits: extended headers up to 16 MiB, 1,000,000 pieces of a sparse file, zstd windows up to 128 MiB.
 *
 * @throws BackupError `invalid-config` at once for wrong options.
 */
export const tarArchive = (options: ArchiveOptions): BackupSource =>
  archiveSource(archivePlace(checkedArchiveOptions('tarArchive', options)), {
    digests: Object.freeze([]),
    needsRanges: false,
    scan: scanPlace,
  })

async function* scanPlace(place: ArchivePlace, { signal, checkOpen }: ScanCall): AsyncGenerator<ObjectBody> {
  const { ref } = await place.find(signal)
  const { body } = await place.open(ref, signal)
  const stream = byteStream(unpacked(body, place.name))
  try {
    yield* scanTar(stream, place.name, checkOpen)
  } finally {
    await stream.close()
  }
}
