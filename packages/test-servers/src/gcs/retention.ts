import { failure } from './failure.js'
import type { JsonObject } from './json.js'
import { retentionEnd, time } from './object-resource.js'
import type { Bucket, StoredObject } from './store.js'

/** Whether holds and retention let an object be deleted or overwritten. @throws objectUnderActiveHold, retentionPolicyNotMet. */
export const requireReleased = (bucket: Bucket, object: StoredObject, now: number): void => {
  const { temporaryHold, eventBasedHold } = object.attributes
  const kind = temporaryHold === true ? 'Temporary' : eventBasedHold === true ? 'Event-Based' : undefined
  const shown = `Object '${bucket.name}/${object.name}' is`
  if (kind !== undefined) {
    const text = `${shown} under active ${kind} hold and cannot be deleted, overwritten or archived until hold is removed.`
    throw failure('objectUnderActiveHold', text)
  }
  const own = (object.attributes['retention'] as JsonObject | undefined)?.['retainUntilTime']
  const until = Math.max(retentionEnd(bucket, object) ?? 0, typeof own === 'string' ? Date.parse(own) : 0)
  if (until <= now) return
  const text = `${shown} subject to bucket's retention policy or object retention and cannot be deleted or overwritten until ${time(until)}`
  throw failure('retentionPolicyNotMet', text)
}
