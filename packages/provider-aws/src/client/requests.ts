import {
  GetBucketVersioningCommand,
  type GetBucketVersioningCommandOutput,
  GetObjectAttributesCommand,
  type GetObjectAttributesCommandOutput,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadBucketCommand,
  type HeadBucketCommandOutput,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3'
import { keyFields } from '@backproof/core/object-store'
import type { CallOptions } from '@backproof/core/source'
import type { S3Ref } from '../entry.js'
import { customerKeyInput } from '../object/encryption.js'
import type { Answer, Connection, Request } from './connection.js'

// Every request that this package can make. All of them only read.

type Call = CallOptions | undefined

/** What every request says of the bucket. */
const bucketInput = ({
  settings,
}: Connection): {
  readonly Bucket: string
  readonly ExpectedBucketOwner?: string
  readonly RequestPayer?: 'requester'
} => ({
  Bucket: settings.bucket,
  ...(settings.expectedBucketOwner !== undefined && { ExpectedBucketOwner: settings.expectedBucketOwner }),
  ...(settings.requesterPays && { RequestPayer: 'requester' }),
})

/** The object of a ref, as requests name it. */
const objectInput = (connection: Connection, { key, version }: Pick<S3Ref, 'key' | 'version'>) => ({
  ...bucketInput(connection),
  Key: connection.settings.prefix + key,
  ...(version !== undefined && { VersionId: version }),
  ...customerKeyInput(connection.settings.customerKey),
})

const aboutObject = (
  operation: string,
  connection: Connection,
  { key, version }: Pick<S3Ref, 'key' | 'version'>,
  call: Call,
): Pick<Request<never>, 'operation' | 'key' | 'version' | 'subject' | 'call'> => ({
  operation,
  key: connection.settings.prefix + key,
  version,
  subject: keyFields(key).key,
  call,
})

/**
 * Asks for stored checksums by header. The parameter `ChecksumMode` would also make the SDK hash the body in JavaScript, at
 * a fraction of the speed of the hashers that a run has.
 */
const CHECKSUM_MODE = { 'x-amz-checksum-mode': 'ENABLED' }

export const headBucket = (connection: Connection, call: Call): Promise<Answer<HeadBucketCommandOutput>> => {
  const { RequestPayer: _, ...input } = bucketInput(connection)
  const command = new HeadBucketCommand(input)
  return connection.send({
    operation: 'HeadBucket',
    command,
    send: (client, options) => client.send(command, options),
    call,
  })
}

export const bucketVersioning = (
  connection: Connection,
  call: Call,
): Promise<Answer<GetBucketVersioningCommandOutput>> => {
  const { RequestPayer: _, ...input } = bucketInput(connection)
  const command = new GetBucketVersioningCommand(input)
  return connection.send({
    operation: 'GetBucketVersioning',
    command,
    send: (client, options) => client.send(command, options),
    call,
  })
}

export interface PageRequest {
  readonly prefix: string
  readonly startAfter?: string | undefined
  readonly token?: string | undefined
  /** Default: as many as the service gives (1,000). */
  readonly maxKeys?: number | undefined
}

export const listPage = (
  connection: Connection,
  page: PageRequest,
  call: Call,
): Promise<Answer<ListObjectsV2CommandOutput>> => {
  const command = new ListObjectsV2Command({
    ...bucketInput(connection),
    EncodingType: 'url',
    OptionalObjectAttributes: ['RestoreStatus'],
    ...(page.prefix !== '' && { Prefix: page.prefix }),
    ...(page.startAfter !== undefined && page.startAfter !== '' && { StartAfter: page.startAfter }),
    ...(page.token !== undefined && { ContinuationToken: page.token }),
    ...(page.maxKeys !== undefined && { MaxKeys: page.maxKeys }),
  })
  return connection.send({
    operation: 'ListObjectsV2',
    command,
    send: (client, options) => client.send(command, options),
    call,
  })
}

export interface VersionPageRequest {
  readonly prefix: string
  readonly keyMarker?: string | undefined
  readonly versionMarker?: string | undefined
  readonly maxKeys?: number | undefined
}

export const listVersionPage = (
  connection: Connection,
  page: VersionPageRequest,
  call: Call,
): Promise<Answer<ListObjectVersionsCommandOutput>> => {
  const command = new ListObjectVersionsCommand({
    ...bucketInput(connection),
    EncodingType: 'url',
    OptionalObjectAttributes: ['RestoreStatus'],
    ...(page.prefix !== '' && { Prefix: page.prefix }),
    ...(page.keyMarker !== undefined && page.keyMarker !== '' && { KeyMarker: page.keyMarker }),
    ...(page.versionMarker !== undefined && { VersionIdMarker: page.versionMarker }),
    ...(page.maxKeys !== undefined && { MaxKeys: page.maxKeys }),
  })
  return connection.send({
    operation: 'ListObjectVersions',
    command,
    send: (client, options) => client.send(command, options),
    call,
  })
}

export interface HeadRequest {
  /** Also ask for the additional checksums. Under KMS this takes kms:Decrypt. */
  readonly checksums?: boolean | undefined
  /** Only if the object still has this ETag. */
  readonly ifMatch?: string | undefined
  /** Ask about one part of a multipart upload. */
  readonly part?: number | undefined
}

export const headObject = (
  connection: Connection,
  ref: S3Ref,
  { checksums, ifMatch, part }: HeadRequest,
  call: Call,
): Promise<Answer<HeadObjectCommandOutput>> => {
  const command = new HeadObjectCommand({
    ...objectInput(connection, ref),
    ...(ifMatch !== undefined && { IfMatch: ifMatch }),
    ...(part !== undefined && { PartNumber: part }),
  })
  return connection.send({
    ...aboutObject('HeadObject', connection, ref, call),
    ...(checksums === true && { headers: CHECKSUM_MODE }),
    command,
    send: (client, options) => client.send(command, options),
  })
}

export const objectAttributes = (
  connection: Connection,
  ref: S3Ref,
  partMarker: string | undefined,
  call: Call,
): Promise<Answer<GetObjectAttributesCommandOutput>> => {
  const command = new GetObjectAttributesCommand({
    ...objectInput(connection, ref),
    ObjectAttributes: ['ETag', 'Checksum', 'ObjectParts', 'ObjectSize'],
    MaxParts: 1_000,
    ...(partMarker !== undefined && { PartNumberMarker: partMarker }),
  })
  return connection.send({
    ...aboutObject('GetObjectAttributes', connection, ref, call),
    xml: true,
    command,
    send: (client, options) => client.send(command, options),
  })
}

export const getObject = (
  connection: Connection,
  ref: S3Ref,
  { ifMatch, range }: { readonly ifMatch: string | undefined; readonly range: string | undefined },
  call: Call,
): Promise<Answer<GetObjectCommandOutput>> => {
  const command = new GetObjectCommand({
    ...objectInput(connection, ref),
    ...(ifMatch !== undefined && { IfMatch: ifMatch }),
    ...(range !== undefined && { Range: range }),
  })
  return connection.send({
    ...aboutObject('GetObject', connection, ref, call),
    // The checksums that come with a range may be those of a part.
    ...(range === undefined && { headers: CHECKSUM_MODE }),
    command,
    send: (client, options) => client.send(command, options),
  })
}
