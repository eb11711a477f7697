import { compare } from '@backproof/core/compare'
import { localDirectory } from '@backproof/provider-local'
import { bytesOf, expectSameResults, told } from '@backproof/test-servers/suites'
import { beforeAll, describe, expect, it } from 'vitest'
import { SINGLE_PART } from './kinds.js'
import { evenParts, IN_PARTS } from './kinds-in-parts.js'
import { BY_SDK, outcomeOf, READ_ONLY } from './outcome.js'
import { MIB, openPlace } from './place.js'

const place = await openPlace()

/** Every kind of a general purpose bucket that needs no key of the caller's, and one that is read as ranges. */
const kinds = [...SINGLE_PART, ...IN_PARTS]
  .filter(({ bytes, bucketKind, source }) => bytes.length < MIB && bucketKind === undefined && source === undefined)
  .map(({ name, bytes, put, directory }) => ({ key: name.replaceAll('/', ' '), bytes, put, words: directory }))
const large = bytesOf(33 * MIB, 3)

describe('a bucket that holds every kind of object, beside one that is damaged', () => {
  let bucket: string
  let path: string
  beforeAll(async () => {
    const objects = Object.fromEntries(kinds.map(({ key, bytes, put }) => [key, [bytes, put] as const]))
    const put = { checksum: 'none', partSizes: evenParts(large.length, 7 * MIB) } as const
    bucket = await place.bucket({ ...objects, large: [large, put], rotten: [bytesOf(900), { sse: 'aws:kms' }] })
    place.server.admin.corrupt(bucket, 'rotten', 7)
    const files = Object.fromEntries(kinds.map(({ key, bytes }) => [key, bytes]))
    path = await place.directory({ ...files, large, rotten: bytesOf(900) })
  })

  it('has the outcomes that each has alone, for the requests that all of them cost', async () => {
    const run = compare({ source: localDirectory({ path }), replicas: [place.source(bucket)] })
    const { findings, requests } = await outcomeOf(place.server, run)
    const expected = new Map(kinds.map(({ key, words }) => [key, words.split(';')[0]]))
    for (const finding of findings) {
      const words =
        finding.key === 'large' ? 'match stored one-sided-read md5/5' : 'match stored one-sided-read crc64nvme'
      expect(told(finding), finding.key).toBe(expected.get(finding.key) ?? words)
    }
    expect(findings).toHaveLength(kinds.length + 2)
    const costs = kinds.flatMap(({ words }) => [...(words.split('; ')[1] ?? '').matchAll(/(\w+) (\d+)/g)])
    const sum = (operation: string): number =>
      costs.filter(([, name]) => name === operation).reduce((total, [, , count]) => total + Number(count), 0)
    expect(requests['GetObject']).toBe(sum('GetObject'))
    // One for the object that is rotten, which only the listing does not prove.
    expect(requests['HeadObject']).toBe(sum('HeadObject') + 1)
  })

  it('has the same result bytes whatever is asked, listed and read at once', () =>
    expectSameResults({
      requests: place.server.requests,
      readOnly: READ_ONLY,
      bySdk: BY_SDK,
      proves: 'stored',
      open: (listConcurrency) => place.source(bucket, { listConcurrency }),
      directory: () => localDirectory({ path }),
    }))
})
