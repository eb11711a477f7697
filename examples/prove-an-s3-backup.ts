// Proves that an S3 bucket holds what a directory holds. `stored` trusts digests that the service keeps, and reads the bucket
// only where they do not suffice; `read` reads every byte of both sides. Credentials, region and endpoint are those that
// the AWS SDK finds (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL_S3); a store that is not Amazon's names its profile: `ceph`.
import { compare, escapeKey, exitCode, type Grade, summarize } from '@backproof/core'
import { type S3Profile, s3Source } from '@backproof/provider-aws'
import { localDirectory } from '@backproof/provider-local'

const [directory = '/srv/shop', bucket = 'backups', prefix = 'shop/', grade = 'stored', profile] = process.argv.slice(2)
const replica = s3Source({ bucket, prefix, profile: profile as S3Profile | undefined })

const run = compare({
  source: localDirectory({ path: directory }),
  replicas: [replica],
  require: grade as Grade,
})
for await (const findings of run) {
  for (const { key, outcome } of findings) if (outcome !== 'match') console.log(outcome, escapeKey(key))
}
const { result, telemetry } = await run.report()
console.log(summarize(result).sentence)
console.log('requests:', JSON.stringify(telemetry.operations))
process.exitCode = exitCode(result)
await replica[Symbol.asyncDispose]?.()
