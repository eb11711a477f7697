/**
 * How fast a directory and a bucket are compared, against rclone doing the same on the same server (Ceph RGW, started here).
 * Run from the repository's root after a build; needs the Debian packages of Ceph and rclone:
 *
 *     npx tsx --conditions=backproof-source packages/provider-aws/bench/compare.ts [objects] [rounds]
 *
 * Puts that many objects of 4 KiB (default 5,000), four of 64 MiB in one part and two in parts of 8 MiB into a bucket. Every
 * contestant is a whole process, run by turns; the table shows medians, and the ratio to rclone's.
 */
import { fileURLToPath } from 'node:url'
import { rgwMissing, startRgw } from '@backproof/test-servers'
import { raceRclone } from '@backproof/test-servers/race'

const [objects = '5000', rounds = '3'] = process.argv.slice(2)
const missing = rgwMissing()
if (missing !== undefined) throw new Error(`Install these Debian packages first: ${missing}`)
await using rgw = await startRgw()
raceRclone({
  name: 'bench',
  uri: 's3://bench',
  bin: fileURLToPath(new URL('../../cli/dist/bin.js', import.meta.url)),
  options: ['--with', 'profile=ceph'],
  env: {
    AWS_ENDPOINT_URL_S3: rgw.url,
    AWS_REGION: rgw.region,
    AWS_ACCESS_KEY_ID: rgw.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: rgw.credentials.secretAccessKey,
    RCLONE_CONFIG_R_TYPE: 's3',
    RCLONE_CONFIG_R_PROVIDER: 'Ceph',
    RCLONE_CONFIG_R_ENV_AUTH: 'true',
    RCLONE_CONFIG_R_ENDPOINT: rgw.url,
  },
  uploads: [
    ['--transfers', '16', '--s3-upload-cutoff', '5G', '--exclude', 'parts-*'],
    ['--s3-upload-cutoff', '0', '--s3-chunk-size', '8M', '--include', 'parts-*'],
  ],
  storedGrade: 'stored',
  objects: Number(objects),
  rounds: Number(rounds),
})
