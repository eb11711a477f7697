import { compare } from '@backproof/core/compare'
import { verify } from '@backproof/core/verify'
import type { BlobOptions } from '@backproof/test-servers'
import { bytesOf } from '@backproof/test-servers/suites'
import { describe, expect, it } from 'vitest'
import { only, outcomeOf } from './outcome.js'
import { MIB, openServer } from './place.js'

const place = await openServer()
const small = bytesOf(30_720)
const NO_MD5 = { contentMd5: 'absent' } as const

/** The same bytes in two containers, stored in two ways; or with one bit changed in the second. */
const compared = async (bytes: Buffer, a: BlobOptions, b: BlobOptions, changed = false): Promise<string> => {
  const other = Buffer.from(bytes)
  if (changed) other[bytes.length - 1]! ^= 1
  const [source, replica] = [await place.container({ k: [bytes, a] }), await place.container({ k: [other, b] })]
  const run = compare({ source: place.source(source), replicas: [place.source(replica)], require: 'claimed' })
  return only(await outcomeOf(place.requests, run), 2)
}

it.each([
  ['a block blob and an append blob, each with an MD5', {}, { type: 'AppendBlob' }, 'digest md5', 'nothing'],
  [
    'a block blob and an append blob without: the one without is read',
    {},
    { type: 'AppendBlob', ...NO_MD5 },
    'one-sided-read md5',
    'GetBlob 1',
  ],
  [
    'a page blob and a block blob, neither with an MD5: both are read',
    { type: 'PageBlob', ...NO_MD5 },
    NO_MD5,
    'two-sided-read xxh3-128',
    'GetBlob 2',
  ],
  ['Hot and Archive, each with an MD5', {}, { tier: 'Archive' }, 'digest md5', 'nothing'],
] as const)('%s', async (_, a, b, proof, cost) => {
  const grade = proof.startsWith('two-sided') ? 'read' : 'claimed'
  expect(await compared(small, a, b)).toBe(`match ${grade} ${proof}; ${cost}`)
  expect(await compared(small, a, b, true)).toMatch(/^(?:mismatch|unverifiable archived)/)
})

describe('a blob whose service has lost its tail', () => {
  it.each([
    ['small', small],
    ['read as ranges', bytesOf(33 * MIB)],
  ])('is unreadable, and nothing else, where it is read: %s', async (_, bytes) => {
    const container = await place.container({ k: [bytes, NO_MD5] })
    place.server.admin.dropTail(container, 'k', 1_000)
    const retry = { attempts: 2, baseDelayMs: 1, maxDelayMs: 5 }
    const source = await place.directory({ k: bytes })
    for (const run of [
      compare({ source, replicas: [place.source(container)], require: 'read', retry }),
      verify({ source: place.source(container), require: 'claimed', retry }),
    ]) {
      expect(only(await outcomeOf(place.requests, run))).toMatch(/^unreadable read-failed corrupt/)
    }
  })

  it('is not seen where nothing of it is read', async () => {
    const container = await place.container({ k: [small] })
    place.server.admin.dropTail(container, 'k', 1_000)
    const source = await place.directory({ k: small })
    const run = compare({ source, replicas: [place.source(container)], require: 'claimed' })
    expect(only(await outcomeOf(place.requests, run))).toBe('match claimed one-sided-read md5; nothing')
  })
})
