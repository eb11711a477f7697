/**
 * Whose service an endpoint is, which decides what its word is worth.
 * - `aws`: Amazon S3. `ceph`: RADOS Gateway. `minio`: MinIO. Their ETags and checksums are the service's own.
 * - `other`: any other store. Its ETags and checksums count as claims.
 */
export type S3Profile = 'aws' | 'ceph' | 'minio' | 'other'

export const S3_PROFILES: readonly S3Profile[] = ['aws', 'ceph', 'minio', 'other']

/**
 * The domains of Amazon's partitions (`partitions.json` of the AWS SDKs): commercial, China, GovCloud, isolated and
 * sovereign regions, dual stack and VPC endpoints among them.
 */
const AWS_HOST =
  /(?:^|\.)(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|api\.aws|api\.amazonwebservices\.com\.cn|(?:c2s|hci)\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk)$/i

/** Whether a host name belongs to Amazon. */
export const isAwsHost = (host: string): boolean => AWS_HOST.test(host)

/**
 * Whether buckets can only be addressed by path there: IP addresses, `localhost`, and names without a dot (`minio` in a
 * container network), below which no bucket has a name.
 */
export const needsPathStyle = (host: string): boolean =>
  /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || host.includes(':') || !host.includes('.') || /\.localhost$/i.test(host)

/** Directory buckets (S3 Express One Zone) end in `--x-s3`: "Directory bucket naming rules", Amazon S3 User Guide. */
export const isDirectoryBucket = (bucket: string): boolean => bucket.endsWith('--x-s3')
