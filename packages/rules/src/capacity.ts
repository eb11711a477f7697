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
  /** Samples before told a limit, and this one does not: it may be tighter than that of the policy. */
  readonly isLost: boolean
}

export const roomOf = (
  resource: Resource,
  sample: CapacitySample,
  store: Store | undefined,
  limited: Limited = {},
): Room => {
  const [used, told, quota] =
    resource === 'bytes'
      ? [sample.usedBytes, sample.limitBytes ?? null, store?.quotaBytes ?? null]
      : [sample.usedObjects ?? null, sample.limitObjects ?? null, store?.quotaObjects ?? null]
  const byPolicy = quota !== null && (told === null || quota < told)
  const limit = byPolicy ? quota : told
  const limitFrom = limit === null ? null : byPolicy ? 'policy' : 'sample'
  return { resource, used, limit, limitFrom, isLost: told === null && limited[resource] === true }
}

/** Rooms of the newest sample to be judged: bytes always, objects where there is a limit of them. */
export const roomsOf = (
  sample: CapacitySample,
  { limited }: Pick<NewestSample, 'limited'>,
  store: Store | undefined,
  objects: boolean,
): readonly Room[] => {
  const bytes = roomOf('bytes', sample, store, limited)
  const others = roomOf('objects', sample, store, limited)
  return objects && (others.limit !== null || others.isLost) ? [bytes, others] : [bytes]
}

/** A room whose numbers can be judged, or what stands against it. */
export const judgeable = (
  room: Room,
  evidence: readonly Evidence[],
):
  | { readonly used: number; readonly limit: number }
  | Verdict<'no-limit' | 'limit-lost' | 'use-unknown' | 'no-number'> => {
  const { resource, used, limit, isLost } = room
  if (limit === null && isLost) return limitLost(room, evidence)
  if (limit === null) return { message: 'no-limit', subject: resource, data: { resource }, evidence }
  if (used === null) return { message: 'use-unknown', subject: resource, data: { resource, limit }, evidence }
  if (Number.isFinite(used) && Number.isFinite(limit) && used >= 0 && limit > 0) return { used, limit }
  return { message: 'no-number', subject: resource, data: { resource, used, limit }, evidence }
}

/** What stands above a pass: how much room there is was told before, and is not now. */
export const limitLost = ({ resource }: Room, evidence: readonly Evidence[]): Verdict<'limit-lost'> => ({
  message: 'limit-lost',
  subject: resource,
  data: { resource },
  evidence,
})

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
  /** Resources of which any sample told a limit. */
  readonly limited: Limited
}

type Limited = Partial<Record<Resource, boolean>>

/** A step of a fold over the samples of one store. */
export const keepNewest = <S extends NewestSample>(
  state: S,
  sample: CapacitySample,
  { now }: FoldContext<unknown>,
): S => {
  if (isAhead(sample.at, now)) state.ahead = sample
  else {
    state.newest = sample
    if (typeof sample.limitBytes === 'number') state.limited.bytes = true
    if (typeof sample.limitObjects === 'number') state.limited.objects = true
  }
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
  'limit-lost': {
    status: 'unknown',
    text: 'samples before told a limit of {resource}, and the newest does not: nobody can say how much room there is now',
  },
  'use-unknown': {
    status: 'unknown',
    text: 'its {resource} are limited to {limit}, but nobody says how many are used',
  },
  'no-number': { status: 'unknown', text: '{used} of {limit} {resource} cannot be: the sample or the quota is wrong' },
} as const satisfies Record<string, Message>
