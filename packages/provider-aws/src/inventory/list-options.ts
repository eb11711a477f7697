import { type OptionChecks, optionChecks } from '@backproof/core/object-store'
import { type BackupSource, checkOptionNames, showValue } from '@backproof/core/source'
import { PROVIDER } from '../errors.js'
import { MAX_KEY_BYTES } from '../options.js'

/** What all lists of a bucket's objects are opened with. */
export interface BucketListOptions {
  /**
   * Where the files of the list are: the bucket that they were written to, or a directory that they were copied to. Used, and
   * never closed.
   */
  readonly files: BackupSource
  /** Only keys that begin with this text, and without it, as `s3Source` takes it. Default: the whole bucket. */
  readonly prefix?: string | undefined
}

/** Checks what all lists have in common. Gives what checks the options of their own. */
export const checkListOptions = (
  factory: string,
  options: BucketListOptions,
  names: readonly string[],
): OptionChecks => {
  checkOptionNames(factory, options, ['files', 'prefix', ...names], PROVIDER)
  const checks = optionChecks(factory, PROVIDER)
  const { files, prefix = '' } = options
  if (typeof files !== 'object' || files === null || typeof files.list !== 'function') {
    throw checks.invalid(`files is ${showValue(files)}; it must be a source that the files of the list are in.`)
  }
  checks.prefix(prefix, MAX_KEY_BYTES)
  return checks
}

/** The name of a bucket, as lists write it. */
export const BUCKET_NAME: RegExp = /^[a-z0-9][a-z0-9._-]{1,254}$/i
