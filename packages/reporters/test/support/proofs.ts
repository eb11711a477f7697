import { compare } from '@backproof/core/compare'
import { BackupError } from '@backproof/core/errors'
import { type Fault, faultySource, type MemoryObject, memorySource } from '@backproof/core/testing'
import { verify } from '@backproof/core/verify'
import type { Kept, ProofDocument } from '../../src/index.js'
import { keepRun } from '../../src/index.js'

/** What becomes of an object in its copy. */
export const STATES = ['same', 'differs', 'gone', 'extra', 'damaged', 'denied', 'changing', 'device'] as const
export type State = (typeof STATES)[number]
export type States = readonly (readonly [key: string, state: State])[]

export interface ProofChoices {
  readonly extras?: 'fail' | 'allow'
  readonly findingsLimit?: number
}

const now = (): Date => new Date('2026-11-22T20:00:00Z')

/** A real comparison of two sources in memory, with faults in the replica, and all of its rows. */
export const comparison = (states: States, choices: ProofChoices = {}): Promise<Kept<ProofDocument>> =>
  keepRun(
    compare({
      source: memorySource(objectsOf(states, 'extra'), { uri: 'memory://shop' }),
      replicas: [
        copyOf(states, 'memory://copy'),
        memorySource(objectsOf(states, 'extra'), { uri: 'memory://<b>|`2`' }),
      ],
      require: 'read',
      now,
      ...choices,
    }),
  )

/** A real verification of the same against a record. */
export const verification = (states: States, choices: ProofChoices = {}): Promise<Kept<ProofDocument>> =>
  keepRun(
    verify({
      source: copyOf(states, 'memory://copy'),
      against: memorySource(objectsOf(states, 'extra'), {
        uri: 'memory://record',
        digests: [{ algorithm: 'sha256', provenance: 'recorded' }],
        traits: { readCost: 'impossible', pinning: 'none' },
      }),
      now,
      ...choices,
    }),
  )

const objectsOf = (states: States, without: State): [string, MemoryObject][] =>
  states.filter(([, state]) => state !== without).map(([key, state]) => [key, { bytes: contentOf(state) }])

const contentOf = (state: State): string => (state === 'changing' ? 'x'.repeat(99) : 'content')

const copyOf = (states: States, uri: string): ReturnType<typeof faultySource> => {
  const objects = states
    .filter(([, state]) => state !== 'gone')
    .map(([key, state]): [string, MemoryObject] => [
      key,
      state === 'device' ? { kind: 'special' } : { bytes: state === 'differs' ? 'CONTENT' : contentOf(state) },
    ])
  return faultySource(
    memorySource(objects, { uri }),
    states.flatMap(([key, state]) => faultsOf(key, state)),
  )
}

const faultsOf = (key: string, state: State): readonly Fault[] => {
  if (state === 'changing') return [{ kind: 'changed', key }]
  if (state !== 'damaged' && state !== 'denied') return []
  const code = state === 'damaged' ? 'corrupt' : 'access-denied'
  return [{ kind: 'error', at: 'read', key, error: new BackupError({ code, message: `${key} is ${state}` }) }]
}
