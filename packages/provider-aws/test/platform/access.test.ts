import { CopyObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { compare } from '@backproof/core/compare'
import { exitCode } from '@backproof/core/report'
import { verify } from '@backproof/core/verify'
import { localDirectory } from '@backproof/provider-local'
import { bytesOf, told } from '@backproof/test-servers/suites'
import { afterAll, describe, expect, it } from 'vitest'
import { CUSTOMER_KEY } from './kinds.js'
import { costOf, only, outcomeOf } from './outcome.js'
import { openPlace } from './place.js'

const place = await openPlace()
const bytes = bytesOf(3_300)
const directory = async () => localDirectory({ path: await place.directory({ k: bytes }) })

describe('a bucket whose reader pays', () => {
  it('is read where the options say so; HeadBucket cannot say so, a listing of one key stands in', async () => {
    const bucket = await place.bucket({ k: [bytes, { sse: 'aws:kms' }] }, { requesterPays: true })
    const replica = place.source(bucket, { requesterPays: true })
    const compared = await outcomeOf(place.server, compare({ source: await directory(), replicas: [replica] }))
    expect(only(compared)).toBe('match stored one-sided-read crc64nvme; HeadObject 1, ListObjectsV2 1')
    const verified = await outcomeOf(place.server, verify({ source: place.source(bucket, { requesterPays: true }) }))
    expect(only(verified)).toBe('match stored one-sided-read crc64nvme; GetObject 1, ListObjectsV2 1')
  })

  it('is refused without, with what to do', async () => {
    const source = place.source(await place.bucket({ k: [bytes] }, { requesterPays: true }))
    const failure = { code: 'access-denied', message: expect.stringContaining('requesterPays: true') }
    await expect(verify({ source }).report()).rejects.toMatchObject(failure)
  })
})

describe('a user who may only see one prefix', () => {
  it('proves what lies there, and nothing else', async () => {
    const bucket = await place.bucket({ 'mine/k': [bytes], 'mine/deep/k': [bytes], 'theirs/k': [bytes] })
    const credentials = place.server.addUser({
      allow: [
        { effect: 'Allow', actions: ['s3:ListBucket'], resources: [`arn:aws:s3:::${bucket}`], prefixes: ['mine/*'] },
        { effect: 'Allow', actions: ['s3:GetObject'], resources: [`arn:aws:s3:::${bucket}/mine/*`] },
      ],
    })
    const { findings, requests } = await outcomeOf(
      place.server,
      verify({ source: place.source(bucket, { prefix: 'mine/', credentials }) }),
    )
    expect(findings.map(({ key, outcome }) => `${key} ${outcome}`)).toEqual(['deep/k match', 'k match'])
    expect(costOf(requests)).toBe('GetObject 2, ListObjectsV2 1')
    for (const prefix of ['', 'theirs/']) {
      const run = verify({ source: place.source(bucket, { prefix, credentials }) })
      const failure = { code: 'access-denied', message: expect.stringContaining('s3:ListBucket') }
      await expect(run.report()).rejects.toMatchObject(failure)
    }
  })

  it('is told which objects it may not read', async () => {
    const bucket = await place.bucket({ a: [bytes], k: [bytes, { sse: 'aws:kms' }] })
    const credentials = place.server.addUser({
      allow: [{ effect: 'Allow', actions: ['s3:ListBucket', 's3:GetObject'], resources: ['*'] }],
    })
    const { findings, report } = await outcomeOf(
      place.server,
      verify({ source: place.source(bucket, { credentials }) }),
    )
    expect(findings.map(told)).toEqual(['match read one-sided-read md5', 'error read-failed access-denied (source)'])
    expect(findings[1]!.error?.message).toContain('kms:Decrypt')
    expect(exitCode(report.result)).toBe(3)
  })
})

describe('an object under a key of its owner (SSE-C)', () => {
  const put = { sse: { customerKey: CUSTOMER_KEY } }

  it.each([
    ['without the key', undefined],
    ['with another key', bytesOf(32, 5)],
  ])('is never proven %s', async (_, customerKey) => {
    const source = place.source(await place.bucket({ k: [bytes, put] }), { customerKey })
    const { findings, report } = await outcomeOf(
      place.server,
      compare({ source: await directory(), replicas: [source] }),
    )
    expect(findings[0]).toMatchObject({ outcome: 'error', error: { side: 'replica' } })
    expect(findings[0]!.error?.message).toContain('customerKey')
    expect(exitCode(report.result)).toBe(3)
  })
})

describe('copies that S3 made', () => {
  const { url: endpoint, region, credentials } = place.server
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  afterAll(() => client.destroy())

  it('are other objects under other ETags, and proven by what both store', async () => {
    const sizes = [1_000, 300, 2_000]
    const from = await place.bucket({
      'in parts': [bytes, { partSizes: sizes }],
      'in parts, SHA256': [bytes, { partSizes: sizes, checksum: { algorithm: 'SHA256' } }],
      'under KMS': [bytes, { sse: 'aws:kms' }],
      whole: [bytes],
    })
    const to = await place.bucket({})
    for (const Key of ['in parts', 'in parts, SHA256', 'under KMS', 'whole']) {
      await client.send(new CopyObjectCommand({ Bucket: to, Key, CopySource: `${from}/${encodeURIComponent(Key)}` }))
    }
    const run = compare({ source: place.source(from), replicas: [place.source(to)] })
    const { findings, report, requests } = await outcomeOf(place.server, run)
    expect(findings.map((finding) => `${finding.key}: ${told(finding)}`)).toEqual([
      'in parts: match stored digest crc64nvme',
      // COMPOSITE there, FULL_OBJECT here: one of the two has to be read, which the other's ETag is enough for.
      'in parts, SHA256: match stored one-sided-read md5',
      'under KMS: match stored digest crc64nvme',
      'whole: match stored digest md5',
    ])
    expect(report.telemetry.bytesRead).toBe(bytes.length)
    expect(costOf(requests, 2)).toBe('GetObject 1, GetObjectAttributes 1, HeadObject 5')
  })
})
