import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BackupSource, PlacePrices } from '@backproof/core/source'
import { S3_LIST_PRICES, type S3SourceOptions, s3Source } from '@backproof/provider-aws'
import { type BucketOptions, type PutOptions, type S3Server, startS3Server } from '@backproof/test-servers'
import { writeFiles } from '@backproof/test-servers/suites'
import { afterAll } from 'vitest'

// What the suites about S3's own ways share: a server, buckets, files beside them.

export const MIB: number = 1024 * 1024

/** Small objects stand for large ones here, which cost more to read than to ask about. */
const AS_LARGE: PlacePrices = { ...S3_LIST_PRICES, egressByte: 1e-4 }

export interface Place {
  readonly server: S3Server
  /** A bucket of its own for these objects; gives its name. */
  bucket(
    objects: Readonly<Record<string, readonly [Uint8Array, (PutOptions | undefined)?]>>,
    options?: Omit<BucketOptions, 'name'>,
  ): Promise<string>
  /** The bucket as a source: of the root user, and of Amazon, unless `options` say otherwise. */
  source(bucket: string, options?: Partial<S3SourceOptions>): BackupSource
  /** A directory of its own with these files; gives its path. */
  directory(files: Readonly<Record<string, Uint8Array>>): Promise<string>
}

/** A server and a folder that are there until the tests of the file have ended. */
export const openPlace = async (): Promise<Place> => {
  const server = await startS3Server({ minPartSize: 1 })
  const root = await mkdtemp(join(tmpdir(), 'backproof-s3-platform-'))
  const sources: BackupSource[] = []
  let count = 0
  afterAll(async () => {
    for (const source of sources) await source[Symbol.asyncDispose]?.()
    await server.close()
    await rm(root, { recursive: true, force: true })
  })
  return {
    server,
    bucket: async (objects, options = {}) => {
      count += 1
      const name = `bucket-${count}${options.kind === 'directory' ? '--use1-az4--x-s3' : ''}`
      server.admin.createBucket({ name, ...options })
      for (const [key, [bytes, put]] of Object.entries(objects)) await server.admin.put(name, key, bytes, put)
      return name
    },
    source: (bucket, options = {}) => {
      const { url: endpoint, region, credentials } = server
      const source = s3Source({ bucket, endpoint, region, credentials, profile: 'aws', prices: AS_LARGE, ...options })
      sources.push(source)
      return source
    },
    directory: async (files) => {
      count += 1
      const path = join(root, `files-${count}`)
      await writeFiles(path, files)
      return path
    },
  }
}
