import { startS3Server } from '@backproof/test-servers'
import { afterAll, expect, it } from 'vitest'
import { freshName, listAll, withBucket } from '../support/bucket.js'

const server = await startS3Server()
afterAll(() => server.close())

it('names the checksums that stat tells, of the whole or of parts', async () => {
  const name = freshName()
  server.admin.createBucket({ name, versioning: 'Enabled' })
  const bytes = Buffer.alloc(9_000, 'checksums ')
  const checksum = (algorithm: string, type: 'COMPOSITE' | 'FULL_OBJECT') => ({ checksum: { algorithm, type } })
  const puts = {
    'crc32c-of-parts': { partSizes: [5_000, 4_000], ...checksum('CRC32C', 'COMPOSITE') },
    'crc32c-of-whole': { partSizes: [5_000, 4_000], ...checksum('CRC32C', 'FULL_OBJECT') },
    'default-under-kms': { sse: 'aws:kms' },
    'new-hash': { checksum: { algorithm: 'NEWHASH', value: 'AQI=' } },
    none: { checksum: 'none' },
    'sha256-of-parts': { partSizes: [5_000, 4_000], ...checksum('SHA256', 'COMPOSITE') },
  } as const
  for (const [key, options] of Object.entries(puts)) await server.admin.put(name, key, bytes, options)
  await withBucket(server, name, {}, async (source) => {
    const entries = await listAll(source)
    expect(Object.fromEntries(entries.map(({ key, offers }) => [key, offers]))).toEqual({
      'crc32c-of-parts': [{ algorithm: 'crc32c', coverage: 'parts', provenance: 'service' }],
      'crc32c-of-whole': [{ algorithm: 'crc32c', coverage: 'full', provenance: 'service' }],
      'default-under-kms': [{ algorithm: 'crc64nvme', coverage: 'full', provenance: 'service' }],
      'new-hash': [{ algorithm: 'newhash', coverage: 'full', provenance: 'service' }],
      none: undefined,
      'sha256-of-parts': [{ algorithm: 'sha256', coverage: 'parts', provenance: 'service' }],
    })
    const versions = await listAll(source, { versions: true })
    expect(versions.map(({ offers }) => offers)).toEqual(entries.map(({ offers }) => offers))
    for (const { ref, offers = [] } of entries) {
      const { digests = [] } = await source.stat(ref, { want: ['digests'] })
      for (const { algorithm, coverage, provenance } of offers) {
        const told = digests.find((digest) => digest.algorithm === algorithm)
        expect(told?.provenance).toBe(provenance)
        expect((told?.coverage ?? 'full') === 'full').toBe(coverage === 'full')
      }
    }
  })
})
