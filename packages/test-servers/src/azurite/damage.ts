import { open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobServiceClient } from '@azure/storage-blob'
import { BackupError } from '@backproof/core/errors'

/** Folder of azurite's extents: files to which it appends what clients send, each write in one piece. */
const EXTENTS = '__blobstorage__'

// Writes end anywhere, so what stands around the byte in the blob need not stand around it on disk: narrower and narrower.
const WINDOWS = [64 * 1024, 4096, 256, 16, 1]
const CANDIDATES = 1000

/**
 * Bit rot: changes the stored byte at `offset` of a blob; ETag, Content-MD5, size and times stay, and azurite serves it.
 * Which extent holds the blob, azurite writes down only seconds later. So the bytes are looked for, and whether the right
 * ones were found shows in what azurite serves then; any others are put back.
 *
 * @throws BackupError `invalid-config` for an offset that the blob does not have; `contract` when the bytes are not on disk.
 */
export const rotBlob = async (
  service: BlobServiceClient,
  directory: string,
  container: string,
  name: string,
  offset: number,
): Promise<void> => {
  const blob = service.getContainerClient(container).getBlobClient(name)
  const { contentLength: size = 0 } = await blob.getProperties()
  if (!Number.isInteger(offset) || offset < 0 || offset >= size)
    throw new BackupError({
      code: 'invalid-config',
      message: `Byte ${offset} of ${container}/${name} cannot be changed: it has ${size} bytes`,
    })
  const served = async (from: number, count: number): Promise<Buffer> => blob.downloadToBuffer(from, count)
  const start = Math.max(0, offset - WINDOWS[0]!)
  const around = await served(start, Math.min(size, offset + WINDOWS[0]!) - start)
  const at = offset - start
  const changed = around[at]! ^ 0xff

  const folder = join(directory, EXTENTS)
  const tried = new Set<string>()
  for (const window of WINDOWS) {
    // Before the byte, and from it on: it may be the first or the last of its write.
    for (const [from, to] of [
      [at - window, at + window],
      [at, at + window],
      [at - window, at + 1],
    ] as const) {
      const piece = around.subarray(Math.max(0, from), to)
      const inPiece = at - Math.max(0, from)
      for (const extent of await readdir(folder)) {
        const path = join(folder, extent)
        for (const position of positionsOf(await readFile(path), piece, inPiece)) {
          const place = `${extent} ${position}`
          if (tried.has(place)) continue
          tried.add(place)
          if (tried.size > CANDIDATES) throw notFound(container, name, offset)
          await writeByte(path, position, changed)
          if ((await served(offset, 1))[0] === changed) return
          await writeByte(path, position, around[at]!)
        }
      }
    }
  }
  throw notFound(container, name, offset)
}

/** Where the byte `inPiece` of `piece` stands, for each place where `piece` does. */
function* positionsOf(stored: Buffer, piece: Buffer, inPiece: number): Generator<number> {
  for (let found = stored.indexOf(piece); found >= 0; found = stored.indexOf(piece, found + 1)) yield found + inPiece
}

const writeByte = async (path: string, position: number, value: number): Promise<void> => {
  const file = await open(path, 'r+')
  try {
    await file.write(Uint8Array.of(value), 0, 1, position)
  } finally {
    await file.close()
  }
}

const notFound = (container: string, name: string, offset: number): BackupError =>
  new BackupError({
    code: 'contract',
    message: `Byte ${offset} of ${container}/${name} was not found in the files of azurite, or among too many like it`,
  })
