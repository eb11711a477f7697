import { compare } from '@backproof/core/compare'
import { bytesOf, expectSameResults, told } from '@backproof/test-servers/suites'
import { beforeAll, describe, expect, it } from 'vitest'
import { ON_SERVER } from './kinds.js'
import { outcomeOf, READ_ONLY } from './outcome.js'
import { MIB, openServer } from './place.js'

const place = await openServer()

/** Every kind that needs no key of the caller's, and one that is read as ranges. Refusals have the ids of their requests. */
const kinds = ON_SERVER.filter(({ put }) => put?.customerKey === undefined).map(({ name, bytes, put, directory }) => ({
  key: name.replaceAll('/', ' '),
  bytes,
  put,
  words: directory.claimed,
}))
const large = bytesOf(33 * MIB, 3)

describe('a container that holds every kind of blob, beside one that is damaged', () => {
  let container: string
  let files: Readonly<Record<string, Uint8Array>>
  beforeAll(async () => {
    const blobs = Object.fromEntries(kinds.map(({ key, bytes, put }) => [key, [bytes, put] as const]))
    container = await place.container({ ...blobs, large: [large, { contentMd5: 'absent' }], rotten: [bytesOf(900)] })
    place.server.admin.corrupt(container, 'rotten', 7)
    files = { ...Object.fromEntries(kinds.map(({ key, bytes }) => [key, bytes])), large, rotten: bytesOf(900) }
  })

  it('has the outcomes that each has alone, for the requests that all of them cost', async () => {
    const source = await place.directory(files)
    const run = compare({ source, replicas: [place.source(container)], require: 'claimed' })
    const { findings, requests } = await outcomeOf(place.requests, run)
    const expected = new Map(kinds.map(({ key, words }) => [key, words.split(';')[0]]))
    for (const finding of findings) {
      const words = finding.key === 'large' ? 'match read two-sided-read xxh3-128' : 'match claimed one-sided-read md5'
      expect(told(finding), finding.key).toBe(expected.get(finding.key) ?? words)
    }
    expect(findings).toHaveLength(kinds.length + 2)
    const costs = kinds.flatMap(({ words }) => [...(words.split('; ')[1] ?? '').matchAll(/(\w+) (\d+)/g)])
    const sum = (operation: string): number =>
      costs.filter(([, name]) => name === operation).reduce((total, [, , count]) => total + Number(count), 0)
    // The large one is read as five ranges. None is asked about: listings tell what there is to tell.
    expect(requests['GetBlob']).toBe(sum('GetBlob') + 5)
    expect(requests['GetBlobProperties']).toBeUndefined()
  })

  it('has the same result bytes whatever is asked and read at once', async () => {
    const directory = await place.directory(files)
    await expectSameResults({
      requests: place.requests,
      readOnly: READ_ONLY,
      bySdk: [],
      proves: 'claimed',
      open: () => place.source(container),
      directory: () => directory,
    })
  })
})
