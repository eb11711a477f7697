import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { type AuditFinding, audit } from '@backproof/core/audit'
import { localDirectory, type WriteManifestOptions, writeManifest } from '@backproof/provider-local'
import { compressionEffective, dedupEffective } from '@backproof/rules'
import { expect, it } from 'vitest'
import { openHistories } from '../../src/audit/open-histories.js'
import { prepare } from '../../src/prepare.js'
import { temporaryDirectory, writeTree } from '../support/tree.js'

const MIB = 1024 * 1024
/** 1 MiB in which `values` byte values are equally frequent, also in each sample of 4 KiB: log2(values) bits per byte. */
const block = (values: number, first = 0): Buffer =>
  Buffer.alloc(
    MIB,
    Uint8Array.from({ length: values }, (_, i) => first + i),
  )
const dense = block(256)
const half = block(16)
const other = block(16, 100)

/** The verdicts about these files by what a manifest of them tells. */
const audited = async (
  files: Readonly<Record<string, Buffer>>,
  options: WriteManifestOptions = {},
): Promise<readonly AuditFinding[]> => {
  const cwd = writeTree(temporaryDirectory(), files)
  const manifest = join(temporaryDirectory(), 'backups.manifest')
  const sink = createWriteStream(manifest)
  await writeManifest(localDirectory({ path: cwd }), sink, options)
  await finished(sink.end())
  const place = { kind: 'place', source: manifest, pattern: '{asset}/{date:YYYY-MM-DD}/**' } as const
  const recoveryPoints = [{ ...place, declared: { file: 'policy.yaml', line: 1 } }]
  const histories = { jobs: [], recoveryPoints, drills: [], capacity: [], reports: [] }
  const rows: AuditFinding[] = []
  const run = audit({
    rules: [compressionEffective({ acceptEncrypted: true }), dedupEffective()],
    targets: [{ kind: 'asset', id: 'shop' }],
    collectors: await openHistories(histories, await prepare({})),
    now: () => new Date('2026-11-03T12:00:00Z'),
  })
  for await (const page of run) rows.push(...page)
  return rows
}

const NIGHTS = {
  'shop/2026-11-01/a': dense,
  'shop/2026-11-01/b': half,
  'shop/2026-11-02/a': dense,
  'shop/2026-11-02/b': other,
}

it('a manifest of two nights tells what compression and deduplication would save', async () => {
  const [compression, dedup] = await audited(NIGHTS)
  // 2 MiB a night: half of it with 8 bits per byte, half with 4, of which compression saves the half.
  expect(compression).toMatchObject({
    status: 'fail',
    message: 'compressible',
    data: { points: 2, bytes: 4 * MIB, saved: MIB, percent: 25 },
    evidence: [{ data: { entropy: 6, entropyBytes: 2 * MIB } }, { data: { entropy: 6 } }],
  })
  // The first half of the second night.
  expect(dedup).toMatchObject({
    status: 'fail',
    message: 'repeats',
    data: { points: 2, bytes: 4 * MIB, repeated: MIB, percent: 25 },
    evidence: [
      { at: '2026-11-02T00:00:00.000Z', data: { bytes: 2 * MIB, repeated: MIB } },
      { at: '2026-11-01T00:00:00.000Z', data: { bytes: 2 * MIB, repeated: 0 } },
    ],
  })
})

it('both pass where the second night holds what is new, packed', async () => {
  const packed = Buffer.from(dense).reverse()
  const small = block(256).subarray(0, MIB / 8)
  const rows = await audited({
    'shop/2026-11-01/a': dense,
    'shop/2026-11-01/b': packed,
    'shop/2026-11-02/b': small,
  })
  // Of the small file nobody knows the entropy: an eighth of a MiB of two and an eighth, rounded up.
  expect(rows).toMatchObject([
    { status: 'pass', message: 'dense', data: { bytes: 2.125 * MIB, percent: 5.9 } },
    { status: 'pass', message: 'little-repeats', data: { bytes: 2.125 * MIB, percent: 0 } },
  ])
})

it('a checksum file has neither sizes nor entropy, and nobody can say', async () => {
  const rows = await audited(NIGHTS, { format: 'checksum' })
  expect(rows).toMatchObject([
    { status: 'unknown', message: 'not-measured', data: { untold: 2 } },
    { status: 'unknown', message: 'not-measured', data: { untold: 2 } },
  ])
})

it('digests of less than 128 bits tell no two objects apart', async () => {
  const rows = await audited(NIGHTS, { algorithms: ['crc64nvme'] })
  expect(rows.map(({ message }) => message)).toEqual(['compressible', 'not-measured'])
})
