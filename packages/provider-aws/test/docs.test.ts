import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type ReadOnlyPolicyOptions,
  readOnlyPolicy,
  type S3Feature,
  type S3Profile,
  type S3SourceOptions,
} from '@backproof/provider-aws'
import { describe, expect, it } from 'vitest'

const guides = join(import.meta.dirname, '../../../docs/guides')
const page = readFileSync(join(guides, 's3-permissions.md'), 'utf8')
const guide = readFileSync(join(guides, 'prove-an-s3-backup.md'), 'utf8')

/** What a command line can give; bucket and prefix stand in the URI, and the others are no text. */
const BY_COMMAND: Record<Exclude<keyof S3SourceOptions, 'bucket' | 'prefix' | 'client' | 'credentials'>, true> = {
  region: true,
  endpoint: true,
  forcePathStyle: true,
  profile: true,
  requesterPays: true,
  expectedBucketOwner: true,
  customerKey: true,
  requestTimeoutMs: true,
  listConcurrency: true,
  prices: true,
}
const PROFILES: Record<S3Profile, true> = { aws: true, ceph: true, minio: true, other: true }

/** `{ bucket: 'backups' }` as the page writes it, read as JSON. */
const optionsOf = (text: string): ReadOnlyPolicyOptions =>
  JSON.parse(
    text
      .replaceAll("'", '"')
      .replace(/([{,]\s*)(\w+): /g, '$1"$2": ')
      .replace(/,\s*\}/g, ' }'),
  ) as ReadOnlyPolicyOptions

const actionsOf = (...features: readonly S3Feature[]): readonly string[] =>
  readOnlyPolicy({
    bucket: 'backups',
    features,
    kmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd',
  }).Statement.flatMap(({ Action }) => Action)

const codesIn = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1]!)

describe('the page of permissions', () => {
  it('shows what readOnlyPolicy() gives, word for word', () => {
    const examples = [...page.matchAll(/```ts\nreadOnlyPolicy\((.+?)\)\n```\n+(?:[^`\n].*\n+)*```json\n(.+?)```/gs)]
    expect(examples).toHaveLength(page.split('```json').length - 1)
    expect(examples.length).toBeGreaterThanOrEqual(5)
    for (const [, options, policy] of examples) {
      expect(JSON.parse(policy!), options).toEqual(readOnlyPolicy(optionsOf(options!)))
    }
  })

  it('tells what each feature adds', () => {
    const base = actionsOf('compare')
    const rows = [...page.matchAll(/^\| (`compare`, `verify`|`\w+`) \| (.+?) \|/gm)]
    const told = new Map(
      rows.flatMap(([, names, adds]) => codesIn(names!).map((name) => [name, codesIn(adds!)] as const)),
    )
    const features = ['attributes', 'compare', 'kms', 'preflight', 'retention', 'verify', 'versions'] as const
    expect([...told.keys()].sort()).toEqual(features)
    for (const feature of features) {
      const added = actionsOf(feature).filter((action) => !base.includes(action))
      const expected = added.length === 0 ? base : added
      expect([...told.get(feature)!].sort(), feature).toEqual([...expected].sort())
    }
    const both = actionsOf('versions', 'attributes').filter(
      (action) => !actionsOf('versions').includes(action) && !actionsOf('attributes').includes(action),
    )
    expect(both).toHaveLength(1)
    expect(page).toContain(`\`versions\` together with \`attributes\` also adds \`${both[0]}\``)
  })
})

describe('the guide', () => {
  it('names every option that a command line can give, and no other', () => {
    const [table = ''] = /^\| `--with` \|[\s\S]+?\n\n/m.exec(guide) ?? []
    const named = [...table.matchAll(/`(\w+)=[^`]*`/g)].map((match) => match[1])
    expect(named.sort()).toEqual(Object.keys(BY_COMMAND).sort())
    const [row = ''] = /^\| `profile=.*$/m.exec(table) ?? []
    for (const profile of Object.keys(PROFILES)) expect(row).toContain(`\`${profile}\``)
  })
})
