import { compare } from '@backproof/core/compare'
import { summarize } from '@backproof/core/report'
import type { BackupSource } from '@backproof/core/source'
import { verify } from '@backproof/core/verify'
import { describe, expect, it } from 'vitest'
import { outcomeOf, told } from './outcome.js'
import { bytesOf, openStore, type StoreHarness } from './store.js'

/** One way in which an object is stored. */
export interface RotKind {
  readonly name: string
  readonly bytes: Buffer
  /** A bucket with the object as `k`, of which the last byte has gone bad, as a source; closed by the harness. */
  rotten(): Promise<BackupSource>
  /** The outcome of `verify` at what the platform proves: by a digest that the service has, or that it was given. */
  readonly verified: 'mismatch' | 'unverifiable'
}

export interface RotHarness extends StoreHarness {
  /** What a comparison that reads nothing of the bucket says of an object that has gone bad: `match stored ...`. */
  readonly unseen: string
  readonly kinds: readonly RotKind[]
}

/** Registers what must be found of bytes that change beneath the service, under the same size, digests and time. */
export const rotSuite = (harness: RotHarness): void => {
  const store = openStore(harness)
  // What differs from a claim may be the claim: it is told, and nobody is accused.
  const accuses = harness.proves === 'stored'

  it('is not seen by what is stored, and the report says that nothing was read', async () => {
    const bytes = bytesOf(5_000)
    const bucket = await store.bucket([['k', bytes]])
    await store.rot(bucket, 'k', 4_000)
    const [source, replica] = [await store.files([['k', bytes]]), store.source(bucket)]
    const { findings, report } = await outcomeOf(store, compare({ source, replicas: [replica], require: store.proves }))
    expect(told(findings[0]!)).toBe(harness.unseen)
    expect(summarize(report.result).sentence).toContain(`nothing of ${replica.uri} was read`)
  })

  describe.each(harness.kinds)('one bit beneath $name', ({ bytes, rotten, verified }) => {
    const isTold = verified === 'mismatch'

    it(isTold ? 'is found by verify' : 'is never verified', async () => {
      const { findings } = await outcomeOf(store, verify({ source: await rotten(), require: store.proves }))
      const words = accuses ? /^mismatch digest \S+ source is rotten$/ : /^mismatch digest \S+$/
      if (isTold) expect(told(findings[0]!)).toMatch(words)
      else expect(findings[0]!.outcome).toBe('unverifiable')
    })

    it(`is found by a comparison that reads${isTold && accuses ? ', which names the replica' : ''}`, async () => {
      const source = await store.files([['k', bytes]])
      const run = compare({ source, replicas: [await rotten()], require: 'read' })
      const { findings } = await outcomeOf(store, run)
      expect(findings[0]).toMatchObject({ outcome: 'mismatch', method: 'two-sided-read' })
      expect(findings[0]!.rotten).toBe(isTold && accuses ? 'replica' : undefined)
    })
  })
}
