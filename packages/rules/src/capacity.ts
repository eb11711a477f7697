import type { Evidence, FoldContext, Message, Store, Verdict } from '@backproof/core/audit'
import type { CapacitySample } from '@backproof/core/history'
import { inDays, isAhead, isoTime } from './time.js'

/** What of a store can run out. `objects`: inodes of a file system, or what a quota allows. */
export type Resource = 'bytes' | 'objects'

/** How much of a resource there is. `null`: nobody says. */
export interface Room {
  readonly resource: Resource
  readonly used: number | null
  /** The tighter of what the sample and what the policy say. */
  readonly limit: number | null
  readonly limitFrom: 'sample' | 'policy' | null
}

export const roomOf = (resource: Resource, sample: CapacitySample, store: Store | undefined): Room => {
  const [used, told, quota] =
    resource === 'bytes'
      ? [sample.usedBytes, sample.limitBytes ?? null, store?.quotaBytes ?? null]
      : [sample.usedObjects ?? null, sample.limitObjects ?? null, store?.quotaObjects ?? null]
  const byPolicy = quota !== null && (told === null || quota < told)
  const limit = byPolicy ? quota : told
  return { resource, used, limit, limitFrom: limit === null ? null : byPolicy ? 'policy' : 'sample' }
}

/** Rooms to be judged: bytes always, objects where there is a limit of them. */
export const roomsOf = (sample: CapacitySample, store: Store | undefined, objects: boolean): readonly Room[] => {
  const bytes = roomOf('bytes', sample, store)
  const others = roomOf('objects', sample, store)
  return objects && others.limit !== null ? [bytes, others] : [bytes]
}

/** A room whose numbers can be judged, or what stands against it. */
export const judgeable = (
  room: Room,
  evidence: readonly Evidence[],
): { readonly used: number; readonly limit: number } | Verdict<'no-limit' | 'use-unknown' | 'no-number'> => {
  const { resource, used, limit } = room
  if (limit === null) return { message: 'no-limit', subject: resource, data: { resource }, evidence }
  if (used === null) return { message: 'use-unknown', subject: resource, data: { resource, limit }, evidence }
  if (Number.isFinite(used) && Number.isFinite(limit) && used >= 0 && limit > 0) return { used, limit }
  return { message: 'no-number', subject: resource, data: { resource, used, limit }, evidence }
}

export const sampleEvidence = (sample: CapacitySample, { used, limit, limitFrom }: Room): Evidence => ({
  kind: 'capacity-sample',
  id: sample.store,
  at: isoTime(sample.at),
  data: { used, limit, limitFrom },
})

/** The newest sample of a store, and one that lies after the clock of the run. */
export interface NewestSample {
  newest?: CapacitySample
  ahead?: CapacitySample
}

/** A step of a fold over the samples of one store. */
export const keepNewest = <S extends NewestSample>(
  state: S,
  sample: CapacitySample,
  { now }: FoldContext<unknown>,
): S => {
  if (isAhead(sample.at, now)) state.ahead = sample
  else state.newest = sample
  return state
}

/** What is said of a store before its numbers are looked at: whether there is a sample that tells how full it is now. */
export const sampleTrouble = (
  { newest, ahead }: NewestSample,
  maxAge: number,
  now: number,
): Verdict<'no-sample' | 'in-future' | 'stale'> | undefined => {
  if (newest === undefined) return ahead === undefined ? { message: 'no-sample' } : aheadSample(ahead)
  const age = now - newest.at
  if (age <= maxAge) return undefined
  const evidence = [{ kind: 'capacity-sample', id: newest.store, at: isoTime(newest.at) }]
  return {
    message: 'stale',
    data: { sampled: isoTime(newest.at), days: inDays(age), limit: inDays(maxAge) },
    evidence,
  }
}

/** What stands above a pass: a sample whose time cannot be. */
export const aheadSample = (ahead: CapacitySample): Verdict<'in-future'> => ({
  message: 'in-future',
  data: { sampled: isoTime(ahead.at) },
  evidence: [{ kind: 'capacity-sample', id: ahead.store, at: isoTime(ahead.at) }],
})

/** Messages of rules that judge how full a store is. */
export const capacityMessages = {
  'no-sample': { status: 'unknown', text: 'nobody has looked how full it is' },
  stale: {
    status: 'unknown',
    text: 'somebody looked how full it is at {sampled}, {days} days ago; a sample may be {limit} days old',
  },
  'in-future': {
    status: 'unknown',
    text: 'a sample of how full it is was taken at {sampled}, which is yet to come: a clock is wrong',
  },
  'no-limit': {
    status: 'not-applicable',
    text: 'there is no limit of {resource}: the platform has none, and the policy sets no quota',
  },
  'use-unknown': {
    status: 'unknown',
    text: 'its {resource} are limited to {limit}, but nobody says how many are used',
  },
  'no-number': { status: 'unknown', text: '{used} of {limit} {resource} cannot be: the sample or the quota is wrong' },
} as const satisfies Record<string, Message>
