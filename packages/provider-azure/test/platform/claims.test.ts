import { compare } from '@backproof/core/compare'
import type { Grade } from '@backproof/core/evidence'
import { verify } from '@backproof/core/verify'
import { bytesOf } from '@backproof/test-servers/suites'
import { describe, expect, it } from 'vitest'
import { only, outcomeOf } from './outcome.js'
import { openAzurite, openServer } from './place.js'

const azurite = await openAzurite()
const server = await openServer()
const [bytes, other] = [bytesOf(3_300), bytesOf(3_300, 2)]

describe('a Content-MD5 that was overwritten with a wrong value', () => {
  it('is told by verify as a mismatch that names the claim, and nobody is called rotten', async () => {
    const source = azurite.source(await azurite.container({ k: [bytes, { contentMd5: 'wrong' }] }))
    const { findings } = await outcomeOf(azurite.requests, verify({ source, require: 'claimed' }))
    expect(findings[0]).toMatchObject({
      outcome: 'mismatch',
      sides: { expected: { digest: { algorithm: 'md5', provenance: 'claimed' } } },
    })
    expect(findings[0]!.rotten).toBeUndefined()
  })

  it.each(['claimed', 'stored', 'read'] as const)('never accuses the bytes at %s: they are read', async (require) => {
    const replica = azurite.source(await azurite.container({ k: [bytes, { contentMd5: 'wrong' }] }))
    const source = await azurite.directory({ k: bytes })
    const outcome = only(await outcomeOf(azurite.requests, compare({ source, replicas: [replica], require })))
    expect(outcome).toMatch(/^match read two-sided-read/)
  })

  it('leaves bytes that cannot be read unverifiable, and never calls them different', async () => {
    const put = { contentMd5: 'wrong', tier: 'Archive' } as const
    const replica = azurite.source(await azurite.container({ k: [bytes, put] }))
    const source = await azurite.directory({ k: bytes })
    const run = compare({ source, replicas: [replica], require: 'claimed' })
    expect(only(await outcomeOf(azurite.requests, run))).toMatch(/^unverifiable archived/)
  })
})

describe('a wrong Content-MD5 that both sides have', () => {
  /** The MD5 of neither. */
  const md5 = Buffer.alloc(16, 7)
  const compared = async (a: Buffer, b: Buffer, require: Grade): Promise<string> => {
    const [from, to] = [
      await azurite.container({ k: [a, { contentMd5: md5 }] }),
      await azurite.container({ k: [b, { contentMd5: md5 }] }),
    ]
    const run = compare({ source: azurite.source(from), replicas: [azurite.source(to)], require })
    return only(await outcomeOf(azurite.requests, run), 2)
  }

  it('is enough where claims are: the grade says that it is one', async () => {
    expect(await compared(bytes, other, 'claimed')).toBe('match claimed digest md5; nothing')
  })

  it.each(['stored', 'read'] as const)(
    'is not accepted at %s: what differs is found, what does not matches',
    async (require) => {
      expect(await compared(bytes, other, require)).toMatch(/^mismatch digest xxh3-128; GetBlob 2/)
      expect(await compared(bytes, bytes, require)).toMatch(/^match read two-sided-read xxh3-128; GetBlob 2/)
    },
  )

  it('is told by verify on either side', async () => {
    const source = azurite.source(await azurite.container({ k: [bytes, { contentMd5: md5 }] }))
    expect(only(await outcomeOf(azurite.requests, verify({ source, require: 'claimed' })))).toBe(
      'mismatch digest md5; GetBlob 1',
    )
  })
})

describe('a wrong Content-CRC64 of a listing', () => {
  const put = { contentMd5: 'absent', contentCrc64: 'wrong' } as const

  it.each(['claimed', 'stored', 'read'] as const)('never accuses the bytes at %s: they are read', async (require) => {
    const replica = server.source(await server.container({ k: [bytes, put] }))
    const source = await server.directory({ k: bytes })
    const outcome = only(await outcomeOf(server.requests, compare({ source, replicas: [replica], require })))
    expect(outcome).toMatch(/^match read two-sided-read/)
  })
})

describe('what emulators compute of the bytes that they send', () => {
  it('is no claim of a blob that has none: one that has gone bad is never verified by it', async () => {
    const container = await azurite.container({ k: [bytes, { contentMd5: 'absent' }] })
    await azurite.azurite.rot(container, 'k', 5)
    const run = verify({ source: azurite.source(container), require: 'claimed' })
    expect(only(await outcomeOf(azurite.requests, run))).toBe('unverifiable no-digest; GetBlob 1')
  })
})

describe('claims beside each other', () => {
  it.each([
    ['MD5 and MD5', {}, {}, 'match claimed digest md5; nothing'],
    [
      'CRC64 and CRC64',
      { contentMd5: 'absent', contentCrc64: 'right' },
      { contentMd5: 'absent', contentCrc64: 'right' },
      'match claimed digest crc64nvme; nothing',
    ],
    ['MD5 and CRC64', {}, { contentMd5: 'absent', contentCrc64: 'right' }, 'match claimed one-sided-read'],
    ['MD5 and nothing', {}, { contentMd5: 'absent' }, 'match claimed one-sided-read md5; GetBlob 1'],
    [
      'both and CRC64',
      { contentCrc64: 'right' },
      { contentMd5: 'absent', contentCrc64: 'right' },
      'match claimed digest crc64nvme; nothing',
    ],
  ] as const)('%s, at claimed', async (_, a, b, told) => {
    const source = server.source(await server.container({ k: [bytes, a] }))
    const compared = async (content: Buffer): Promise<string> => {
      const replica = server.source(await server.container({ k: [content, b] }))
      return only(await outcomeOf(server.requests, compare({ source, replicas: [replica], require: 'claimed' })), 2)
    }
    expect(await compared(bytes)).toContain(told)
    expect(await compared(other)).toMatch(/^mismatch/)
  })
})
