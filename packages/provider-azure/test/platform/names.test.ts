import { createHash } from 'node:crypto'
import { compare } from '@backproof/core/compare'
import { compareKeys } from '@backproof/core/source'
import { memorySource } from '@backproof/core/testing'
import { HOSTILE_KEYS, nameSuite } from '@backproof/test-servers/suites'
import { describe, expect, it } from 'vitest'
import { serverStore } from './azure-store.js'
import { outcomeOf } from './outcome.js'
import { openAzurite, openServer } from './place.js'

const place = await openServer({ versioning: true })
const azurite = await openAzurite()

/** "Naming and referencing containers, blobs, and metadata". */
const refusal = (key: string): string | undefined => {
  if (key.length > 1_024) return 'Names of blobs have 1,024 characters of UTF-16 at most.'
  if (/^\.{1,2}$/.test(key)) return 'URLs resolve a segment of one or two dots, so that nobody can ask for such a blob.'
  return key.split('/').length > 254 ? 'Names of blobs have 254 segments between slashes at most.' : undefined
}

/** The SDK with which the test uploads resolves these. */
const hasDots = (key: string): boolean => /(?:^|\/)\.{1,2}(?:\/|$)/.test(key)

it.each(['.', '..'])('a blob named "%s" is never taken for another, nor for one that matches', async (key) => {
  const bytes = Buffer.from('content')
  // Where its URL leads: the container, and the account.
  const container = await place.container({ [key]: [bytes, { contentMd5: 'absent' }], $root: [bytes], other: [bytes] })
  const source = memorySource([
    [key, bytes],
    ['$root', bytes],
    ['other', bytes],
  ])
  const run = compare({ source, replicas: [place.source(container)], require: 'read' })
  const { findings } = await outcomeOf(place.requests, run)
  const told = Object.fromEntries(findings.map((finding) => [finding.key, finding]))
  expect(told['other']!.outcome).toBe('match')
  expect(told[key]).toMatchObject({ outcome: 'unverifiable', error: { code: 'unsupported' } })
  expect(told[key]!.error!.message).toMatch(/can be listed, but not asked for/)
})

nameSuite({
  ...serverStore(place),
  refuses: refusal,
  refused: 3,
  order: 'utf16',
  versions: true,
  pageRows: 5_000,
  opaque: { require: 'claimed', costs: { GetBlob: 1 } },
})

it('hostile keys are asked about under their own names, which runs do of blobs under a key of their reader only', async () => {
  const keys = HOSTILE_KEYS.filter((key) => refusal(key) === undefined)
  const md5Of = (key: string): string => createHash('md5').update(`content of ${key}`).digest('hex')
  const blobs = Object.fromEntries(keys.map((key) => [key, [Buffer.from(`content of ${key}`)]] as const))
  const source = place.source(await place.container(blobs))
  const told = new Map<string, string | undefined>()
  for await (const page of source.list({})) {
    for (const { ref } of page) {
      const { key, digests } = await source.stat(ref, { want: ['digests'] })
      told.set(key, digests?.[0]?.value)
    }
  }
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(keys.map((key) => [key, md5Of(key)])))
})

describe('azurite', () => {
  it('holds them but for those that it alters, and each comes back and matches under its own name', async () => {
    // Control characters break its listings, backslashes become slashes.
    const altered = HOSTILE_KEYS.filter((key) => /[\p{Cc}\ufffe\uffff\\]/u.test(key))
    const keys = HOSTILE_KEYS.filter((key) => refusal(key) === undefined && !altered.includes(key) && !hasDots(key))
    expect(altered.length).toBeGreaterThan(30)
    expect(keys.length).toBeGreaterThan(40)
    const blobs = Object.fromEntries(keys.map((key) => [key, [Buffer.from(`content of ${key}`)]] as const))
    const [source, replica] = [
      place.source(await place.container(blobs)),
      azurite.source(await azurite.container(blobs)),
    ]
    for (const require of ['claimed', 'read'] as const) {
      const findings: (readonly string[])[] = []
      for await (const page of compare({ source, replicas: [replica], require })) {
        findings.push(...page.map(({ key, outcome }) => [key, outcome]))
      }
      expect(findings).toEqual([...keys].sort(compareKeys).map((key) => [key, 'match']))
    }
  })

  it('makes slashes of backslashes, which shows as a key that is missing and one that is extra', async () => {
    const bytes = Buffer.from('content')
    const container = await azurite.container({ 'back\\slash': [bytes] })
    const source = memorySource([['back\\slash', bytes]])
    const run = compare({ source, replicas: [azurite.source(container)], require: 'claimed' })
    const { findings } = await outcomeOf(azurite.requests, run)
    expect(findings.map(({ key, outcome }) => [key, outcome])).toEqual([
      ['back/slash', 'extra'],
      ['back\\slash', 'missing'],
    ])
  })
})
