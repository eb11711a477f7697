import { type StoreSource, storeSource } from '@backproof/core/object-store'
import { connect } from './client/connection.js'
import { describeBucket } from './describe.js'
import { listBucket } from './list.js'
import { type GcsSourceOptions, gcsSettings } from './options.js'
import { preflightBucket } from './preflight/preflight.js'
import { readObject } from './read.js'
import { statObject } from './stat.js'

/** A source that is always to be closed: it may have connections of its own, which stay open. */
export type GcsSource = StoreSource

/**
 * A bucket of Google Cloud Storage, or what lies below a prefix of it. Every object is an object, those whose names end in `/`
 * too; keys are taken as they are, so that one may begin with `/` or hold `//`. The object that is named like the prefix
 * itself has the key `/`; where it is empty and the prefix ends in `/`, it is a folder marker and left out as
 * `excluded: 'folder-marker'`. Folders of a hierarchical namespace are no objects and are not listed.
 *
 * Only reads: buckets.get, buckets.getStorageLayout, objects.list and objects.get (with and without `alt=media`) are all that
 * it ever sends. Throws `invalid-config` at once for wrong options; that the bucket is there is seen by `describe`.
 */
export const gcsSource = (options: GcsSourceOptions): GcsSource =>
  storeSource(connect(gcsSettings(options)), {
    describe: describeBucket,
    list: listBucket,
    stat: statObject,
    read: readObject,
    preflight: preflightBucket,
  })
