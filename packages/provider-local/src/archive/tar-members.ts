import type { BackupError } from '@backproof/core/errors'
import { corruptArchive, unsupportedArchive } from './archive-errors.js'
import type { ByteStream } from './byte-stream.js'
import { BLOCK, isZeroBlock, parseTarHeader, type TarHeader } from './tar-header.js'
import { overlaid, type PaxRecords, parsePaxRecords, paxInteger } from './tar-pax.js'
import { fits, paxSparse, readLeadingMap, readOldSparse, type SparseMap } from './tar-sparse.js'

/** A member of a tar archive: its header with what extended headers say of it. Text has one byte a character. */
export interface TarMember {
  readonly header: TarHeader
  readonly name: string
  readonly linkName: string
  /** Bytes that follow in the archive, without padding. */
  readonly stored: number
  readonly sparse?: SparseMap | undefined
  readonly pax: ReadonlyMap<string, string>
}

export interface TarMembers {
  /** The next member; `undefined` at a proper end. The stream stands before its bytes. */
  next(): Promise<TarMember | undefined>
}

/** Extended headers and long names are held in memory; longer ones are refused. */
const LONGEST_EXTENSION = 16 * 1024 * 1024

/** Reads headers. What was stored of a member, and its padding, must be passed before the next is asked for. */
export const tarMembers = (stream: ByteStream, archive: string): TarMembers => {
  let globals: ReadonlyMap<string, string> = new Map()
  let headers = 0

  const corrupt = (what: string, at = stream.position): BackupError =>
    corruptArchive(archive, `${what} (at byte ${at} of the tar stream)`)

  const block = async (): Promise<Buffer> => {
    const ready = stream.take(BLOCK)
    const bytes = ready instanceof Promise ? await ready : ready
    if (bytes.length === BLOCK) return bytes
    throw corrupt(
      bytes.length === 0
        ? 'it ends without the two empty blocks that end every tar archive'
        : 'it ends in the middle of a block',
    )
  }

  /** The bytes of a header that says something of the next one. */
  const extension = async ({ size }: TarHeader): Promise<Buffer> => {
    if (size > LONGEST_EXTENSION) {
      throw unsupportedArchive(archive, `an extended header has ${size} bytes; at most ${LONGEST_EXTENSION} are read`)
    }
    // A copy: the padding is asked for before it is used.
    const bytes = Buffer.from(await stream.take(size))
    const padding = padded(size) - size
    if (bytes.length < size || (await stream.skip(padding)) < padding) throw corrupt('it ends in an extended header')
    return bytes
  }

  const records = async (header: TarHeader): Promise<PaxRecords> => {
    const at = stream.position
    const found = parsePaxRecords(await extension(header))
    if (found === undefined) throw corrupt('an extended header (pax) holds a record that cannot be read', at)
    return found
  }

  const endMark = async (): Promise<void> => {
    if (!isZeroBlock(await block())) throw corrupt('a single empty block stands between entries')
    for (;;) {
      const ready = stream.piece(1 << 20)
      const rest = ready instanceof Promise ? await ready : ready
      if (rest.length === 0) return
      if (rest.some((byte) => byte !== 0)) {
        throw corrupt('more data follows the mark of its end (archives that were joined are to be given one by one)')
      }
    }
  }

  const sparseOf = async (
    header: TarHeader,
    raw: Buffer,
    local: PaxRecords,
    size: number,
  ): Promise<{ readonly stored: number; readonly sparse?: SparseMap | undefined }> => {
    let map: SparseMap | undefined
    let stored = size
    if (header.type === 'S') map = await readOldSparse(raw, stream)
    else {
      const told = paxSparse(local)
      if (told.form === 'none') return { stored }
      if (told.form === 'map') map = told.map
      if (told.form === 'leading') {
        const leading = await readLeadingMap(stream, size)
        if (leading !== undefined) {
          map = { size: told.size, pieces: leading.pieces }
          stored -= leading.used
        }
      }
    }
    if (map !== undefined && fits(map, stored)) return { stored, sparse: map }
    throw corrupt('the map of a sparse file cannot be read, has over 1,000,000 pieces, or does not fit what is stored')
  }

  const next = async (): Promise<TarMember | undefined> => {
    let longName: string | undefined
    let longLink: string | undefined
    let local: PaxRecords = []
    for (;;) {
      const at = stream.position
      const raw = await block()
      if (raw[0] === 0 && isZeroBlock(raw)) {
        if (longName !== undefined || longLink !== undefined || local.length > 0) {
          throw corrupt('an extended header has no entry after it')
        }
        await endMark()
        return undefined
      }
      const header = parseTarHeader(raw)
      if ('bad' in header) {
        throw corrupt(
          headers === 0 ? `it is no tar archive, or its first header ${header.bad}` : `a header ${header.bad}`,
          at,
        )
      }
      headers += 1
      if (header.type === 'x' || header.type === 'X') local = [...local, ...(await records(header))]
      else if (header.type === 'g') globals = overlaid(globals, await records(header))
      else if (header.type === 'L') longName = cText(await extension(header))
      else if (header.type === 'K') longLink = cText(await extension(header))
      else {
        const pax = local.length === 0 ? globals : overlaid(globals, local)
        const paxSize = pax.get('size')
        const size = paxSize === undefined ? header.size : paxInteger(paxSize)
        if (size === undefined) throw corrupt('a pax header states a size that is none', at)
        const hasBytes = !WITHOUT_BYTES.has(header.type)
        const { stored, sparse } = hasBytes
          ? await sparseOf(header, raw, local, size)
          : { stored: 0, sparse: undefined }
        return {
          header,
          name: pax.get('GNU.sparse.name') ?? pax.get('path') ?? longName ?? header.name,
          linkName: pax.get('linkpath') ?? longLink ?? header.linkName,
          stored,
          ...(sparse !== undefined && { sparse }),
          pax,
        }
      }
    }
  }

  return { next }
}

/**
 * Links, devices, directories and FIFOs have no bytes, whatever their size field says: GNU tar reads them so too
 * (`read_header`: "links 0 size on tape"). Should a writer see it otherwise, the next header has a wrong checksum.
 */
const WITHOUT_BYTES: ReadonlySet<string> = new Set(['1', '2', '3', '4', '5', '6'])

/** Bytes and padding to whole blocks. */
export const padded = (size: number): number => Math.ceil(size / BLOCK) * BLOCK

const cText = (bytes: Buffer): string => {
  const nul = bytes.indexOf(0)
  return bytes.toString('latin1', 0, nul === -1 ? bytes.length : nul)
}
