import type { Digest } from '../../../src/digest/digest.js'
import { BackupError } from '../../../src/errors.js'
import type { BackupSource, ObjectBody } from '../../../src/source/backup-source.js'
import type { JsonValue, ObjectEntry, ObjectInfo } from '../../../src/source/entry.js'
import type { SourceTraits } from '../../../src/source/traits.js'

/** One object of a place: what its listing says, what asking says, and its bytes. */
export interface HuntObject {
  readonly listed: ObjectEntry
  /** Absent: asking is refused. */
  readonly told?: readonly Digest[] | undefined
  readonly bytes: Uint8Array
  /** Another version took the place of the listed one: what is told and read is of that, and the listed one is gone. */
  readonly replaced?: boolean | undefined
}

/** A place that says of its objects what it was given to say, and gives their bytes as they are. */
export const huntSource = (uri: string, traits: SourceTraits, objects: readonly HuntObject[]): BackupSource => {
  const byKey = new Map(objects.map((object) => [object.listed.key, object]))
  const infoOf = ({ listed, told, bytes, replaced }: HuntObject): ObjectInfo => {
    const { offers: _, digests: __, ...entry } = listed
    const now = replaced === true ? { ref: `${listed.key}${SECOND}`, etag: 'second', size: bytes.length } : {}
    return { ...entry, ...now, ...(told !== undefined && { digests: told }) }
  }
  const objectOf = (ref: JsonValue): HuntObject => byKey.get(String(ref).replace(SECOND, ''))!
  const bodyOf = (object: HuntObject): ObjectBody => ({ info: infoOf(object), body: chunks(object.bytes) })
  return {
    specVersion: 'v1',
    uri,
    describe: async () => traits,
    async *list() {
      yield objects.map(({ listed }) => listed)
    },
    stat: async (ref) => {
      const object = objectOf(ref)
      if (object.told === undefined) throw new BackupError({ code: 'access-denied', message: 'Not for you.' })
      return infoOf(object)
    },
    read: async (ref) => {
      const object = objectOf(ref)
      if (object.replaced === true && !String(ref).endsWith(SECOND))
        throw new BackupError({ code: 'changed', message: 'It was replaced.' })
      return bodyOf(object)
    },
    ...(traits.access === 'sequential' && {
      async *scan() {
        for (const object of objects) {
          const { info, body } = bodyOf(object)
          yield { info: { ...info, digests: object.replaced === true ? object.told : object.listed.digests }, body }
        }
      },
    }),
  }
}

/** At the end of a ref: the version that took the place of the listed one. */
const SECOND = '@2'

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const middle = bytes.length >> 1
  if (middle > 0) yield bytes.subarray(0, middle)
  if (middle < bytes.length) yield bytes.subarray(middle)
}
