import { BackupError } from '@backproof/core/errors'

/** One stored piece of an S3 object: `size` bytes at `offset` of the object are all that the rados object holds. */
export interface Stripe {
  readonly name: string
  readonly offset: number
  readonly size: number
}

/** What `radosgw-admin object stat` prints, as far as it is needed here. */
export interface ObjectStat {
  readonly size: number
  readonly manifest?: Manifest | undefined
}

export interface Manifest {
  readonly explicit_objs: string | boolean
  readonly obj_size: number
  readonly max_head_size: number
  readonly prefix: string
  readonly rules: readonly {
    readonly key: number
    readonly val: {
      readonly start_part_num: number
      readonly start_ofs: number
      readonly part_size: number
      readonly stripe_max_size: number
      readonly override_prefix: string
    }
  }[]
  readonly tail_instance: string
  readonly tail_placement: { readonly bucket: { readonly marker: string } }
}

interface RgwKey {
  readonly name: string
  readonly namespace?: 'shadow' | 'multipart' | undefined
  readonly instance?: string | undefined
}

/** A key as indexes and rados names have it: one underscore more where it begins with one. */
export const escapedKey = (key: string): string => (key.startsWith('_') ? `_${key}` : key)

/**
 * Name of the rados object for a key of a bucket, as `rgw_obj_key::get_oid` of Ceph writes it: plain keys as they are
 * (one underscore more where they begin with one), others as `_<namespace>:<instance>_<name>`.
 */
export const rawName = (marker: string, { name, namespace, instance }: RgwKey): string => {
  // The version `null` is stored under the key alone.
  const version = instance && instance !== 'null' ? `:${instance}` : ''
  if (namespace === undefined && version === '') return `${marker}_${escapedKey(name)}`
  return `${marker}__${namespace ?? ''}${version}_${name}`
}

/**
 * The locator under which rados finds an object, `undefined` for most: only keys that begin with an underscore have
 * one, which is the name that they had before underscores were escaped (`rgw_obj_key::get_loc`).
 */
export const locatorOf = (rados: string): string | undefined => {
  const cut = rados.indexOf('_')
  const [marker, rest] = [rados.slice(0, cut), rados.slice(cut + 1)]
  const key = rest.startsWith('__') ? rest.slice(1) : /^_:[^_]+_(_.*)$/s.exec(rest)?.[1]
  return key === undefined ? undefined : `${marker}_${key}`
}

/**
 * The stored pieces of an object in order, the head first, which holds the attributes and, unless the object was
 * uploaded in parts, the first bytes. Follows `RGWObjManifest::get_implicit_location` of Ceph 16.
 */
export const stripesOf = (marker: string, key: RgwKey, stat: ObjectStat): Stripe[] => {
  const { manifest } = stat
  const head = rawName(marker, key)
  if (manifest === undefined) return [{ name: head, offset: 0, size: stat.size }]
  if (String(manifest.explicit_objs) === 'true') {
    throw new BackupError({ code: 'unsupported', message: `The object ${key.name} has a manifest of an old kind` })
  }
  const end = manifest.obj_size
  const stripes: Stripe[] = [{ name: head, offset: 0, size: Math.min(end, manifest.max_head_size) }]
  const tail = (namespace: 'shadow' | 'multipart', name: string): string =>
    rawName(manifest.tail_placement.bucket.marker || marker, { name, namespace, instance: manifest.tail_instance })
  manifest.rules.forEach(({ val: rule }, index) => {
    const prefix = rule.override_prefix || manifest.prefix
    const ruleEnd = Math.min(end, manifest.rules[index + 1]?.key ?? end)
    // Not uploaded in parts: one run of stripes, of which the head counts as number 0.
    const partSize = rule.part_size || Number.POSITIVE_INFINITY
    for (let part = 0, start = rule.start_ofs; start < ruleEnd; part++, start += partSize) {
      const partEnd = Math.min(ruleEnd, start + partSize)
      const number = rule.start_part_num + part
      for (let stripe = 0, offset = start; offset < partEnd; stripe++, offset += rule.stripe_max_size) {
        const size = Math.min(rule.stripe_max_size, partEnd - offset)
        const name =
          number === 0
            ? tail('shadow', `${prefix}${stripe + 1}`)
            : stripe === 0
              ? tail('multipart', `${prefix}.${number}`)
              : tail('shadow', `${prefix}.${number}_${stripe}`)
        stripes.push({ name, offset, size })
      }
    }
  })
  return stripes
}
