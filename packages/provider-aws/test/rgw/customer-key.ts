import { randomBytes } from 'node:crypto'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { compare } from '@backproof/core/compare'
import { exitCode } from '@backproof/core/report'
import type { BackupSource } from '@backproof/core/source'
import { verify } from '@backproof/core/verify'
import { localDirectory } from '@backproof/provider-local'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drained, type Outcome } from './findings.js'
import { bytesOf, directoryOf, makeBucket, type Place, sourceOf } from './place.js'
import type { Snapshots } from './snapshot.js'

export const ENCRYPTED = 'encrypted'

const body = bytesOf(100_000, 1)

/** Objects that the gateway encrypts with a key that comes with each request, and that it does not keep. */
export const customerKeys = (place: () => Place, snapshots: Snapshots): void => {
  describe('an object under a key of its owner (SSE-C)', () => {
    const key = randomBytes(32)
    let directory: Awaited<ReturnType<typeof directoryOf>>
    const compared = (replica: BackupSource): Promise<Outcome> =>
      drained(compare({ source: localDirectory({ path: directory.path }), replicas: [replica], require: 'read' }))

    beforeAll(async () => {
      const here = place()
      await makeBucket(here, ENCRYPTED)
      const encryption = { SSECustomerAlgorithm: 'AES256', SSECustomerKey: key.toString('base64') }
      for (const Key of ['key', 'rotten']) {
        await here.owner.send(new PutObjectCommand({ Bucket: ENCRYPTED, Key, Body: body, ...encryption }))
      }
      await here.rgw.rot(ENCRYPTED, 'rotten', 50_000)
      directory = await directoryOf(new Map(['key', 'rotten'].map((name) => [name, body])))
      await snapshots.take(ENCRYPTED)
    })
    afterAll(() => directory?.[Symbol.asyncDispose]())

    it('is proven by its bytes with the key, and rot in it is found', async () => {
      await using bucket = sourceOf(place(), ENCRYPTED, { customerKey: key })
      const { findings, report } = await compared(bucket)
      expect(findings.get('key')).toMatchObject({ outcome: 'match', grade: 'read' })
      expect(findings.get('rotten')?.outcome).toBe('mismatch')
      expect(exitCode(report.result)).toBe(1)
    })

    it.each([
      ['without the key', undefined],
      ['with another key', randomBytes(32)],
    ])('is an error %s, and no verdict; nothing tells a key', async (_, customerKey) => {
      await using bucket = sourceOf(place(), ENCRYPTED, customerKey && { customerKey })
      for (const outcome of [await compared(bucket), await drained(verify({ source: bucket }))]) {
        expect(outcome.findings.get('key')).toMatchObject({ outcome: 'error' })
        expect(exitCode(outcome.report.result)).toBe(3)
        const text = JSON.stringify([...outcome.findings.values(), outcome.report])
        expect(text).toContain('customerKey')
        for (const secret of [key, customerKey ?? key]) expect(text).not.toContain(secret.toString('base64'))
      }
    })
  })
}
