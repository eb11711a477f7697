import { type StoreSource, storeSource } from '@backproof/core/object-store'
import { connect } from './client/connection.js'
import { describeContainer } from './describe.js'
import { listContainer } from './list.js'
import { type AzureBlobSourceOptions, azureSettings } from './options.js'
import { preflightContainer } from './preflight/preflight.js'
import { readBlob } from './read.js'
import { statBlob } from './stat.js'

/** A source that is always to be closed: it may have connections of its own, which stay open. */
export type AzureBlobSource = StoreSource

/**
 * A container of Azure Blob Storage, or what lies below a prefix of it: block, append and page blobs. Names are taken as they
 * are, so that one may begin with `/` or hold `//`. The blob that is named like the prefix itself has the key `/`; where it is
 * empty and the prefix ends in `/`, and where a blob stands for a directory, it is left out as `excluded: 'folder-marker'`.
 *
 * Only reads: List Blobs, Get Account Information, Get Blob Properties and Get Blob are all that it ever sends. Throws
 * `invalid-config` at once for wrong options; that the container is there is seen by `describe`.
 */
export const azureBlobSource = (options: AzureBlobSourceOptions): AzureBlobSource =>
  storeSource(connect(azureSettings(options)), {
    describe: describeContainer,
    list: listContainer,
    stat: statBlob,
    read: readBlob,
    preflight: preflightContainer,
  })
