import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { compare } from '@backproof/core/compare'
import type { BackupSource } from '@backproof/core/source'
import { verify } from '@backproof/core/verify'
import { checksumManifest, localDirectory } from '@backproof/provider-local'
import { describe, expect, it } from 'vitest'
import { KINDS, type Kind } from './kinds.js'
import { only, outcomeOf } from './outcome.js'
import { openPlace } from './place.js'

const place = await openPlace()

/** A bucket that has the object of this kind, as `k`. */
const bucketOf = async ({ bytes, put, bucket, source }: Kind): Promise<BackupSource> =>
  place.source(await place.bucket({ k: [bytes, put] }, bucket), source)
const manifestOf = async (bytes: Uint8Array): Promise<BackupSource> => {
  const line = `${createHash('sha256').update(bytes).digest('hex')}  k\n`
  return checksumManifest({ path: join(await place.directory({ SHA256SUMS: Buffer.from(line) }), 'SHA256SUMS') })
}
const directoryOf = async (bytes: Uint8Array): Promise<BackupSource> =>
  localDirectory({ path: await place.directory({ k: bytes }) })

describe.each(KINDS)('$name', (kind) => {
  const { bytes } = kind

  it('against a directory', async () => {
    const [source, replica] = [await directoryOf(bytes), await bucketOf(kind)]
    const outcome = await outcomeOf(place.server, compare({ source, replicas: [replica] }))
    expect(only(outcome)).toBe(kind.directory)
  })

  it('against another bucket', async () => {
    const [source, replica] = [await bucketOf(kind), await bucketOf(kind)]
    const outcome = await outcomeOf(place.server, compare({ source, replicas: [replica] }))
    expect(only(outcome, 2)).toBe(kind.other)
  })

  it('a manifest against it', async () => {
    const [source, replica] = [await manifestOf(bytes), await bucketOf(kind)]
    const outcome = await outcomeOf(place.server, compare({ source, replicas: [replica] }))
    expect(only(outcome)).toBe(kind.manifest)
  })

  it('verified by what it stores', async () => {
    const outcome = await outcomeOf(place.server, verify({ source: await bucketOf(kind) }))
    expect(only(outcome)).toBe(kind.verify)
  })
})
