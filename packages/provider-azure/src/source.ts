import type { BackupSource } from '@backproof/core/source'
import { connect } from './client/connection.js'
import { describeContainer } from './describe.js'
import { listContainer } from './list.js'
import { type AzureBlobSourceOptions, azureSettings } from './options.js'
import { preflightContainer } from './preflight/preflight.js'
import { readBlob } from './read.js'
import { statBlob } from './stat.js'

/** A source that is always to be closed: it may have connections of its own, which stay open. */
export interface AzureBlobSource extends BackupSource {
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A container of Azure Blob Storage, or what lies below a prefix of it: block, append and page blobs. Names are taken as they
 * are, so that one may begin with `/` or hold `//`. The blob that is named like the prefix itself has the key `/`; where it is
 * empty and the prefix ends in `/`, and where a blob stands for a directory, it is left out as `excluded: 'folder-marker'`.
 *
 * Only reads: List Blobs, Get Account Information, Get Blob Properties and Get Blob are all that it ever sends. Throws
 * `invalid-config` at once for wrong options; that the container is there is seen by `describe`.
 */
export const azureBlobSource = (options: AzureBlobSourceOptions): AzureBlobSource => {
  const settings = azureSettings(options)
  const connection = connect(settings)
  const { uri } = connection
  return Object.freeze({
    specVersion: 'v1',
    uri,
    async describe(call) {
      connection.checkOpen()
      return describeContainer(connection, call)
    },
    async *list(call = {}) {
      call.signal?.throwIfAborted()
      connection.checkOpen()
      for await (const page of listContainer(connection, call)) {
        connection.checkOpen()
        yield page
        call.signal?.throwIfAborted()
      }
    },
    async stat(ref, call) {
      connection.checkOpen()
      return statBlob(connection, ref, call)
    },
    async read(ref, call) {
      connection.checkOpen()
      return readBlob(connection, ref, call)
    },
    async preflight(call) {
      call?.signal?.throwIfAborted()
      connection.checkOpen()
      return preflightContainer(connection, call)
    },
    async [Symbol.asyncDispose]() {
      connection.close()
    },
  } satisfies AzureBlobSource)
}
