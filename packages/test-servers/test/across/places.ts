import type { BackupSource } from '@backproof/core/source'
import { type S3Source, s3Source } from '@backproof/provider-aws'
import { azureBlobSource } from '@backproof/provider-azure'
import { type GcsSourceOptions, gcsSource } from '@backproof/provider-gcp'
import type { AzureServer, GcsServer, S3Server } from '@backproof/test-servers'
import { bytesOf, type Content } from './content.js'

/** The bucket or container that each server has. */
export const NAME = 'backups'

export const s3Of = ({ url: endpoint, region, credentials }: S3Server, bucket: string = NAME): S3Source =>
  s3Source({ bucket, endpoint, region, credentials, profile: 'aws' })

export const gcsOf = ({ url: endpoint, owner }: GcsServer): BackupSource =>
  gcsSource({ bucket: NAME, endpoint, credentials: owner.credentials as GcsSourceOptions['credentials'] })

export const azureOf = ({ url, account: accountName, key: accountKey }: AzureServer): BackupSource =>
  azureBlobSource({ container: NAME, url, credential: { accountName, accountKey } })

/** Uploads all. */
export const upload = async (
  contents: readonly Content[],
  put: (content: Content, bytes: Buffer, index: number) => Promise<unknown>,
): Promise<void> => {
  for (const [index, content] of contents.entries()) await put(content, bytesOf(content.key, content.size), index)
}

/** Requests that open the bytes of an object, by server. */
const READS: readonly string[] = ['GetObject', 'objects.getMedia', 'GetBlob']

/** How many reads a server was asked for: without one, no byte left it. */
export const readsOf = ({ requests }: S3Server | GcsServer | AzureServer): number =>
  READS.reduce((sum, operation) => sum + requests.count(operation), 0)
