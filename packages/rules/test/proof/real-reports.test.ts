import { type Asset, type AuditRule, assetPolicy, type CollectedFact, collected, judge } from '@backproof/core/audit'
import { compare } from '@backproof/core/compare'
import { type ProofReport, proofReports } from '@backproof/core/history'
import { mergeResults, type RunResult } from '@backproof/core/report'
import { type MemorySource, type MemorySourceOptions, memorySource } from '@backproof/core/testing'
import { verify } from '@backproof/core/verify'
import { describe, expect, it } from 'vitest'
import { copiesInSync } from '../../src/rules/copies-in-sync.js'
import { integrityVerified } from '../../src/rules/integrity-verified.js'

const now = (): Date => new Date('2026-11-01T11:00:00Z')
const AUDITED = new Date('2026-11-01T12:00:00Z')
const OBJECTS: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: 30 }, (_, i) => [`orders/${String(i).padStart(2, '0')}.dump`, `${i}`.repeat(100)]),
)
const SHA = { algorithm: 'sha256', provenance: 'service' } as const
const place = (name: string, options: MemorySourceOptions = {}): MemorySource =>
  memorySource(OBJECTS, { uri: `memory://${name}`, digests: [SHA], ...options })

const asset = (...names: string[]): Asset => ({
  id: 'shop',
  plans: [],
  copies: names.map((name) => ({ uri: `memory://${name}` })),
})
const factsOf = (policy: Asset, results: readonly RunResult[]): readonly CollectedFact[] => {
  const reports = results.map((result, i): ProofReport => ({ source: `${i}.json`, result }))
  const known = { state: 'known', source: 'test', observedAt: AUDITED.getTime() } as const
  return [collected(assetPolicy, { ...known, value: policy }), collected(proofReports, { ...known, value: reports })]
}
const ask = (rule: AuditRule, policy: Asset, ...results: RunResult[]): readonly string[] =>
  judge(rule, { facts: factsOf(policy, results), now: AUDITED }).map(({ message }) => message)

const compared = async (options: Partial<Parameters<typeof compare>[0]> = {}): Promise<RunResult> =>
  (await compare({ source: place('disk'), replicas: [place('cloud')], now, ...options }).report()).result
const verified = async (options: Partial<Parameters<typeof verify>[0]> = {}): Promise<RunResult> =>
  (await verify({ source: place('cloud'), now, ...options }).report()).result

describe('copies-in-sync, of real comparisons', () => {
  const sync = (...results: RunResult[]): readonly string[] => ask(copiesInSync(), asset('disk', 'cloud'), ...results)

  it('passes where the whole was compared by digests that the places stand for', async () => {
    expect(sync(await compared())).toEqual(['in-sync'])
  })

  it('passes where shards were merged, and not with one of them missing', async () => {
    const shards = await Promise.all([0, 1, 2].map((index) => compared({ shard: { index, count: 3 } })))
    expect(sync(mergeResults(...shards))).toEqual(['in-sync'])
    expect(sync(mergeResults(...shards.slice(1)))).toEqual(['not-proven'])
    expect(sync(...shards)).toEqual(['not-proven'])
  })

  it.each([
    ['a filter', { include: ['orders/**'] }],
    ['a filter that excludes nothing', { exclude: ['nothing'] }],
    ['a range of keys', { range: { to: 'orders/20' } }],
    ['a sample', { sample: { count: 3 }, require: 'read' }],
    ['a budget that was spent', { budget: { bytes: 1_000 }, require: 'read' }],
    [
      'sizes only',
      { source: memorySource(OBJECTS, { uri: 'memory://disk', traits: { readCost: 'impossible' } }), require: 'size' },
    ],
    [
      'a key prefix that leaves objects out',
      { source: { source: place('disk'), keys: { stripPrefix: 'other/' } }, replicas: [place('cloud')] },
    ],
  ] as const)('does not pass with %s', async (_, options) => {
    const [message] = sync(await compared(options as never))
    expect(message === 'not-proven' || message === 'differs').toBe(true)
  })

  it('does not pass where the run was cancelled', async () => {
    const run = compare({ source: place('disk', { pageSize: 5 }), replicas: [place('cloud', { pageSize: 5 })], now })
    for await (const findings of run) if (findings.length > 0) break
    expect(sync((await run.report()).result)).toEqual(['not-proven'])
  })

  it('fails where an object is missing, different or only in the copy', async () => {
    const missing = place('cloud')
    missing.delete('orders/07.dump')
    const other = place('cloud')
    other.set('orders/07.dump', 'other bytes')
    const extra = place('cloud')
    extra.set('orders/new.dump', 'new bytes')
    for (const cloud of [missing, other, extra])
      expect(sync(await compared({ replicas: [cloud] }))).toEqual(['differs'])
  })

  it('waits for what was written shortly before the comparison, where the place says when', async () => {
    const disk = place('disk')
    const written = (minutes: number): number => now().getTime() - minutes * 60_000
    disk.set('orders/new.dump', { bytes: 'new bytes', modified: written(10) })
    expect(sync(await compared({ source: disk }))).toEqual(['in-sync'])
    disk.set('orders/new.dump', { bytes: 'new bytes', modified: written(20) })
    expect(sync(await compared({ source: disk }))).toEqual(['differs'])
    disk.set('orders/new.dump', 'new bytes')
    expect(sync(await compared({ source: disk }))).toEqual(['differs'])
  })

  it('fails where a filtered run found an object missing', async () => {
    const cloud = place('cloud')
    cloud.delete('orders/07.dump')
    expect(sync(await compared({ replicas: [cloud], include: ['orders/0*'] }))).toEqual(['differs'])
  })

  it('does not pass for another place, or for a part of it', async () => {
    for (const name of ['cloud/orders', 'clou', 'CLOUD'])
      expect(sync(await compared({ replicas: [place(name)] }))).toEqual(['no-report'])
    expect(sync(await compared({ replicas: [place('cloud/')] }))).toEqual(['similar-uri'])
  })

  it('joins three copies by the comparisons of two pairs', async () => {
    const clouds = await compared({ source: place('cloud'), replicas: [place('vault')] })
    const policy = asset('disk', 'cloud', 'vault')
    expect(ask(copiesInSync(), policy, await compared(), clouds)).toEqual(['in-sync', 'in-sync'])
    expect(ask(copiesInSync(), policy, clouds)).toEqual(['not-proven', 'not-proven'])
  })
})

