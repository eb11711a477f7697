import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BackupSource } from '@backproof/core/source'
import type { GcsSourceOptions } from '@backproof/provider-gcp'
import { type GcsBucketOptions, type GcsPutOptions, type GcsServer, startGcsServer } from '@backproof/test-servers'
import { writeFiles } from '@backproof/test-servers/suites'
import { afterAll } from 'vitest'
import { freshName, openBucket } from '../support/bucket.js'

// What the suites about the ways of Cloud Storage share: a server, buckets, files beside them.

export const MIB: number = 1024 * 1024

export interface Place {
  readonly server: GcsServer
  /** A bucket of its own for these objects; gives its name. */
  bucket(
    objects: Readonly<Record<string, readonly [Uint8Array, (GcsPutOptions | undefined)?]>>,
    options?: Omit<GcsBucketOptions, 'name'>,
  ): Promise<string>
  /** The bucket as a source: of its owner, unless `options` say otherwise. */
  source(bucket: string, options?: Partial<GcsSourceOptions>): BackupSource
  /** A directory of its own with these files; gives its path. */
  directory(files: Readonly<Record<string, Uint8Array>>): Promise<string>
}

/** A server and a folder that are there until the tests of the file have ended. */
export const openPlace = async (): Promise<Place> => {
  const server = await startGcsServer()
  const root = await mkdtemp(join(tmpdir(), 'backproof-gcs-platform-'))
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
      const name = freshName()
      server.admin.createBucket({ name, ...options })
      for (const [key, [bytes, put]] of Object.entries(objects)) await server.admin.put(name, key, bytes, put)
      return name
    },
    source: (bucket, options = {}) => {
      const source = openBucket(server, bucket, options)
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
