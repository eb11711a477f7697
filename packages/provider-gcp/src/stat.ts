import { keyFields } from '@backproof/core/object-store'
import type { JsonValue, ObjectInfo, StatOptions } from '@backproof/core/source'
import { escapeKey } from '@backproof/core/source'
import type { Answer, Connection } from './client/connection.js'
import { getObject } from './client/requests.js'
import { type GcsRef, readRef } from './entry.js'
import { gcsError, noAnswer } from './errors.js'
import { entryFields } from './listing/listed-object.js'
import { factsOf, timeOf } from './object/facts.js'

type Resource = Readonly<Record<string, unknown>>

/**
 * The present state of one object, or the state of one generation of a listing of versions, with a fresh ref, its storage
 * class and its stored digests. With `retention`: until when it may not be deleted, and whether it is held.
 */
export const statObject = async (
  connection: Connection,
  given: JsonValue,
  options: StatOptions = {},
): Promise<ObjectInfo> => {
  const pinned = readRef(given)
  const asked = pinned.version === true ? pinned : { ...pinned, generation: undefined }
  const ref: GcsRef = {
    key: asked.key,
    ...flagsOf(pinned),
    ...(asked.generation !== undefined && { generation: asked.generation }),
  }
  const answer = await withDigests(connection, ref, await getObject(connection, ref, options), options)
  const info = infoOf(connection, ref, answer)
  checkSize(pinned, info)
  return options.want?.includes('retention') === true ? { ...info, ...retentionOf(answer.output) } : info
}

const flagsOf = ({ version, customerKey, softDeleted, replaced }: GcsRef): Omit<GcsRef, 'key'> => ({
  ...(version === true && { version }),
  ...(customerKey === true && { customerKey }),
  ...(softDeleted === true && { softDeleted }),
  ...(replaced !== undefined && { replaced }),
})

/** Digests of an object under a customer's key are told to who sends the key; that it is one is told to all. */
const withDigests = async (
  connection: Connection,
  ref: GcsRef,
  answer: Answer<Resource>,
  options: StatOptions,
): Promise<Answer<Resource>> => {
  const hidden = answer.output['customerEncryption'] !== undefined && answer.output['crc32c'] === undefined
  if (!hidden || ref.customerKey === true || connection.settings.customerKey === undefined) return answer
  return getObject(connection, { ...ref, customerKey: true }, options)
}

/** What the resource of an object tells. */
export const infoOf = (connection: Connection, ref: GcsRef, answer: Answer<Resource>): ObjectInfo => {
  const { output } = answer
  const facts = factsOf(output)
  // Without a size it is no object, whatever its status: it must not be taken for another one.
  if (
    facts?.size === undefined ||
    (output['name'] !== undefined && output['name'] !== connection.settings.prefix + ref.key)
  ) {
    const call = undefined
    const request = { operation: 'objects.get', path: '', key: connection.settings.prefix + ref.key, call }
    throw noAnswer({ ...connection.contextOf(request), subject: keyFields(ref.key).key }, answer)
  }
  return entryFields(ref.key, facts, { version: ref.version === true, softDeleted: ref.softDeleted === true })
}

/** A generation never changes its size, so that a damaged answer is not taken for another object. */
const checkSize = (pinned: GcsRef, { key, size, version }: ObjectInfo): void => {
  if (pinned.generation === undefined || version !== pinned.generation || pinned.size === undefined) return
  if (size === pinned.size) return
  const what = `The answer for ${escapeKey(key)} has ${size} bytes; ${pinned.size} were listed under the same generation.`
  throw gcsError('corrupt', 'objects.get', key, what, true)
}

/** Holds and retention of the object and of its bucket ("Objects: retentionExpirationTime, retention", JSON API reference). */
const retentionOf = (resource: Resource): Pick<ObjectInfo, 'retainUntil' | 'legalHold'> => {
  const { retention, retentionExpirationTime, temporaryHold, eventBasedHold } = resource
  const own = timeOf((retention as { readonly retainUntilTime?: unknown } | undefined)?.retainUntilTime)
  const times = [own, timeOf(retentionExpirationTime)].filter((time) => time !== undefined)
  const holds = [temporaryHold, eventBasedHold].filter((hold) => typeof hold === 'boolean')
  return {
    ...(times.length > 0 && { retainUntil: Math.max(...times) }),
    ...(holds.length > 0 && { legalHold: holds.includes(true) }),
  }
}
