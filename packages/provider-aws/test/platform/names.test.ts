import { compareKeys, type ObjectEntry } from '@backproof/core/source'
import { verify } from '@backproof/core/verify'
import { HOSTILE_KEYS, nameSuite } from '@backproof/test-servers/suites'
import { expect, it } from 'vitest'
import { outcomeOf } from './outcome.js'
import { openPlace } from './place.js'
import { s3Store } from './s3-store.js'

const place = await openPlace()

nameSuite({
  ...s3Store(place),
  refuses: (key) => (Buffer.byteLength(key) <= 1_024 ? undefined : 'Keys of S3 have 1,024 bytes at most.'),
  refused: 0,
  order: 'utf8',
  versions: true,
  pageRows: 1_000,
  opaque: { require: 'stored', costs: { GetObject: 1, HeadObject: 1 } },
})

it('hostile keys are verified in a directory bucket, which lists in no order', async () => {
  // Directory buckets take neither keys that end in a slash nor empty components.
  const keys = HOSTILE_KEYS.filter((key) => key.split('/').every((component) => !/^\.{0,2}$/.test(component)))
  const sorted = [...keys].sort(compareKeys)
  const objects = keys.map((key) => [key, [Buffer.from(`content of ${key}`)]] as const)
  const source = place.source(await place.bucket(Object.fromEntries(objects), { kind: 'directory' }))
  const entries: ObjectEntry[] = []
  for await (const page of source.list()) entries.push(...page)
  expect(entries.map(({ key }) => key)).not.toEqual(sorted)
  const { findings } = await outcomeOf(place.server, verify({ source }))
  expect(findings.map(({ key, outcome }) => [key, outcome])).toEqual(sorted.map((key) => [key, 'match']))
})
