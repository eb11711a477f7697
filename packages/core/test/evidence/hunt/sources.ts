import type { Digest } from '../../../src/digest/digest.js'
import { BackupError } from '../../../src/errors.js'
import type { BackupSource, ObjectBody } from '../../../src/source/backup-source.js'
import type { ObjectEntry, ObjectInfo } from '../../../src/source/entry.js'
import type { SourceTraits } from '../../../src/source/traits.js'

/** One object of a place: what its listing says, what asking says, and its bytes. */
export interface HuntObject {
  readonly listed: ObjectEntry
  /** Absent: asking is refused. */
  readonly told?: readonly Digest[] | undefined
  readonly bytes: Uint8Array
}

/** A place that says of its objects what it was given to say, and gives their bytes as they are. */
export const huntSource = (uri: string, traits: SourceTraits, objects: readonly HuntObject[]): BackupSource => {
  const byKey = new Map(objects.map((object) => [object.listed.key, object]))
  const infoOf = ({ listed, told }: HuntObject): ObjectInfo => {
    const { offers: _, digests: __, ...entry } = listed
    return { ...entry, ...(told !== undefined && { digests: told }) }
  }
  const bodyOf = (object: HuntObject): ObjectBody => ({ info: infoOf(object), body: chunks(object.bytes) })
  return {
    specVersion: 'v1',
    uri,
    describe: async () => traits,
    async *list() {
      yield objects.map(({ listed }) => listed)
    },
    stat: async (ref) => {
      const object = byKey.get(String(ref))!
      if (object.told === undefined) throw new BackupError({ code: 'access-denied', message: 'Not for you.' })
      return infoOf(object)
    },
    read: async (ref) => bodyOf(byKey.get(String(ref))!),
    ...(traits.access === 'sequential' && {
      async *scan() {
        for (const object of objects) {
          const { info, body } = bodyOf(object)
          yield { info: { ...info, digests: object.listed.digests }, body }
        }
      },
    }),
  }
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const middle = bytes.length >> 1
  if (middle > 0) yield bytes.subarray(0, middle)
  if (middle < bytes.length) yield bytes.subarray(middle)
}
