import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BackupSource } from '@backproof/core/source'
import { afterAll } from 'vitest'
import { writeFiles } from './files.js'
import type { Asked } from './outcome.js'

/** A server of an object store, as the suites about its contents drive it. */
export interface StoreHarness extends Asked {
  /** In titles. */
  readonly name: string
  /** What every run asks of every bucket. */
  readonly ofBucket: Readonly<Record<string, number>>
  readonly operations: { readonly list: string; readonly read: string }
  /** The strongest grade that a comparison reaches without reading an object. */
  readonly proves: 'stored' | 'claimed'
  /**
   * A bucket of its own for these objects; gives its name.
   *
   * @param kind `opaque`: objects that the listing says as little of as the platform can make it; `versioned`: each object is
   * a version, where there are versions. Default: as they are usually stored.
   */
  bucket(objects: Iterable<readonly [string, Uint8Array]>, kind?: 'opaque' | 'versioned'): Promise<string>
  /** The bucket as a source of a caller who may do all. The suite disposes of it. */
  source(bucket: string, options: StoreOptions): BackupSource
  /** Flips a bit of a stored byte under the same size, digests and time. */
  rot(bucket: string, key: string, offset: number): void | Promise<void>
  /** A directory as a source. */
  directory(path: string): BackupSource
  close(): Promise<void>
}

export interface StoreOptions {
  readonly prefix?: string | undefined
  readonly listConcurrency?: number | undefined
}

/** A harness whose sources, files and server are there until the tests of the file have ended. */
export interface Store extends Omit<StoreHarness, 'source' | 'directory' | 'close'> {
  source(bucket: string, options?: StoreOptions): BackupSource
  /** A directory of its own with these files, as a source. */
  files(files: Iterable<readonly [string, Uint8Array]>): Promise<BackupSource>
}

export const openStore = (harness: StoreHarness): Store => {
  const sources: BackupSource[] = []
  const folders: string[] = []
  afterAll(async () => {
    for (const source of sources) await source[Symbol.asyncDispose]?.()
    await harness.close()
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  })
  const kept = (source: BackupSource): BackupSource => {
    sources.push(source)
    return source
  }
  return {
    ...harness,
    source: (bucket, options = {}) => kept(harness.source(bucket, options)),
    files: async (files) => {
      const folder = await mkdtemp(join(tmpdir(), 'backproof-suite-'))
      folders.push(folder)
      await writeFiles(folder, files)
      return kept(harness.directory(folder))
    },
  }
}

/** Bytes that do not repeat from part to part, the same in every run. */
export const bytesOf = (size: number, seed = 1): Buffer => {
  const words = new Uint32Array(Math.ceil(size / 4))
  let state = Math.imul(seed, 0x9e3779b1) | 1
  for (let i = 0; i < words.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    words[i] = state
  }
  return Buffer.from(words.buffer, 0, size)
}
