import { cp, mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import type { S3SourceOptions } from '@backproof/provider-aws'
import type { AzureBlobSourceOptions } from '@backproof/provider-azure'
import type { GcsSourceOptions } from '@backproof/provider-gcp'
import { startAzurite, startGcsServer, startS3Server } from '@backproof/test-servers'

/** Stand-ins for three clouds on this machine, and a disk: each with a copy of a directory that has one object damaged. */
export interface Clouds extends AsyncDisposable {
  readonly s3: Pick<S3SourceOptions, 'endpoint' | 'region' | 'credentials' | 'profile'>
  readonly azure: Pick<AzureBlobSourceOptions, 'connectionString'>
  readonly google: Pick<GcsSourceOptions, 'endpoint' | 'credentials'>
  readonly disk: string
  /** What was damaged, and how: one sentence for each copy. */
  readonly damage: readonly string[]
}

const NAME = 'backups'

/** Uploads `directory` below `prefix` to the bucket or container `backups` of each. */
export const startClouds = async (directory: string, prefix: string): Promise<Clouds> => {
  const files = await filesOf(directory)
  const [rotten, replaced, lost, cut] = [...files].filter(([, bytes]) => bytes.length > 0).map(([key]) => key)
  if (rotten === undefined || replaced === undefined || lost === undefined || cut === undefined) {
    throw new Error(`The demonstration damages four files that are not empty; ${directory} has fewer`)
  }
  const [s3, azurite, google] = await Promise.all([startS3Server(), startAzurite(), startGcsServer()])
  const disk = await mkdtemp(join(tmpdir(), 'backproof-three-clouds-'))
  s3.admin.createBucket({ name: NAME })
  await azurite.createContainer(NAME)
  google.admin.createBucket({ name: NAME })
  await cp(directory, disk, { recursive: true })
  for (const [key, bytes] of files) {
    await s3.admin.put(NAME, prefix + key, bytes)
    await azurite.put(NAME, prefix + key, bytes)
    await google.admin.put(NAME, prefix + key, bytes)
  }
  s3.admin.corrupt(NAME, prefix + rotten, 0)
  await azurite.put(NAME, prefix + replaced, Buffer.alloc(files.get(replaced)!.length, 'x'))
  google.admin.remove(NAME, prefix + lost)
  await truncate(join(disk, cut), files.get(cut)!.length - 1)
  return {
    s3: { endpoint: s3.url, region: s3.region, credentials: s3.credentials, profile: 'aws' },
    azure: { connectionString: azurite.connectionString },
    google: { endpoint: google.url, credentials: google.owner.credentials },
    disk,
    damage: [
      `S3: one bit of ${rotten} changed where it is stored, under the same ETag`,
      `Azure: ${replaced} was replaced by other content of the same length`,
      `Google Cloud: ${lost} was deleted`,
      `disk: ${cut} lost its last byte`,
    ],
    [Symbol.asyncDispose]: async () => {
      await Promise.all([s3.close(), azurite.close(), google.close()])
      await rm(disk, { recursive: true, force: true })
    },
  }
}

/** Bytes by key, in the order of keys. */
const filesOf = async (directory: string): Promise<ReadonlyMap<string, Buffer>> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const keyOf = (path: string): string => relative(directory, path).replaceAll(sep, '/')
  const files = new Map<string, Buffer>()
  for (const path of paths.sort()) files.set(keyOf(path), await readFile(path))
  return files
}
