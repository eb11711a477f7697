export type {
  BucketOptions,
  BucketSettings,
  ChecksumOptions,
  PutOptions,
  PutResult,
  S3Admin,
  VersionOptions,
  VersionSnapshot,
} from './admin-options.js'
export type { ChecksumType } from './checksums.js'
export type { PolicyStatement } from './policy.js'
export { type S3Server, type S3ServerOptions, startS3Server } from './server.js'
export type { Restore } from './store.js'
export type { Credentials, UserOptions } from './users.js'
export type { XmlContent, XmlTree } from './xml.js'
