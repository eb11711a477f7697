import { compare } from '@backproof/core/compare'
import { preflight } from '@backproof/core/preflight'
import { memorySource } from '@backproof/core/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Fault } from '../../http/faults.js'
import { type FaultPlatform, isAbsent } from './platform.js'
import { toldBy } from './told.js'
import { QUICK, type Vault } from './vault.js'

const [GOOD, BAD] = ['side-good', 'side-bad']

/** Faults by the place of the bucket in a run: as the source, as one of two replicas, and before a run. */
export const sidesOfRuns = (vault: () => Vault, platform: FaultPlatform): void => {
  const { failures, operations, listings, proves, reach } = platform
  const { list, read } = operations
  const { pageRows, versions } = listings
  const files = Array.from({ length: pageRows * 1.5 }, (_, i) => [`${10_000 + i}`, Buffer.from(`${i}`)] as const)
  const copy = memorySource(files)

  beforeAll(async () => {
    for (const name of [GOOD, BAD]) {
      await platform.createBucket(name)
      for (const [key, bytes] of files) await platform.put(name, key, bytes)
    }
  })

  const how = { require: proves, retry: QUICK } as const
  const breaksOff = (): void => {
    vault().fault({ operation: list, bucket: BAD, after: 1, fault: failures.failed })
  }
  const matchesOnly = (outcomes: Readonly<Record<string, number>>): boolean =>
    Object.keys(outcomes).every((outcome) => outcome === 'match')

  test('the source cannot be listed to its end: incomplete, nothing in the replica is extra', async () => {
    breaksOff()
    await using source = vault().open({ bucket: BAD, listConcurrency: 1 })
    const told = await toldBy('source', compare({ source, replicas: [copy], ...how }), vault().outputs)
    expect(told).toMatchObject({ complete: false, exit: 3, code: 'unavailable' })
    expect(matchesOnly(told.outcomes)).toBe(true)
    expect(told.report?.result.incomplete).toMatchObject([{ reason: 'failed', side: 'source' }])
  })

  test('one of two replicas cannot be listed to its end: incomplete, which one is told, nothing is missing', async () => {
    breaksOff()
    await using good = vault().open({ bucket: GOOD })
    await using bad = vault().open({ bucket: BAD })
    const told = await toldBy('replicas', compare({ source: copy, replicas: [good, bad], ...how }), vault().outputs)
    expect(told).toMatchObject({ complete: false, exit: 3, code: 'unavailable' })
    expect(matchesOnly(told.outcomes)).toBe(true)
    expect(told.report?.result.incomplete).toMatchObject([{ reason: 'failed', side: 'replica', replica: 1 }])
  })

  test('fixity of a bucket that cannot be listed to its end: incomplete, matches only', async () => {
    breaksOff()
    const told = await vault().verify('fixity', { at: { bucket: BAD, listConcurrency: 1 } })
    expect(told).toMatchObject({ complete: false, exit: 3, code: 'unavailable' })
    expect(matchesOnly(told.outcomes)).toBe(true)
  })

  if (!isAbsent(versions)) {
    const { operation, held = 0 } = versions
    test('listing of versions: a fault ends it with an error, after what came before', async () => {
      vault().fault({ operation, bucket: GOOD, after: 1, fault: failures.failed })
      await using source = vault().open({ bucket: GOOD, listConcurrency: 1 })
      const keys: string[] = []
      const listed = async (): Promise<void> => {
        for await (const page of source.list({ versions: true })) keys.push(...page.map(({ key }) => key))
      }
      await expect(listed()).rejects.toMatchObject({ code: 'unavailable', operation })
      expect(keys).toEqual(files.slice(0, pageRows - held).map(([key]) => key))
    })
  }

  describe('checks before a run', () => {
    const FAULTS: readonly (readonly [string, string, Fault])[] = [
      ...(isAbsent(reach) ? [] : [['the bucket is not reached', reach.operation, failures.failed] as const]),
      ['credentials have expired', list, { expiredToken: true }],
      ['it cannot be listed', list, failures.denied],
      ['its listing breaks off', list, { malformed: true }],
      ['objects cannot be read', read, failures.denied],
      ['bodies break off', read, { truncate: 0 }],
    ]
    for (const [name, operation, fault] of FAULTS) {
      test(`${name}: not fine`, async () => {
        vault().fault({ operation, fault })
        await using source = vault().open()
        const report = await preflight(source, { retry: QUICK })
        vault().outputs.add(`preflight, ${name}`, report)
        expect(report.ok).toBe(false)
        expect(report.checks.some(({ status }) => status === 'problem' || status === 'unknown')).toBe(true)
      })
    }

    test('nothing is wrong: fine', async () => {
      vault().fault()
      await using source = vault().open()
      const report = await preflight(source, { retry: QUICK })
      vault().outputs.add('preflight', report)
      expect(report.ok).toBe(true)
    })
  })

  test('what sources say of themselves and of their objects', async () => {
    vault().fault()
    await using source = vault().open()
    vault().outputs.add('source', source)
    vault().outputs.add('traits', await source.describe())
    let refs = 0
    for await (const page of source.list()) {
      for (const entry of page) {
        vault().outputs.add('entry', entry)
        vault().outputs.add('info', await source.stat(entry.ref, { want: ['digests', 'retention'] }))
        refs += 1
      }
    }
    expect(refs).toBe(vault().files.size)
  })
}