describe('integrity-verified, of real runs', () => {
  const intact = (...results: RunResult[]): readonly string[] => ask(integrityVerified(), asset('cloud'), ...results)

  it('passes where everything was read and its digests are right', async () => {
    expect(intact(await verified())).toEqual(['verified'])
  })

  it('fails, critically, where bytes rotted under their digests', async () => {
    const cloud = place('cloud')
    cloud.rot('orders/07.dump', '8'.repeat(100))
    const rows = judge(integrityVerified({}, { severity: 'low' }), {
      facts: factsOf(asset('cloud'), [await verified({ source: cloud })]),
      now: AUDITED,
    })
    expect(rows).toMatchObject([{ message: 'damaged', severity: 'critical', data: { damaged: 1 } }])
    expect(rows[0]?.evidence?.map(({ id }) => id)).toEqual(['0.json', 'orders/07.dump'])
  })

  it('says of a sample that it is one, and asks for enough of it', async () => {
    const fifth = await verified({ sample: { count: 6 } })
    const facts = factsOf(asset('cloud'), [fifth])
    const [row] = judge(integrityVerified(), { facts, now: AUDITED })
    expect(row).toMatchObject({ message: 'verified', sampled: { taken: fifth.sample?.sampledBytes, of: 5_000 } })
    expect(intact(await verified({ sample: { count: 1 } }))).toEqual(['too-little'])
  })

  it('does not count what stored digests prove, nor weak digests', async () => {
    const policy = asset('disk', 'cloud')
    expect(ask(integrityVerified(), policy, await compared())).toEqual(['too-little', 'too-little'])
    const weak = place('cloud', { digests: [{ algorithm: 'crc32c', provenance: 'service' }] })
    expect(intact(await verified({ source: weak }))).toEqual(['too-little'])
  })

  it('counts a comparison that read both copies, for both', async () => {
    const result = await compared({ require: 'read' })
    expect(ask(integrityVerified(), asset('disk', 'cloud'), result)).toEqual(['verified', 'verified'])
  })

  it('names the copy that rotted, where the comparison knows it', async () => {
    const cloud = place('cloud')
    cloud.rot('orders/07.dump', '8'.repeat(100))
    const result = await compared({ require: 'read', replicas: [cloud] })
    expect(ask(integrityVerified(), asset('disk', 'cloud'), result)).toEqual(['verified', 'damaged'])
  })

  it('is unknown for a filtered run, a part and another place', async () => {
    expect(intact(await verified({ include: ['orders/**'] }))).toEqual(['not-verified'])
    expect(intact(await verified({ shard: { index: 0, count: 2 } }))).toEqual(['not-verified'])
    expect(intact(await verified({ source: place('vault') }))).toEqual(['no-report'])
  })

  it('is unknown, or fails, where nothing says what the bytes should be', async () => {
    expect(intact(await verified({ source: place('cloud', { digests: [] }) }))).toEqual(['too-little'])
    expect(intact(await verified({ source: memorySource({}, { uri: 'memory://cloud' }) }))).toEqual(['too-little'])
  })

  it('reads against a recorded baseline', async () => {
    const against = place('record', {
      digests: [{ algorithm: 'sha256', provenance: 'recorded' }],
      traits: { readCost: 'impossible' },
    })
    expect(intact(await verified({ source: place('cloud', { digests: [] }), against }))).toEqual(['verified'])
    const short = place('cloud')
    short.delete('orders/07.dump')
    expect(intact(await verified({ source: short, against }))).toEqual(['damaged'])
  })
})
