import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BackupSource } from '@backproof/core/source'
import { type AzureBlobSourceOptions, azureBlobSource } from '@backproof/provider-azure'
import { checksumManifest, localDirectory } from '@backproof/provider-local'
import {
  type AzureServer,
  type AzureServerOptions,
  type Azurite,
  type AzuritePutOptions,
  azurePlatform,
  type BlobOptions,
  type Front,
  type RequestCounters,
  startAzureServer,
  startAzurite,
  startFront,
} from '@backproof/test-servers'
import { writeFiles } from '@backproof/test-servers/suites'
import { afterAll } from 'vitest'

// What the suites about Azure's own ways share: a server, containers, files beside them.

export const MIB: number = 1024 * 1024

/** A server, and a folder for files, that are there until the tests of the file have ended. */
export interface Place<PutOptions> {
  readonly requests: RequestCounters
  /** A container of its own for these blobs; gives its name. */
  container(blobs: Readonly<Record<string, readonly [Uint8Array, (PutOptions | undefined)?]>>): Promise<string>
  /** The container as a source: with the account's key, unless `options` say otherwise. */
  source(container: string, options?: Partial<AzureBlobSourceOptions>): BackupSource
  /** A directory of its own with these files, as a source. */
  directory(files: Readonly<Record<string, Uint8Array>>): Promise<BackupSource>
  /** A checksum file of its own with the SHA-256 of these files, as a source. */
  manifest(files: Readonly<Record<string, Uint8Array>>): Promise<BackupSource>
}

export interface ServerPlace extends Place<BlobOptions> {
  readonly server: AzureServer
}

export interface AzuritePlace extends Place<AzuritePutOptions> {
  readonly azurite: Azurite
  readonly front: Front
}

/** The Azure test server. */
export const openServer = async (options?: AzureServerOptions): Promise<ServerPlace> => {
  const server = await startAzureServer(options)
  const place = await openPlace<BlobOptions>(server.url, server, server.requests, {
    createContainer: async (name) => server.admin.createContainer({ name }),
    put: (...blob) => server.admin.put(...blob),
    close: () => server.close(),
  })
  return { ...place, server }
}

/** azurite, behind a front that counts. */
export const openAzurite = async (): Promise<AzuritePlace> => {
  const azurite = await startAzurite()
  const front = await startFront({ target: azurite.url, platform: azurePlatform() })
  const place = await openPlace<AzuritePutOptions>(front.url, azurite, front.requests, {
    createContainer: (name) => azurite.createContainer(name),
    put: (...blob) => azurite.put(...blob),
    close: async () => {
      await front.close()
      await azurite.close()
    },
  })
  return { ...place, azurite, front }
}

interface Held<PutOptions> {
  createContainer(name: string): Promise<void>
  put(container: string, name: string, bytes: Uint8Array, options?: PutOptions): Promise<unknown>
  close(): Promise<void>
}

const openPlace = async <PutOptions>(
  url: string,
  { account, key }: Pick<AzureServer, 'account' | 'key'>,
  requests: RequestCounters,
  held: Held<PutOptions>,
): Promise<Place<PutOptions>> => {
  const root = await mkdtemp(join(tmpdir(), 'backproof-azure-platform-'))
  const sources: BackupSource[] = []
  let count = 0
  afterAll(async () => {
    for (const source of sources) await source[Symbol.asyncDispose]?.()
    await held.close()
    await rm(root, { recursive: true, force: true })
  })
  const kept = (source: BackupSource): BackupSource => {
    sources.push(source)
    return source
  }
  const folder = async (files: Readonly<Record<string, Uint8Array>>): Promise<string> => {
    count += 1
    const path = join(root, `files-${count}`)
    await writeFiles(path, files)
    return path
  }
  return {
    requests,
    container: async (blobs) => {
      count += 1
      const name = `container-${count}`
      await held.createContainer(name)
      for (const [key, [bytes, put]] of Object.entries(blobs)) await held.put(name, key, bytes, put)
      return name
    },
    source: (container, options = {}) => {
      const credential = { accountName: account, accountKey: key }
      return kept(azureBlobSource({ url, credential, container, ...options }))
    },
    directory: async (files) => kept(localDirectory({ path: await folder(files) })),
    manifest: async (files) => {
      const lines = Object.entries(files).map(
        ([key, bytes]) => `${createHash('sha256').update(bytes).digest('hex')}  ${key}\n`,
      )
      const path = join(await folder({ SHA256SUMS: Buffer.from(lines.join('')) }), 'SHA256SUMS')
      return kept(checksumManifest({ path }))
    },
  }
}
