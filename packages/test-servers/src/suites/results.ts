import { compare } from '@backproof/core/compare'
import { canonicalJson } from '@backproof/core/report'
import type { BackupSource } from '@backproof/core/source'
import { verify } from '@backproof/core/verify'
import { expect } from 'vitest'
import { type Asked, outcomeOf } from './outcome.js'

/** A bucket that holds every kind of object, beside one that is damaged, and a directory that is right. */
export interface MixedBucket extends Asked {
  readonly proves: 'stored' | 'claimed'
  open(listConcurrency: number): BackupSource
  directory(): BackupSource
}

const now = (): Date => new Date('2026-01-02T03:04:05Z')

const WAYS = [
  { concurrency: 1, workers: 0, listConcurrency: 1 },
  { concurrency: 3, workers: 1, listConcurrency: 2 },
  { concurrency: 32, workers: 2, listConcurrency: 8 },
]

/** Expects the same result bytes, whatever is asked, listed and read at once, and the damage in all that read. */
export const expectSameResults = async (bucket: MixedBucket): Promise<void> => {
  const { open, directory, proves } = bucket
  const results = { [proves]: new Set<string>(), read: new Set<string>(), verified: new Set<string>() }
  const add = async (name: string, run: ReturnType<typeof verify>): Promise<void> => {
    results[name]?.add(canonicalJson((await outcomeOf(bucket, run)).report.result))
  }
  for (const { listConcurrency, ...options } of WAYS) {
    for (const require of [proves, 'read'] as const) {
      await add(require, compare({ source: directory(), replicas: [open(listConcurrency)], require, now, ...options }))
    }
    await add('verified', verify({ source: open(listConcurrency), require: proves, now, ...options }))
  }
  expect(Object.values(results).map(({ size }) => size)).toEqual([1, 1, 1])
  // A claim that differs accuses nobody.
  const accused = (side: string): string => (proves === 'stored' ? `"rotten":"${side}"` : '"outcome":"mismatch"')
  expect([...results.read][0]).toContain(accused('replica'))
  expect([...results.verified][0]).toContain(accused('source'))
}
