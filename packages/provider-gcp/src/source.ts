import type { BackupSource } from '@backproof/core/source'
import { connect } from './client/connection.js'
import { describeBucket } from './describe.js'
import { listBucket } from './list.js'
import { type GcsSourceOptions, gcsSettings } from './options.js'
import { preflightBucket } from './preflight/preflight.js'
import { readObject } from './read.js'
import { statObject } from './stat.js'

/** A source that is always to be closed: it has connections of its own. */
export interface GcsSource extends BackupSource {
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A bucket of Google Cloud Storage, or what lies below a prefix of it. Every object is an object, those whose names end in `/`
 * too; keys are taken as they are, so that one may begin with `/` or hold `//`. The object that is named like the prefix
 * itself has the key `/`; where it is empty and the prefix ends in `/`, it is a folder marker and left out as
 * `excluded: 'folder-marker'`. Folders of a hierarchical namespace are no objects and are not listed.
 *
 * Only reads: buckets.get, buckets.getStorageLayout, objects.list and objects.get (with and without `alt=media`) are all that
 * it ever sends. Throws `invalid-config` at once for wrong options; that the bucket is there is seen by `describe`.
 */
export const gcsSource = (options: GcsSourceOptions): GcsSource => {
  const settings = gcsSettings(options)
  const connection = connect(settings)
  const { uri } = connection
  return Object.freeze({
    specVersion: 'v1',
    uri,
    async describe(call) {
      connection.checkOpen()
      return describeBucket(connection, call)
    },
    async *list(call = {}) {
      call.signal?.throwIfAborted()
      connection.checkOpen()
      for await (const page of listBucket(connection, call)) {
        connection.checkOpen()
        yield page
        call.signal?.throwIfAborted()
      }
    },
    async stat(ref, call) {
      connection.checkOpen()
      return statObject(connection, ref, call)
    },
    async read(ref, call) {
      connection.checkOpen()
      return readObject(connection, ref, call)
    },
    async preflight(call) {
      call?.signal?.throwIfAborted()
      connection.checkOpen()
      return preflightBucket(connection, call)
    },
    async [Symbol.asyncDispose]() {
      connection.close()
    },
  } satisfies GcsSource)
}
