import type { Fault } from '@backproof/test-servers'
import { describe, expect, test } from 'vitest'
import { KEYS, type Vault, type VaultRun } from './support/vault.js'

const allMatch = Object.fromEntries(Object.values(KEYS).map((key) => [key, 'match']))

interface Case {
  readonly name: string
  readonly operation: string
  readonly key: string
  readonly fault: Fault
  /** Of the key; `match` where there is another way. */
  readonly outcome: string
  readonly exit: 0 | 1 | 3
  /** What must be told; nothing where all is well. */
  readonly words?: RegExp
  /** How many at most. Default: one, since nothing is retried that cannot succeed. */
  readonly requests?: number
}

const answer = (status: number, code: string, message = 'Injected by the test.'): Fault => ({ status, code, message })

const ofKms = { operation: 'HeadObject', key: KEYS.kms } as const
const ofParts = { operation: 'GetObjectAttributes', key: KEYS.parts } as const
const ofPlain = { operation: 'GetObject', key: KEYS.plain } as const
const proven = { outcome: 'match', exit: 0 } as const

const CASES: readonly Case[] = [
  {
    name: 'HeadBucket denied, which a listing makes up for',
    operation: 'HeadBucket',
    key: '',
    fault: answer(403, 'AccessDenied'),
    ...proven,
  },
  {
    name: 'HeadBucket refused with 400',
    operation: 'HeadBucket',
    key: '',
    fault: answer(400, 'BadRequest'),
    ...proven,
  },
  ...[answer(403, 'AccessDenied'), answer(501, 'NotImplemented'), answer(404, 'NoSuchBucket')].map((fault) => ({
    name: `versioning state refused (${JSON.stringify(fault)})`,
    operation: 'GetBucketVersioning',
    key: '',
    fault,
    ...proven,
  })),
  {
    ...ofKms,
    name: 'HeadObject denied',
    fault: answer(403, 'AccessDenied'),
    outcome: 'error: access-denied',
    exit: 3,
    words: /look at s3:\/\/vault\/b\/kms: access was denied; s3:GetObject is missing\..*kms:Decrypt may be missing/,
  },
  {
    ...ofKms,
    name: 'HeadObject of what is gone',
    fault: answer(404, 'NoSuchKey'),
    outcome: 'unreadable: not-found',
    exit: 1,
    words: /no such object \(any more\)/,
  },
  {
    ...ofKms,
    name: 'HeadObject refused with 400, which has no reason in it',
    fault: answer(400, 'ExpiredToken'),
    outcome: 'error: invalid-config',
    exit: 3,
    words: /the service refuses the request\..*expired credentials are refused in this way too/,
  },
  {
    ...ofParts,
    name: 'attributes denied, which HeadObject makes up for',
    fault: answer(403, 'AccessDenied'),
    ...proven,
    requests: 2,
  },
  { ...ofParts, name: 'attributes not known to the service', fault: answer(501, 'NotImplemented'), ...proven },
  { ...ofParts, name: 'attributes of what it does not find', fault: answer(404, 'NoSuchKey'), ...proven, requests: 2 },
  {
    ...ofPlain,
    name: 'GetObject denied by name',
    fault: answer(
      403,
      'AccessDenied',
      'User: arn:aws:iam::123456789012:user/u is not authorized to perform: s3:GetObjectVersion on resource: "x" with an explicit deny',
    ),
    outcome: 'error: access-denied',
    exit: 3,
    words: /s3:GetObjectVersion is missing \("User: arn:aws:iam::123456789012:user\/u/,
  },
  {
    ...ofPlain,
    name: 'GetObject of an archived object, which the listing did not tell',
    fault: answer(403, 'InvalidObjectState'),
    outcome: 'unverifiable: archived',
    exit: 3,
    words: /is archived and cannot be read\. Restore it first/,
  },
  {
    ...ofPlain,
    name: 'GetObject under a KMS key that is disabled',
    fault: answer(400, 'KMS.DisabledException', 'The key is disabled.'),
    outcome: 'error: access-denied',
    exit: 3,
    words: /the KMS key .* cannot be used \("The key is disabled\."\)\. Enable the key/,
  },
  {
    ...ofPlain,
    name: 'GetObject of another object than was listed, again and again',
    fault: answer(412, 'PreconditionFailed'),
    outcome: 'changed: changed',
    exit: 3,
    words: /another one than was listed/,
    requests: 2,
  },
  {
    ...ofPlain,
    name: 'GetObject redirected to another region',
    fault: { status: 301, code: 'PermanentRedirect', headers: { 'x-amz-bucket-region': 'eu-west-3' } },
    outcome: 'error: invalid-config',
    exit: 3,
    words: /the bucket is in eu-west-3, the request went to us-east-1\. Set region: 'eu-west-3'/,
  },
  {
    ...ofPlain,
    name: 'GetObject with a code and a status that nobody knows',
    fault: answer(418, 'Teapot', 'short and stout'),
    outcome: 'error: internal',
    exit: 3,
    words: /The service says "short and stout".*Teapot, HTTP 418, request/,
  },
]

/** Refusals that stay: asked once, told once, with another way where there is one. */
export const refusals = (vault: () => Vault): void => {
  for (const { name, operation, key, fault, outcome, exit, words, requests = 1 } of CASES) {
    test(`${name}: ${outcome === 'match' ? 'all match' : outcome}`, async () => {
      const failed = vault().fault({ operation, key, fault })
      const options: VaultRun = operation === 'GetObject' ? { require: 'read' } : {}
      const told = await vault().compare(name, options)
      expect(told.keys).toEqual(outcome === 'match' ? allMatch : { ...allMatch, [key]: outcome })
      expect(told).toMatchObject({ exit, complete: true })
      if (words === undefined) expect(told.message).toBe('')
      else expect(told.message).toMatch(words)
      expect(failed()).toBeGreaterThanOrEqual(1)
      expect(failed()).toBeLessThanOrEqual(requests)
    })
  }

  describe('customer keys', () => {
    const customerKey = Buffer.alloc(32, 'kept with care')
    const bucket = 'sealed'
    const files = new Map([['sealed/a', Buffer.alloc(5_000, 'a')]])

    const sealed = async (where: string, key: Uint8Array | undefined, fault?: Fault) => {
      const { admin } = vault().server
      vault().keepSecret('the customer key', customerKey)
      if (key !== undefined) vault().keepSecret(`the customer key of ${where}`, key)
      try {
        admin.snapshot(bucket)
      } catch {
        admin.createBucket({ name: bucket })
        for (const [name, bytes] of files) await admin.put(bucket, name, bytes, { sse: { customerKey } })
      }
      vault().fault(fault && { operation: 'GetObject', fault })
      return vault().verify(where, { require: 'read', s3: { bucket, customerKey: key } })
    }

    test('the right one: read, and no digest is found in its ETag (unverifiable)', async () => {
      const told = await sealed('right key', customerKey)
      expect(told.keys['sealed/a']).toMatch(/^(?:match|unverifiable)/)
    })

    test('another one: error (access-denied), and not the key in the words', async () => {
      const told = await sealed('wrong key', Buffer.alloc(32, 'another one'))
      expect(told).toMatchObject({ keys: { 'sealed/a': 'error: access-denied' }, exit: 3 })
      expect(told.message).toMatch(/customerKey/)
    })

    test('none: error that names the option', async () => {
      const told = await sealed('no key', undefined)
      expect(told.exit).toBe(3)
      expect(told.keys['sealed/a']).toMatch(/^error: /)
      expect(told.message).toMatch(/customerKey/)
    })

    for (const fault of [
      answer(500, 'InternalError'),
      { expiredToken: true },
      { reset: 100 },
      { stall: 100 },
    ] as Fault[]) {
      test(`the right one, and ${JSON.stringify(fault)}: no match`, async () => {
        const { s3, ...rest } = { s3: { bucket, customerKey, requestTimeoutMs: 300 }, require: 'read' as const }
        await sealed('fill', customerKey)
        vault().fault({ operation: 'GetObject', bucket, fault })
        const told = await vault().verify('sealed with a fault', { s3, ...rest })
        expect(told.keys['sealed/a']).toMatch(/^(?:error|unreadable): /)
      })
    }
  })
}
