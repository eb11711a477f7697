import { compare } from '@backproof/core/compare'
import { localDirectory } from '@backproof/provider-local'
import { bytesOf, expectSameResults, told } from '@backproof/test-servers/suites'
import { beforeAll, describe, expect, it } from 'vitest'
import { withoutTokens } from '../support/requests.js'
import { CUSTOMER_KEY, KINDS } from './kinds.js'
import { outcomeOf, READ_ONLY } from './outcome.js'
import { MIB, openPlace } from './place.js'

const place = await openPlace()

/** Every kind that lies in one bucket, and one that is read as ranges. */
const kinds = KINDS.filter(
  ({ bucket, directory, source }) =>
    bucket === undefined && !/^(?:error|mismatch)/.test(directory) && source === undefined,
).map(({ name, bytes, put, directory }) => ({ key: name, bytes, put, words: directory }))
const large = bytesOf(33 * MIB, 3)

describe('a bucket that holds every kind of object, beside one that is damaged', () => {
  let bucket: string
  let path: string
  beforeAll(async () => {
    const objects = Object.fromEntries(kinds.map(({ key, bytes, put }) => [key, [bytes, put] as const]))
    const sealed = [bytesOf(900, 4), { customerKey: CUSTOMER_KEY }] as const
    bucket = await place.bucket({ ...objects, large: [large, { componentCount: 9 }], rotten: [bytesOf(900)], sealed })
    place.server.admin.corrupt(bucket, 'rotten', 7)
    const files = Object.fromEntries(kinds.map(({ key, bytes }) => [key, bytes]))
    path = await place.directory({ ...files, large, rotten: bytesOf(900), sealed: bytesOf(900, 4) })
  })
  const open = (listConcurrency?: number) => place.source(bucket, { listConcurrency, customerKey: CUSTOMER_KEY })

  it('has the outcomes that each has alone, for the requests that all of them cost', async () => {
    const run = compare({ source: localDirectory({ path }), replicas: [open()] })
    const { findings, requests } = await outcomeOf(place.server, run)
    const expected = new Map(kinds.map(({ key, words }) => [key, words.split(';')[0]]))
    expected.set('large', 'match stored one-sided-read crc32c')
    for (const finding of findings) {
      expect(told(finding), finding.key).toBe(expected.get(finding.key) ?? 'match stored one-sided-read md5')
    }
    expect(findings).toHaveLength(kinds.length + 3)
    // One object of no digest is asked about and read; one under a key of its owner is asked about.
    expect(requests).toEqual({ 'buckets.get': 1, 'objects.list': 1, 'objects.get': 2, 'objects.getMedia': 1 })
  })

  it('has the same result bytes whatever is asked, listed and read at once', () =>
    expectSameResults({
      requests: withoutTokens(place.server.requests),
      readOnly: READ_ONLY,
      bySdk: [],
      proves: 'stored',
      open,
      directory: () => localDirectory({ path }),
    }))
})
