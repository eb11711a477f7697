import { BackupError } from '@backproof/core/errors'
import { escapedKey, type ObjectStat, type Stripe, stripesOf } from './layout.js'
import type { Rados } from './rados.js'
import type { Tool } from './tool.js'

/** What happens to stored objects beneath the gateway. `version` is needed only for one that is not the latest. */
export interface Damage {
  /** Names of the rados objects that hold an S3 object, in order: the head first, then parts and their stripes. */
  objectsOf(bucket: string, key: string, version?: string): Promise<string[]>
  /** Bit rot: the stored byte at `offset` of the object changes; size, ETag and Last-Modified stay. */
  rot(bucket: string, key: string, offset: number, version?: string): Promise<void>
  /**
   * Loses the last stored piece of the object: HEAD still tells the full size, the body of a GET ends early.
   * Errors: `invalid-config` for objects of one piece (4 MiB or less, not uploaded in parts).
   */
  dropTail(bucket: string, key: string, version?: string): Promise<void>
}

interface IndexRow {
  readonly type: string
  readonly entry: {
    readonly key?: { readonly instance: string } | undefined
    readonly delete_marker?: string | boolean | undefined
  }
}

export const createDamage = (tool: Tool, rados: Rados): Damage => {
  const admin = async (...args: string[]): Promise<unknown> =>
    JSON.parse((await tool('radosgw-admin', args)).toString('utf8'))

  /** The version that the bucket's index calls the latest; `undefined` in a bucket that never had versions. */
  const latestVersion = async (bucket: string, key: string): Promise<string | undefined> => {
    const rows = (await admin('bi', 'list', `--bucket=${bucket}`, `--object=${escapedKey(key)}`)) as IndexRow[]
    const latest = rows.find((row) => row.type === 'olh')?.entry // "object logical head": which version is the latest
    if (String(latest?.delete_marker) === 'true') {
      throw new BackupError({
        code: 'not-found',
        message: `The latest version of ${key} in ${bucket} is a delete marker: name the version`,
      })
    }
    return latest?.key?.instance || undefined
  }

  const stripes = async (bucket: string, key: string, version?: string): Promise<Stripe[]> => {
    const instance = version ?? (await latestVersion(bucket, key))
    const { marker } = (await admin('bucket', 'stats', `--bucket=${bucket}`)) as { marker: string }
    const which = instance === undefined ? [] : [`--object-version=${instance}`]
    const stat = (await admin('object', 'stat', `--bucket=${bucket}`, `--object=${key}`, ...which)) as ObjectStat
    return stripesOf(marker, { name: key, instance }, stat)
  }

  return {
    objectsOf: async (bucket, key, version) => (await stripes(bucket, key, version)).map((stripe) => stripe.name),
    rot: async (bucket, key, offset, version) => {
      const all = await stripes(bucket, key, version)
      const stripe = all.find((one) => offset >= one.offset && offset < one.offset + one.size)
      if (stripe === undefined) {
        throw new BackupError({
          code: 'invalid-config',
          message: `${key} in ${bucket} has no byte at offset ${offset}`,
        })
      }
      await rados.flip(stripe.name, offset - stripe.offset)
    },
    dropTail: async (bucket, key, version) => {
      const all = await stripes(bucket, key, version)
      if (all.length < 2) {
        throw new BackupError({
          code: 'invalid-config',
          message: `${key} in ${bucket} is stored as one rados object and has no tail: take one above 4 MiB`,
        })
      }
      await rados.remove(all.at(-1)!.name)
    },
  }
}
