import { compare } from '@backproof/core/compare'
import { exitCode } from '@backproof/core/report'
import { verify } from '@backproof/core/verify'
import { localDirectory } from '@backproof/provider-local'
import { bytesOf, told } from '@backproof/test-servers/suites'
import { Storage, type StorageOptions } from '@google-cloud/storage'
import { describe, expect, it } from 'vitest'
import { credentialsOf } from '../support/bucket.js'
import { CUSTOMER_KEY } from './kinds.js'
import { costOf, only, outcomeOf } from './outcome.js'
import { openPlace } from './place.js'

const place = await openPlace()
const { server } = place
const bytes = bytesOf(3_300)
const directory = async () => localDirectory({ path: await place.directory({ k: bytes }) })

describe('a bucket whose reader pays', () => {
  it('is read where the options say who', async () => {
    const bucket = await place.bucket({ k: [bytes] }, { requesterPays: true })
    const replica = place.source(bucket, { userProject: 'payer' })
    const compared = await outcomeOf(server, compare({ source: await directory(), replicas: [replica] }))
    expect(only(compared)).toBe('match stored one-sided-read md5; nothing')
    const verified = await outcomeOf(server, verify({ source: place.source(bucket, { userProject: 'payer' }) }))
    expect(only(verified)).toBe('match read one-sided-read md5; objects.getMedia 1')
  })
})

describe('a bucket that everybody may read', () => {
  it('is proven without credentials, whether its settings may be seen or not', async () => {
    const bindings = [{ role: 'roles/storage.objectViewer', members: ['allUsers'] }]
    const bucket = await place.bucket({ k: [bytes] }, { bindings })
    const replica = place.source(bucket, { anonymous: true })
    const { findings, requests } = await outcomeOf(server, compare({ source: await directory(), replicas: [replica] }))
    expect(findings.map(told)).toEqual(['match stored one-sided-read md5'])
    expect(costOf(requests)).toBe('buckets.getStorageLayout 1')
  })
})

describe('a user who may only see one prefix', () => {
  it('proves what lies there, and is told what else may not be read', async () => {
    const bucket = await place.bucket({ 'mine/k': [bytes], 'theirs/k': [bytes] })
    const user = server.addUser({
      allow: [
        { permissions: ['storage.objects.list'], resources: [bucket] },
        { permissions: ['storage.objects.get'], resources: [`${bucket}/mine/*`] },
      ],
    })
    const source = (prefix: string) => place.source(bucket, { prefix, ...credentialsOf(user) })
    const mine = await outcomeOf(server, verify({ source: source('mine/') }))
    expect(only(mine)).toBe('match read one-sided-read md5; buckets.getStorageLayout 1, objects.getMedia 1')
    const all = await outcomeOf(server, verify({ source: source('') }))
    expect(all.findings.map((one) => `${one.key}: ${told(one)}`)).toEqual([
      'mine/k: match read one-sided-read md5',
      'theirs/k: error read-failed access-denied (source)',
    ])
    expect(all.findings[1]!.error?.message).toContain('storage.objects.get')
    expect(exitCode(all.report.result)).toBe(3)
  })
})

describe('an object under a key of its owner (CSEK)', () => {
  it.each([
    ['without the key', undefined],
    ['with another key', bytesOf(32, 5)],
  ])('is never proven %s', async (_, customerKey) => {
    const bucket = await place.bucket({ k: [bytes, { customerKey: CUSTOMER_KEY }] })
    const run = compare({ source: await directory(), replicas: [place.source(bucket, { customerKey })] })
    const { findings, report } = await outcomeOf(server, run)
    expect(findings[0]).toMatchObject({ outcome: 'error', error: { side: 'replica' } })
    expect(findings[0]!.error?.message).toContain('customerKey')
    expect(exitCode(report.result)).toBe(3)
  })
})

describe('copies that Cloud Storage made', () => {
  const storage = new Storage({
    apiEndpoint: server.url,
    projectId: server.projectId,
    useAuthWithCustomEndpoint: true,
    credentials: server.owner.credentials as NonNullable<StorageOptions['credentials']>,
  })

  it('are other generations, and proven by what both store', async () => {
    const objects = { composed: [bytes, { componentCount: 3 }], whole: [bytes] } as const
    const [from, to] = [await place.bucket(objects), await place.bucket({})]
    for (const key of ['composed', 'whole']) await storage.bucket(from).file(key).copy(storage.bucket(to).file(key))
    const { findings, report } = await outcomeOf(
      server,
      compare({ source: place.source(from), replicas: [place.source(to)] }),
    )
    expect(findings.map((one) => `${one.key}: ${told(one)}`)).toEqual([
      'composed: match stored digest crc32c',
      'whole: match stored digest md5',
    ])
    expect(report.telemetry.bytesRead).toBe(0)
  })

  it('of several that were put together have the CRC32C of the whole', async () => {
    const bucket = await place.bucket({ a: [bytes.subarray(0, 1_000)], b: [bytes.subarray(1_000)] })
    await storage.bucket(bucket).combine(['a', 'b'], 'k')
    for (const key of ['a', 'b']) server.admin.remove(bucket, key)
    const { findings } = await outcomeOf(
      server,
      compare({ source: await directory(), replicas: [place.source(bucket)] }),
    )
    expect(findings.map(told)).toEqual(['match stored one-sided-read crc32c'])
  })
})
