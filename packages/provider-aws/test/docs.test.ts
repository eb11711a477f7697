import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ReadOnlyPolicyOptions, readOnlyPolicy, type S3Feature } from '@backproof/provider-aws'
import { describe, expect, it } from 'vitest'

const page = readFileSync(join(import.meta.dirname, '../../../docs/guides/s3-permissions.md'), 'utf8')

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
