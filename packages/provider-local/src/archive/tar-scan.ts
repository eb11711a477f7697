import { BackupError } from '@backproof/core/errors'
import { escapeKey, type ObjectBody, type ObjectInfo } from '@backproof/core/source'
import { corruptArchive } from './archive-errors.js'
import type { ByteStream } from './byte-stream.js'
import { tarEntry } from './tar-entry.js'
import { padded, type TarMember, tarMembers } from './tar-members.js'
import { withHoles } from './tar-sparse.js'

const MOST = 1 << 20

/**
 * The entries of a tar stream with their bodies, in stored order. A body can be read until the next entry is asked for,
 * which passes over what was left. `checkOpen` throws when the scan is over. Does not close the stream.
 */
export async function* scanTar(stream: ByteStream, archive: string, checkOpen: () => void): AsyncGenerator<ObjectBody> {
  const members = tarMembers(stream, archive)
  for (let number = 0; ; number++) {
    const member = await members.next()
    if (member === undefined) return
    const info = tarEntry(member, number)
    const start = stream.position
    const end = start + padded(member.stored)
    if (info !== undefined) {
      const turn = { over: false, checkOpen }
      yield {
        info,
        body:
          member.stored === 0 && member.sparse === undefined ? NOTHING : bodyOf(stream, archive, member, info, turn),
      }
      turn.over = true
    }
    const left = end - stream.position
    if (left === 0) continue
    const skipped = stream.skip(left)
    if ((skipped instanceof Promise ? await skipped : skipped) < left) throw cutShort(archive, member, stream)
  }
}

const NOTHING: AsyncIterable<Uint8Array> = Object.freeze({
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {},
})

const cutShort = (archive: string, { name }: TarMember, stream: ByteStream): BackupError =>
  corruptArchive(
    archive,
    `it ends within the bytes of ${escapeKey(name)} (at byte ${stream.position} of the tar stream)`,
  )

async function* bodyOf(
  stream: ByteStream,
  archive: string,
  member: TarMember,
  info: ObjectInfo,
  turn: { readonly over: boolean; readonly checkOpen: () => void },
): AsyncGenerator<Uint8Array> {
  let left = member.stored
  const stored = async (most: number): Promise<Buffer> => {
    if (turn.over) throw passed(info)
    const bytes = await stream.piece(Math.min(left, most, MOST))
    if (bytes.length === 0) throw cutShort(archive, member, stream)
    left -= bytes.length
    return bytes
  }
  if (member.sparse !== undefined) {
    for await (const bytes of withHoles(stored, member.sparse)) {
      // A hole can be of any length and needs no byte of the archive: nothing else would end it.
      turn.checkOpen()
      yield bytes
    }
  } else while (left > 0) yield await stored(left)
}

const passed = (info: ObjectInfo): BackupError =>
  new BackupError({
    code: 'invalid-config',
    message: `The body of ${escapeKey(info.key)} was passed when the next entry was asked for; read each body before that.`,
    provider: 'local',
    operation: 'scan',
    subject: info.key,
  })
