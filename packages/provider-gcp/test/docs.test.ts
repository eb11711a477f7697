import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type GcsFeature,
  type GcsSourceOptions,
  type ReadOnlyPolicyOptions,
  readOnlyPolicy,
} from '@backproof/provider-gcp'
import { describe, expect, it } from 'vitest'
import { permissionOf } from '../src/permissions.js'

const repository = join(import.meta.dirname, '../../..')
const page = readFileSync(join(repository, 'docs/guides/gcs-permissions.md'), 'utf8')
const guide = readFileSync(join(repository, 'docs/guides/prove-a-google-cloud-backup.md'), 'utf8')

/** What a command line can give; the bucket stands in the URI, others are no text, and commands list no versions. */
const BY_COMMAND: Record<
  Exclude<keyof GcsSourceOptions, 'bucket' | 'prefix' | 'client' | 'credentials' | 'authClient' | 'softDeleted'>,
  true
> = {
  projectId: true,
  keyFile: true,
  anonymous: true,
  endpoint: true,
  userProject: true,
  customerKey: true,
  requestTimeoutMs: true,
  listConcurrency: true,
  prices: true,
}
const BY_PROGRAM: Record<Exclude<keyof GcsSourceOptions, keyof typeof BY_COMMAND>, true> = {
  bucket: true,
  prefix: true,
  client: true,
  credentials: true,
  authClient: true,
  softDeleted: true,
}

const codesIn = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1]!)

/** `{ bucket: 'backups' }` as the page writes it, read as JSON. */
const optionsOf = (text: string): ReadOnlyPolicyOptions =>
  JSON.parse(text.replaceAll("'", '"').replace(/([{,]\s*)(\w+): /g, '$1"$2": ')) as ReadOnlyPolicyOptions

/** Permissions of the custom role, and the roles that are bound besides it. */
const accessOf = (...features: readonly GcsFeature[]): readonly string[] => {
  const { customRole, bindings } = readOnlyPolicy({ bucket: 'backups', features, userProject: 'my-project' })
  return [...customRole.includedPermissions, ...bindings.map(({ role }) => role).filter((role) => role !== 'custom')]
}

const sourcesOf = (folder: string): string =>
  readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(repository, folder, file), 'utf8'))
    .join('\n')

describe('the page of permissions', () => {
  it('shows what readOnlyPolicy() gives, word for word', () => {
    const examples = [...page.matchAll(/```ts\nreadOnlyPolicy\((.+?)\)\n```\n+(?:[^`\n].*\n+)*```json\n(.+?)```/gs)]
    expect(examples).toHaveLength(page.split('```json').length - 1)
    expect(examples.length).toBeGreaterThanOrEqual(4)
    for (const [, options, policy] of examples) {
      expect(JSON.parse(policy!), options).toEqual(readOnlyPolicy(optionsOf(options!)))
    }
  })

  it('names the roles of Google, and how to make the custom one', () => {
    const { builtIn } = readOnlyPolicy({ bucket: 'backups' })
    expect(builtIn).toHaveLength(1)
    expect(page).toContain(`--role ${builtIn[0]!.role}\n`)
    expect(page).toContain('`customRole`')
  })

  it('tells what each feature adds', () => {
    const base = accessOf('compare')
    const table = page.slice(page.indexOf('| feature |'), page.indexOf('## Which requests'))
    const rows = [...table.matchAll(/^\| (`.+?) \| (.+?) \|/gm)]
    const told = new Map(
      rows.flatMap(([, names, adds]) => codesIn(names!).map((name) => [name, codesIn(adds!)] as const)),
    )
    const features = ['compare', 'preflight', 'requester-pays', 'verify', 'versions'] as const satisfies GcsFeature[]
    expect([...told.keys()].sort()).toEqual(features)
    for (const feature of features) {
      const added = accessOf(feature).filter((one) => !base.includes(one))
      expect(told.get(feature), feature).toEqual(added.length === 0 ? base : added)
    }
  })

  it('lists every request that there is, with what it needs', () => {
    const requests = readFileSync(join(import.meta.dirname, '../src/client/requests.ts'), 'utf8')
    const sent = [...requests.matchAll(/'((?:buckets|objects)\.\w+)'/g)].map((match) => match[1]!)
    const table = page.slice(page.indexOf('| request |'))
    const rows = [...table.matchAll(/^\| ([\w.]+) \| `(.+?)` \|/gm)]
    expect(rows.map(([, name]) => name!).sort()).toEqual([...new Set(sent)].sort())
    for (const [, name, needs] of rows) expect(needs, name).toBe(permissionOf(name!))
  })
})

describe('the guide', () => {
  it('names every option that a command line can give, and no other', () => {
    const [table = ''] = /^\| `--with` \|[\s\S]+?\n\n/m.exec(guide) ?? []
    const named = [...table.matchAll(/`(\w+)=[^`]*`/g)].map((match) => match[1])
    expect(named.sort()).toEqual(Object.keys(BY_COMMAND).sort())
  })

  it('shows the options of programs', () => {
    for (const name of Object.keys(BY_PROGRAM)) expect(guide, name).toMatch(new RegExp(`\\b${name}(?:: | \\})`))
  })

  it('quotes messages as they are written', () => {
    const written = sourcesOf('packages/provider-gcp/src') + sourcesOf('packages/core/src/object-store')
    const table = guide.slice(guide.indexOf('| message or code |'))
    const quoted = [...table.matchAll(/^\| (`.+?) \|/gm)].flatMap(([, cell]) => codesIn(cell!))
    const messages = quoted.filter((text) => text.includes(' '))
    expect(messages.length).toBeGreaterThanOrEqual(10)
    const pieces = messages.flatMap((message) => message.split('...').map((piece) => piece.trim()))
    expect(pieces.filter((piece) => !written.includes(piece))).toEqual([])
  })
})

describe('the page about checks', () => {
  it('tells what this provider tries beyond what is tried with any source', () => {
    const tried = readFileSync(join(repository, 'docs/guides/check-a-place.md'), 'utf8')
    const general = tried.slice(tried.indexOf('| check | what'), tried.indexOf('A source that is read'))
    const own = tried.slice(tried.indexOf('| check | `s3://`'), tried.indexOf('`--json`'))
    const rows = own.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
    const column = rows[0]!.indexOf('`gs://`')
    const told = rows.filter((cells) => /^`/.test(cells[1] ?? '') && cells[column] !== '').map((cells) => cells[1])
    const sources = sourcesOf('packages/provider-gcp/src/preflight')
    const ids = [...sources.matchAll(/\bid: '([\w-]+)'/g)].map((match) => `\`${match[1]}\``).concat('`clock`')
    const expected = [...new Set(ids)].filter((id) => !general.includes(id))
    expect(expected.length).toBeGreaterThanOrEqual(5)
    expect(told.sort()).toEqual(expected.sort())
  })
})
