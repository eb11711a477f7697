import { compare } from '@backproof/core/compare'
import { summarize } from '@backproof/core/report'
import { verify } from '@backproof/core/verify'
import { localDirectory } from '@backproof/provider-local'
import { describe, expect, it } from 'vitest'
import { SINGLE_PART } from './kinds.js'
import { IN_PARTS } from './kinds-in-parts.js'
import { outcomeOf, told } from './outcome.js'
import { bytesOf, openPlace } from './place.js'

const place = await openPlace()
const kinds = [...SINGLE_PART, ...IN_PARTS].filter(({ bytes }) => bytes.length > 0)

it('is not seen by what is stored, and the report says that nothing was read', async () => {
  const bytes = bytesOf(5_000)
  const bucket = await place.bucket({ k: [bytes] })
  place.server.admin.corrupt(bucket, 'k', 4_000)
  const source = localDirectory({ path: await place.directory({ k: bytes }) })
  const { findings, report } = await outcomeOf(place.server, compare({ source, replicas: [place.source(bucket)] }))
  expect(told(findings[0]!)).toBe('match stored one-sided-read md5')
  expect(summarize(report.result).sentence).toContain(`nothing of s3://${bucket} was read`)
})

describe.each(kinds)('one bit beneath $name', ({ bytes, put, bucketKind, source: options, verify: proven }) => {
  const isStored = proven.startsWith('match')

  /** The bucket with the last byte of the object gone bad, as a source, beside a directory that is right. */
  const rotten = async () => {
    const bucket = await place.bucket({ k: [bytes, put] }, { kind: bucketKind })
    place.server.admin.corrupt(bucket, 'k', bytes.length - 1)
    return place.source(bucket, options)
  }

  it(isStored ? 'is found by verify' : 'is never verified', async () => {
    const { findings } = await outcomeOf(place.server, verify({ source: await rotten() }))
    if (isStored) expect(told(findings[0]!)).toMatch(/^mismatch digest .*source is rotten$/)
    else expect(findings[0]!.outcome).toBe('unverifiable')
  })

  it(`is found by a comparison that reads${isStored ? ', which names the replica' : ''}`, async () => {
    const source = localDirectory({ path: await place.directory({ k: bytes }) })
    const run = compare({ source, replicas: [await rotten()], require: 'read' })
    const { findings } = await outcomeOf(place.server, run)
    expect(findings[0]).toMatchObject({ outcome: 'mismatch', method: 'two-sided-read' })
    expect(findings[0]!.rotten).toBe(isStored ? 'replica' : undefined)
  })
})
