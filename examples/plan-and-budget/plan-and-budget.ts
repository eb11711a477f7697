// Asks what it costs to prove that an S3 bucket holds what a directory holds, refuses where that is beyond a limit in dollars, and
// else proves it and stops at that limit, whatever it meets. Credentials, region and endpoint are those that the AWS SDK finds.
import { compare, escapeKey, exitCode, type Grade, summarize, summarizePlan } from '@backproof/core'
import { S3_LIST_PRICES, s3Source } from '@backproof/provider-aws'
import { localDirectory } from '@backproof/provider-local'

const [directory = '/srv/shop', bucket = 'backups', prefix = 'shop/', dollars = '1', grade = 'stored'] =
  process.argv.slice(2)
const limit = Number(dollars)
// In the region of the bucket, leave egress out: `{ ...S3_LIST_PRICES, egressByte: 0 }`.
await using replica = s3Source({ bucket, prefix, profile: 'aws', prices: S3_LIST_PRICES })

const run = compare({
  source: localDirectory({ path: directory }),
  replicas: [replica],
  require: grade as Grade,
  budget: { money: limit },
})
const plan = await run.plan()
console.log('Planned:', summarizePlan(plan).sentence)
const money = plan.money['USD'] ?? 0
if (money > limit) {
  console.log(`Refused: more than $${limit}. Nothing was read.`)
  process.exitCode = 3
} else {
  for await (const findings of run) {
    for (const { key, outcome } of findings) if (outcome !== 'match') console.log(outcome, escapeKey(key))
  }
  const { result } = await run.report()
  console.log(summarize(result).sentence)
  process.exitCode = exitCode(result)
}
