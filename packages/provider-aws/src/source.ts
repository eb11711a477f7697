import { type StoreSource, storeSource } from '@backproof/core/object-store'
import { connect } from './client/connection.js'
import { describeBucket } from './describe.js'
import { listBucket } from './list.js'
import { type S3SourceOptions, s3Settings } from './options.js'
import { preflightBucket } from './preflight/preflight.js'
import { readObject } from './read.js'
import { statObject } from './stat.js'

/** A source that is always to be closed: it may have connections of its own, which stay open. */
export type S3Source = StoreSource

/**
 * A bucket of Amazon S3, or of a service that speaks its protocol, or what lies below a prefix of it. Every object is an
 * object, those whose names end in `/` too; keys are taken as they are, so that one may begin with `/` or hold `//`.
 * The object that is named like the prefix itself has the key `/`; where it is empty and the prefix ends in `/`, it is a
 * folder marker and left out as `excluded: 'folder-marker'`.
 *
 * Only reads: HeadBucket, ListObjectsV2, ListObjectVersions, GetBucketVersioning, HeadObject, GetObjectAttributes and
 * GetObject are all that it ever sends. Throws `invalid-config` at once for wrong options; that the bucket is there is
 * seen by `describe`.
 */
export const s3Source = (options: S3SourceOptions): S3Source =>
  storeSource(connect(s3Settings(options)), {
    describe: describeBucket,
    list: listBucket,
    stat: statObject,
    read: readObject,
    preflight: preflightBucket,
  })
