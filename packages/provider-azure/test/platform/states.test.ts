import { compare } from '@backproof/core/compare'
import { exitCode } from '@backproof/core/report'
import type { BackupSource, ObjectEntry } from '@backproof/core/source'
import { verify } from '@backproof/core/verify'
import { bytesOf, told } from '@backproof/test-servers/suites'
import { describe, expect, it } from 'vitest'
import { costOf, only, outcomeOf } from './outcome.js'
import { openServer, type ServerPlace } from './place.js'

const kept = await openServer({ versioning: true, softDeleteDays: 7 })
const plain = await openServer({ softDeleteDays: 7 })
const tree = await openServer({ hierarchical: true })

const [first, second, third] = [bytesOf(3_000), bytesOf(3_000, 2), bytesOf(4_000, 3)]

const allOf = async (source: BackupSource): Promise<readonly ObjectEntry[]> => {
  const entries: ObjectEntry[] = []
  for await (const page of source.list({ versions: true })) entries.push(...page)
  return entries
}

/** The current blob, as a comparison and a fixity check see it. */
const seen = async (place: ServerPlace, container: string, bytes: Buffer): Promise<readonly string[]> => {
  const source = await place.directory({ k: bytes })
  const compared = compare({ source, replicas: [place.source(container)], require: 'claimed' })
  const verified = verify({ source: place.source(container), require: 'claimed' })
  return [only(await outcomeOf(place.requests, compared)), only(await outcomeOf(place.requests, verified))]
}
const MATCH = ['match claimed one-sided-read md5; nothing', 'match claimed one-sided-read md5; GetBlob 1']

describe('versions', () => {
  it('that are no longer current are nothing that a run looks at', async () => {
    const container = await kept.container({ k: [first] })
    await kept.server.admin.put(container, 'k', second)
    expect(await seen(kept, container, second)).toEqual(MATCH)
  })

  it('are listed on request and read as they were, digest by digest', async () => {
    const container = await kept.container({ k: [first] })
    await kept.server.admin.put(container, 'k', second, { contentMd5: 'absent' })
    const source = kept.source(container)
    const entries = await allOf(source)
    expect(entries.map(({ key, kind, digests }) => [key, kind, digests?.length ?? 0])).toEqual([
      ['k', 'object', 0],
      ['k', 'object', 1],
    ])
    for (const [i, bytes] of [second, first].entries()) {
      const pieces: Uint8Array[] = []
      for await (const piece of (await source.read(entries[i]!.ref)).body) pieces.push(Buffer.from(piece))
      expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
    }
  })

  it('of a blob that was deleted are no blob: it is missing', async () => {
    const container = await kept.container({ k: [first], other: [third] })
    kept.server.admin.remove(container, 'k')
    const source = await kept.directory({ k: first, other: third })
    const run = compare({ source, replicas: [kept.source(container)], require: 'claimed' })
    const { findings, report } = await outcomeOf(kept.requests, run)
    expect(findings.map(({ key, outcome }) => `${key} ${outcome}`)).toEqual(['k missing', 'other match'])
    expect(exitCode(report.result)).toBe(1)
  })
})

describe('snapshots', () => {
  it('are nothing that a run looks at; what they are of is read', async () => {
    const container = await plain.container({ k: [first] })
    plain.server.admin.takeSnapshot(container, 'k')
    await plain.server.admin.put(container, 'k', second)
    expect(await seen(plain, container, second)).toEqual(MATCH)
    const entries = await allOf(plain.source(container, { snapshots: true }))
    expect(entries.map(({ version }) => version?.startsWith('snapshot:') ?? false)).toEqual([false, true])
  })
})

describe('what was deleted softly', () => {
  it('is missing, and its bytes prove nothing', async () => {
    const container = await plain.container({ k: [first], other: [third] })
    plain.server.admin.remove(container, 'k')
    for (const deleted of [false, true]) {
      const source = await plain.directory({ k: first, other: third })
      const run = compare({ source, replicas: [plain.source(container, { deleted })], require: 'claimed' })
      const { findings } = await outcomeOf(plain.requests, run)
      expect(findings.map(({ key, outcome }) => `${key} ${outcome}`)).toEqual(['k missing', 'other match'])
    }
  })

  it('is listed on request, left out by name', async () => {
    const container = await plain.container({ k: [first], other: [third] })
    plain.server.admin.remove(container, 'k')
    const entries = await allOf(plain.source(container, { deleted: true }))
    expect(entries.map(({ key, kind, excluded }) => [key, kind, excluded])).toEqual([
      ['k', 'special', 'soft-deleted'],
      ['other', 'object', undefined],
    ])
  })
})

describe('blocks that were never put together', () => {
  it('are no blob: it is missing', async () => {
    const container = await plain.container({ k: [first, { uncommitted: true }], other: [third] })
    const source = await plain.directory({ k: first, other: third })
    const run = compare({ source, replicas: [plain.source(container)], require: 'claimed' })
    const { findings } = await outcomeOf(plain.requests, run)
    expect(findings.map(({ key, outcome }) => `${key} ${outcome}`)).toEqual(['k missing', 'other match'])
  })
})

describe('directories of a hierarchical namespace', () => {
  it('are told apart from data: left out, counted, and never extra', async () => {
    const container = await tree.container({ 'a/b/k': [first], 'a/k': [second], empty: [Buffer.alloc(0)] })
    await tree.server.admin.put(container, 'hollow', Buffer.alloc(0), { directory: true })
    const source = await tree.directory({ 'a/b/k': first, 'a/k': second, empty: Buffer.alloc(0) })
    const run = compare({ source, replicas: [tree.source(container)], require: 'claimed' })
    const { findings, report, requests } = await outcomeOf(tree.requests, run)
    expect(findings.map((finding) => `${finding.key} ${told(finding)}`)).toEqual([
      'a/b/k match claimed one-sided-read md5',
      'a/k match claimed one-sided-read md5',
      'empty match claimed one-sided-read md5',
    ])
    // `a`, `a/b` and `hollow`.
    expect(report.result.replicas[0]!.excluded).toEqual({ 'folder-marker': 3 })
    // Listing versions is refused, and tried again without.
    expect(costOf(requests)).toMatch(/^(?:nothing|ListBlobs 1)$/)
  })

  it('of which tools make an empty blob in a flat one are told by its metadata', async () => {
    const container = await plain.container({ k: [first] })
    await plain.server.admin.put(container, 'folder', Buffer.alloc(0), { metadata: { hdi_isfolder: 'true' } })
    expect(await seen(plain, container, first)).toEqual(MATCH)
  })
})
