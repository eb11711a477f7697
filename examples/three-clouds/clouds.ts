import { cp, mkdtemp, readdir, readFile, rm, stat, truncate } from 'node:fs/promises'
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
  const [s3, azurite, google] = await Promise.all([startS3Server(), startAzurite(), startGcsServer()])
  const disk = await mkdtemp(join(tmpdir(), 'backproof-three-clouds-'))
  s3.admin.createBucket({ name: NAME })
  await azurite.createContainer(NAME)
  google.admin.createBucket({ name: NAME })
  await cp(directory, disk, { recursive: true })
  const files: string[] = []
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const key = relative(directory, path).replaceAll(sep, '/')
    const bytes = await readFile(path)
    await s3.admin.put(NAME, prefix + key, bytes)
    await azurite.put(NAME, prefix + key, bytes)
    await google.admin.put(NAME, prefix + key, bytes)
    if (bytes.length > 0) files.push(key)
  }
  const [rotten, replaced, lost, cut] = files.sort()
  if (rotten === undefined || replaced === undefined || lost === undefined || cut === undefined) {
    throw new Error(`${directory} has ${files.length} files that are not empty; the demonstration damages four`)
  }
  s3.admin.corrupt(NAME, prefix + rotten, 0)
  const { length } = await readFile(join(directory, replaced))
  await azurite.put(NAME, prefix + replaced, Buffer.alloc(length, 'x'))
  google.admin.remove(NAME, prefix + lost)
  await truncate(join(disk, cut), (await stat(join(disk, cut))).size - 1)
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
