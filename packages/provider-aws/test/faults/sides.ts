import { compare } from '@backproof/core/compare'
import { preflight } from '@backproof/core/preflight'
import { memorySource } from '@backproof/core/testing'
import type { Fault } from '@backproof/test-servers'
import { beforeAll, describe, expect, test } from 'vitest'
import { toldBy } from './support/told.js'
import { QUICK, type Vault } from './support/vault.js'

const [GOOD, BAD] = ['side-good', 'side-bad']
const COUNT = 1_500
const FAILS: Fault = { status: 500, code: 'InternalError' }

/** Faults by the place of the bucket in a run: as the source, as one of two replicas, and before a run. */
export const sidesOfRuns = (vault: () => Vault): void => {
  const files = Array.from({ length: COUNT }, (_, i) => [`${10_000 + i}`, Buffer.from(`${i}`)] as const)
  const copy = memorySource(files)

  beforeAll(async () => {
    for (const name of [GOOD, BAD]) {
      vault().server.admin.createBucket({ name })
      for (const [key, bytes] of files) await vault().server.admin.put(name, key, bytes, { checksum: 'none' })
    }
  })

  const matchesOnly = (outcomes: Readonly<Record<string, number>>): boolean =>
    Object.keys(outcomes).every((outcome) => outcome === 'match')

  test('the source cannot be listed to its end: incomplete, nothing in the replica is extra', async () => {
    vault().fault({ operation: 'ListObjectsV2', bucket: BAD, after: 1, fault: FAILS })
    await using source = vault().open({ bucket: BAD, listConcurrency: 1 })
    const told = await toldBy('source', compare({ source, replicas: [copy], retry: QUICK }), vault().outputs)
    expect(told).toMatchObject({ complete: false, exit: 3, code: 'unavailable' })
    expect(matchesOnly(told.outcomes)).toBe(true)
    expect(told.report?.result.incomplete).toMatchObject([{ reason: 'failed', side: 'source' }])
  })

  test('one of two replicas cannot be listed to its end: incomplete, which one is told, nothing is missing', async () => {
    vault().fault({ operation: 'ListObjectsV2', bucket: BAD, after: 1, fault: FAILS })
    await using good = vault().open({ bucket: GOOD })
    await using bad = vault().open({ bucket: BAD })
    const told = await toldBy(
      'replicas',
      compare({ source: copy, replicas: [good, bad], retry: QUICK }),
      vault().outputs,
    )
    expect(told).toMatchObject({ complete: false, exit: 3, code: 'unavailable' })
    expect(matchesOnly(told.outcomes)).toBe(true)
    expect(told.report?.result.incomplete).toMatchObject([{ reason: 'failed', side: 'replica', replica: 1 }])
  })

  test('fixity of a bucket that cannot be listed to its end: incomplete, matches only', async () => {
    vault().fault({ operation: 'ListObjectsV2', bucket: BAD, after: 1, fault: FAILS })
    const told = await vault().verify('fixity', { s3: { bucket: BAD, listConcurrency: 1 } })
    expect(told).toMatchObject({ complete: false, exit: 3, code: 'unavailable' })
    expect(matchesOnly(told.outcomes)).toBe(true)
  })

  test('listing of versions: a fault ends it with an error, after what came before', async () => {
    vault().fault({ operation: 'ListObjectVersions', bucket: GOOD, after: 1, fault: FAILS })
    await using source = vault().open({ bucket: GOOD, listConcurrency: 1 })
    const keys: string[] = []
    const listed = async (): Promise<void> => {
      for await (const page of source.list({ versions: true })) keys.push(...page.map(({ key }) => key))
    }
    await expect(listed()).rejects.toMatchObject({ code: 'unavailable', operation: 'ListObjectVersions' })
    expect(keys).toEqual(files.slice(0, 1_000).map(([key]) => key))
  })

  describe('checks before a run', () => {
    const FAULTS: readonly (readonly [string, string, Fault])[] = [
      ['the bucket is not reached', 'HeadBucket', FAILS],
      ['credentials have expired', 'ListObjectsV2', { expiredToken: true }],
      ['it cannot be listed', 'ListObjectsV2', { status: 403, code: 'AccessDenied' }],
      ['its listing breaks off', 'ListObjectsV2', { malformed: true }],
      ['objects cannot be read', 'GetObject', { status: 403, code: 'AccessDenied' }],
      ['bodies break off', 'GetObject', { truncate: 0 }],
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
    expect(refs).toBe(5)
  })
}
